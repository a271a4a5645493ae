import * as pulumi from '@pulumi/pulumi';
import { registerObjects } from '../core/private/children';
import type { GroupReferenceArgs } from '../machines/reference-args';
import { planCanaryRelease } from './private/canary-release-plan';
import type { RequestMatchArgs } from './request-match-args';
import type { RetriesArgs } from './retries-args';
import type { HostTrafficArgs } from './traffic-settings-args';
import type { TrafficTargetArgs } from './traffic-target-args';

/** The share of a version. */
export interface VersionShareArgs {
  /** Group whose machines run the version. */
  readonly group: GroupReferenceArgs;

  /** Percentage of the traffic, a whole number. With 0 the version is known, and gets nothing but what `routes` send. */
  readonly percent: number;
}

/** Requests that go to one version, whatever its share. */
export interface VersionRouteArgs {
  /** Which requests. */
  readonly match: RequestMatchArgs;

  /** Group that gets them. */
  readonly group: GroupReferenceArgs;
}

/** A version that gets copies of requests. Callers never see its answers. */
export interface VersionMirrorArgs {
  /** Group that gets the copies. */
  readonly group: GroupReferenceArgs;

  /**
   * Percentage of the requests that are copied.
   * @default 100
   */
  readonly percent?: number;
}

/** Arguments of CanaryRelease. */
export interface CanaryReleaseArgs {
  /**
   * The versions: groups with the same `canonicalService` that stand behind the same Services. Together 100 percent. Groups that only
   * `routes` or `mirror` name need not be here.
   */
  readonly versions: VersionShareArgs[];

  /**
   * Whose callers the release is about. Needed where no version is a MeshVmGroup of the program with Services.
   * @default - the Services of the version that has them
   */
  readonly target?: TrafficTargetArgs;

  /**
   * Requests that go to one version whatever its share, first match first. For HTTP and gRPC.
   * @default []
   */
  readonly routes?: VersionRouteArgs[];

  /**
   * A version that gets copies of the requests which no route matches. For HTTP and gRPC; requests that change something are copied
   * too.
   * @default - none
   */
  readonly mirror?: VersionMirrorArgs;

  /**
   * Seconds until the caller gets an error, all attempts together. For HTTP and gRPC; it cuts streams too.
   * @default - none
   */
  readonly timeoutSeconds?: number;

  /**
   * How often and when requests are tried again. For HTTP and gRPC.
   * @default - what the mesh says, as a rule 2 attempts after the first
   */
  readonly retries?: RetriesArgs;

  /**
   * What a TrafficPolicy would say of the same hosts, of which there is one DestinationRule alone.
   * @default {}
   */
  readonly traffic?: HostTrafficArgs;
}

/**
 * The traffic of an application shared out among its versions: a DestinationRule with a subset for each version, and a VirtualService,
 * for each host; those of the cdk8s construct of the same name. Both have the name of the Service.
 *
 * On ports of TCP connections are shared out; all else is for HTTP and gRPC. Callers without a sidecar know nothing of it: theirs go to
 * any machine of any version. A share is one of all requests, not of users: use a cookie route for those.
 *
 * A version whose group has no healthy machine gets its share all the same, and callers get 503.
 */
export class CanaryRelease extends pulumi.ComponentResource {
  /** Hosts that the release is about. */
  public readonly hosts!: pulumi.Output<string[]>;
  /** Namespace of the objects. */
  public readonly namespace!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: CanaryReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    const { shape } = planCanaryRelease(name, args);
    super('meshvm:index:CanaryRelease', name, {}, options);
    registerObjects(this, name, shape.objects, options);

    this.hosts = pulumi.output([...shape.hosts]);
    this.namespace = pulumi.output(shape.namespace);
    this.registerOutputs({ hosts: this.hosts, namespace: this.namespace });
  }
}
