import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { claim } from '../core/claims';
import { emitAll } from '../core/emit';
import { byKind } from '../core/object-ids';
import { Problems } from '../core/problems';
import { Environment } from '../machines/environment';
import { destinationRule } from './manifests/destination-rule';
import { virtualService } from './manifests/virtual-service';
import type { MigrationProps } from './migration-props';
import { checkMigration, migrationOf } from './private/migration';
import { resolveRelease } from './private/release';
import { ruleClaim } from './private/traffic-policy';

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
    const environment = Environment.of(this);
    const release = migrationOf(props);
    const plan = resolveRelease(release, Chart.of(this).namespace ?? '', environment);
    const problems = new Problems();
    checkMigration(problems, this, environment, props, release, plan);
    problems.throwIfAny(this.node.path);
    for (const { host } of plan.hosts) claim(this, ruleClaim(plan.namespace, host));

    this.hosts = plan.hosts.map(({ host }) => host);
    this.namespace = plan.namespace;

    // Rules first: a route to a subset that is not there yet answers 503.
    emitAll(this, byKind([...plan.rules.map(destinationRule), ...plan.services.map(virtualService)]));
  }
}
