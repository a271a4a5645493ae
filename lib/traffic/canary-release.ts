import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { CanaryReleaseProps } from './canary-release-props';
import { planCanaryRelease } from './private/canary-release';
import shapes from './shapes.json';

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
    const spec = readSpec(this.node.path, props, shapes, 'CanaryReleaseProps');
    const planned = planCanaryRelease(spec, placeOf(this));

    this.hosts = planned.hosts;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
