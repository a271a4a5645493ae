import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { claim } from '../core/claims';
import { emitAll } from '../core/emit';
import { byKind } from '../core/object-ids';
import { Problems } from '../core/problems';
import type { IMeshVmGroup } from '../groups/mesh-vm-group';
import { Environment } from '../machines/private/environment';
import { destinationRule } from './manifests/destination-rule';
import { virtualService } from './manifests/virtual-service';
import { checkCanaryRelease, releaseOf } from './private/canary-release';
import { resolveRelease } from './private/release';
import { ruleClaim } from './private/traffic-policy';
import type { RequestMatch } from './request-match';
import type { Retries } from './retries';
import type { HostTraffic } from './traffic-settings';
import type { TrafficTarget } from './traffic-target';

/** The share of a version. */
export interface VersionShare {
  /** Group whose machines run the version. */
  readonly group: IMeshVmGroup;

  /** Percentage of the traffic, a whole number. With 0 the version is known, and gets nothing but what `routes` send. */
  readonly percent: number;
}

/** Requests that go to one version, whatever its share. */
export interface VersionRoute {
  /** Which requests. */
  readonly match: RequestMatch;

  /** Group that gets them. */
  readonly group: IMeshVmGroup;
}

/** A version that gets copies of requests. Callers never see its answers. */
export interface VersionMirror {
  /** Group that gets the copies. */
  readonly group: IMeshVmGroup;

  /**
   * Percentage of the requests that are copied.
   * @default 100
   */
  readonly percent?: number;
}

/** Properties of CanaryRelease. */
export interface CanaryReleaseProps {
  /**
   * The versions: groups with the same `canonicalService` that stand behind the same Services. Together 100 percent. Groups that only
   * `routes` or `mirror` name need not be here.
   */
  readonly versions: readonly VersionShare[];

  /**
   * Whose callers the release is about.
   * @default - the Services of the version that has them
   */
  readonly target?: TrafficTarget;

  /**
   * Requests that go to one version whatever its share, first match first. For HTTP and gRPC.
   * @default []
   */
  readonly routes?: readonly VersionRoute[];

  /**
   * A version that gets copies of the requests which no route matches. For HTTP and gRPC; requests that change something are copied
   * too.
   * @default - none
   */
  readonly mirror?: VersionMirror;

  /**
   * Seconds until the caller gets an error, all attempts together. For HTTP and gRPC; it cuts streams too.
   * @default - none
   */
  readonly timeoutSeconds?: number;

  /**
   * How often and when requests are tried again. For HTTP and gRPC.
   * @default - what the mesh says, as a rule 2 attempts after the first
   */
  readonly retries?: Retries;

  /**
   * What a TrafficPolicy would say of the same hosts, of which there is one DestinationRule alone.
   * @default {}
   */
  readonly traffic?: HostTraffic;
}

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
 */
export class CanaryRelease extends Construct {
  /** Hosts that the release is about. */
  public readonly hosts: readonly string[];
  /** Namespace of the objects. */
  public readonly namespace: string;

  /** @throws ValidationError with every problem of the properties, and when another construct has the rule of a host. */
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
