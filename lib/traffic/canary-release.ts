import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { claim } from '../core/claims';
import { emitAll } from '../core/emit';
import { byKind } from '../core/object-ids';
import { Problems } from '../core/problems';
import { Environment } from '../machines/environment';
import type { CanaryReleaseProps } from './canary-release-props';
import { destinationRule } from './manifests/destination-rule';
import { virtualService } from './manifests/virtual-service';
import { checkCanaryRelease, releaseOf } from './private/canary-release';
import { resolveRelease } from './private/release';
import { ruleClaim } from './private/traffic-policy';

/**
 * The traffic of an application shared out among its versions: a DestinationRule with a subset for each version, and a VirtualService,
 * for each host. Both have the name of the Service.
 *
 * On ports of TCP connections are shared out; all else is for HTTP and gRPC. Callers without a sidecar know nothing of it: theirs go to
 * any machine of any version. A share is one of all requests, not of users: use a cookie route for those.
 *
 * A version whose group has no healthy machine gets its share all the same, and callers get 503.
 *
 * @example
 * new CanaryRelease(chart, 'release', {
 *   versions: [{ group: stable, percent: 90 }, { group: canary, percent: 10 }],
 *   routes: [{ match: RequestMatch.header('x-canary', 'true'), group: canary }],
 * });
 * @throws ValidationError with every problem of the properties, and when another construct has the rule of a host.
 */
export class CanaryRelease extends Construct {
  /** Hosts that the release is about. */
  public readonly hosts: readonly string[];
  /** Namespace of the objects. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const release = releaseOf(props);
    const plan = resolveRelease(release, Chart.of(this).namespace ?? '', environment);
    const problems = new Problems();
    checkCanaryRelease(problems, this, environment, props, release, plan);
    problems.throwIfAny(this.node.path);
    for (const { host } of plan.hosts) claim(this, ruleClaim(plan.namespace, host));

    this.hosts = plan.hosts.map(({ host }) => host);
    this.namespace = plan.namespace;

    // Rules first: a route to a subset that is not there yet answers 503.
    emitAll(this, byKind([...plan.rules.map(destinationRule), ...plan.services.map(virtualService)]));
  }
}
