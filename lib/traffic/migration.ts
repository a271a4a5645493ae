import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { MigrationProps } from './migration-props';
import { planMigration } from './private/migration';
import shapes from './shapes.json';

/**
 * An application that moves from machines to pods or back, under one host: a DestinationRule with the subsets `machines` and `pods`, and
 * a VirtualService that shares the traffic of the host between them. A step changes a number in the VirtualService and nothing else.
 *
 * Neither pods nor machines are made or removed: each side must be there, and healthy, before it gets a share, and callers get 503 from
 * a side that isn't. Callers without a sidecar know nothing of shares: theirs go to any pod or machine behind the Service.
 *
 * @example
 * new Migration(chart, 'move', {
 *   group,
 *   pods: { version: 'v2-pods' },
 *   direction: MigrationDirection.TO_PODS,
 *   step: MigrationStep.share(10),
 * });
 * @throws ValidationError with every problem of the properties, and when another construct has the rule of a host.
 */
export class Migration extends Construct {
  /** Hosts that the migration is about. */
  public readonly hosts: readonly string[];
  /** Namespace of the objects. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: MigrationProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'MigrationProps');
    const planned = planMigration(spec, placeOf(this));

    this.hosts = planned.hosts;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
