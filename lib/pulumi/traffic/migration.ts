import * as pulumi from '@pulumi/pulumi';
import { planMigration } from '../../traffic/private/migration';
import shapes from '../../traffic/shapes.json';
import { registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { MigrationArgs } from './migration-args';

/**
 * An application that moves from machines to pods or back, under one host: a DestinationRule with the subsets `machines` and `pods`, and
 * a VirtualService that shares the traffic of the host between them; those of the cdk8s construct of the same name. A step changes a
 * number in the VirtualService and nothing else.
 *
 * Neither pods nor machines are made or removed: each side must be there, and healthy, before it gets a share, and callers get 503 from
 * a side that isn't. Callers without a sidecar know nothing of shares: theirs go to any pod or machine behind the Service.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class Migration extends pulumi.ComponentResource {
  /** Hosts that the migration is about. */
  public readonly hosts!: pulumi.Output<string[]>;
  /** Namespace of the objects. */
  public readonly namespace!: pulumi.Output<string>;

  public constructor(name: string, args: MigrationArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, { component: 'Migration', shapes, plan: planMigration });
    const { shape } = planned;
    super('meshvm:index:Migration', name, {}, options);
    registerObjects(this, name, planned, options);

    this.hosts = pulumi.output([...shape.hosts]);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ hosts: this.hosts, namespace: this.namespace });
  }
}
