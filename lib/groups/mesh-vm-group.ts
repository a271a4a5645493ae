import { Construct } from 'constructs';
import { AuthorizationPolicy } from '../access/authorization-policy';
import type { AllowFromProps } from '../access/authorization-policy-props';
import type { Caller } from '../access/caller';
import { callerName } from '../access/caller-checks';
import { DenyByDefault } from '../access/deny-by-default';
import { MutualTls } from '../access/mutual-tls';
import type { GroupMutualTlsProps } from '../access/mutual-tls-props';
import { RequestAuthentication } from '../access/request-authentication';
import type { GroupRequestAuthenticationProps } from '../access/request-authentication-props';
import accessShapes from '../access/shapes.json';
import { WorkloadTarget } from '../access/workload-target';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import { joiningOf } from '../join/bootstrap-objects';
import type { JoinScriptProps } from '../join/join-script';
import { kubernetesSubjectOf } from '../join/known-identity';
import type { KubernetesSubject } from '../join/kubernetes-subject';
import { renderJoinScript } from '../join/render-join-script';
import { renderUserData } from '../join/render-user-data';
import joinShapes from '../join/shapes.json';
import type { UserDataProps } from '../join/user-data';
import { GroupNamespace } from '../machines/group-namespace';
import { GroupServiceAccount } from '../machines/group-service-account';
import type { Member } from '../machines/member';
import type { IMeshVmGroup } from '../machines/references';
import type { Mesh } from '../mesh/mesh';
import { MeshVm } from './mesh-vm';
import type { GroupMachineProps, MeshVmGroupProps } from './mesh-vm-group-props';
import { checkFixedMachine } from './private/fixed-machine';
import { planMeshVmGroup } from './private/mesh-vm-group';
import { watchOtherWorkloads } from './private/other-workloads';
import shapes from './shapes.json';

/**
 * Machines that run one version of one application and join the mesh by themselves: the Namespace, the ServiceAccount that is their
 * identity, the WorkloadGroup that istiod registers them by, and the Services over them. The group owns its labels, ports and
 * Services, so that they can't disagree.
 *
 * Two groups with the same `canonicalService` and different `version`s stand behind the Services of the first; the second says
 * `services: []`.
 *
 * @example
 * const group = new MeshVmGroup(chart, 'payment-service', {
 *   mesh,
 *   ports: [{ name: 'http', port: 8080 }],
 *   probe: Probe.httpGet('/healthz', { port: 8080 }),
 *   network: Network.flat(['10.20.0.0/16']),
 * });
 * @throws ValidationError with every problem of the properties.
 */
export class MeshVmGroup extends Construct implements IMeshVmGroup {
  /** The mesh that the machines join. */
  public readonly mesh: Mesh;
  /** Name of the WorkloadGroup. */
  public readonly groupName: string;
  /** Namespace of the group. */
  public readonly namespace: string;
  /** ServiceAccount that the machines run as. */
  public readonly serviceAccount: string;
  /** Labels that each machine carries. */
  public readonly labels: Readonly<Record<string, string>>;

  /** Hosts of the group's Services inside the cluster. */
  public readonly serviceHosts: readonly string[];
  /** SPIFFE identity of the group's machines. */
  public readonly spiffeId: string;

  private readonly spec: MeshVmGroupProps;
  private readonly member: Member;

  public constructor(scope: Construct, id: string, props: MeshVmGroupProps) {
    super(scope, id);
    this.spec = readSpec(this.node.path, props, shapes, 'MeshVmGroupProps');
    const { member, serviceHosts, spiffeId, objects } = planMeshVmGroup(this.spec, placeOf(this));
    this.member = member;
    this.mesh = this.spec.mesh;
    this.groupName = member.name;
    this.namespace = member.namespace;
    this.serviceAccount = member.serviceAccount;
    this.labels = member.labels;
    this.serviceHosts = serviceHosts;
    this.spiffeId = spiffeId;

    emitAll(this, objects);
    watchOtherWorkloads(this, this.spec, member);
  }

  /**
   * Who the API server takes the machines for, such as the group that an EKS access entry must give their role; undefined without an
   * identity.
   */
  public get bootstrapSubject(): KubernetesSubject | undefined {
    const { identity } = this.spec;
    return identity && kubernetesSubjectOf(identity, this.namespace, this.groupName);
  }

  /**
   * What a new machine of the group is told at its first boot, for a launch template or for any way you make machines. It holds where
   * the cluster is and how the machine proves who it is, and no secret.
   *
   * @throws ValidationError with every problem of the properties, and for a text above the limit of where it goes.
   */
  public userData(props: UserDataProps): string {
    const path = `${this.node.path}.userData`;
    const told = readSpec(path, props, joinShapes, 'UserDataProps');
    return renderUserData(path, this.member, joiningOf(this.spec), told);
  }

  /**
   * What a machine that runs already is told to join: a POSIX shell script to be run as root, as a file or from standard input
   * (`ssh vm sudo sh -s`). It does what user-data does, where the machine is not so yet, joins at once, and says what it changed;
   * with `--dry-run` it says what it would change. It holds no secret.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public joinScript(props: JoinScriptProps): string {
    const path = `${this.node.path}.joinScript`;
    const told = readSpec(path, props, joinShapes, 'JoinScriptProps');
    return renderJoinScript(path, this.member, joiningOf(this.spec), told);
  }

  /**
   * Adds a machine with a fixed address that doesn't register by itself: a WorkloadEntry with the group's labels, ports and
   * identity, behind the group's Services. In a group whose machines register themselves (`identity`), it is a machine without sidecar: one with
   * a sidecar and the group's files would register beside its fixed entry, and be in the mesh twice.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public addMachine(id: string, machine: GroupMachineProps): MeshVm {
    const path = `${this.node.path}.addMachine`;
    const { name = `${this.groupName}-${id}`, ...own } = readSpec(path, machine, shapes, 'GroupMachineProps');
    checkFixedMachine(path, this.spec, own);
    const { probe, identity, gateway, bootstrap, acknowledge, revokedServiceAccounts, ...common } = this.spec;
    return new MeshVm(this, id, {
      ...common,
      ...own,
      name,
      namespace: GroupNamespace.existing(this.namespace),
      serviceAccount: GroupServiceAccount.existing(this.serviceAccount),
      canonicalService: this.member.selector.app,
      services: [],
    });
  }

  /**
   * Lets the group's machines take mutual TLS alone, but for the ports that `props` names: a PeerAuthentication. The sidecar keeps the
   * promise only while it runs: see MutualTls.
   *
   * @throws ValidationError with every problem of the properties, and when the group has a policy already.
   */
  public requireMutualTls(props: GroupMutualTlsProps = {}): MutualTls {
    const path = `${this.node.path}.requireMutualTls`;
    return new MutualTls(this, this.unusedId('MutualTls'), {
      ...readSpec(path, props, accessShapes, 'GroupMutualTlsProps'),
      mesh: this.mesh,
      target: WorkloadTarget.group(this),
    });
  }

  /**
   * Lets a caller in, and nobody else whom no other policy lets in: an AuthorizationPolicy. Calls add up. But for callers by address,
   * plain text is refused: it has no identity.
   *
   * @example
   * group.allowFrom(Caller.serviceAccount('shop', 'checkout'), { methods: ['POST'], paths: ['/payments'] });
   *
   * @throws ValidationError with every problem of the properties, and for a caller that has a policy of the same name already.
   */
  public allowFrom(caller: Caller, props: AllowFromProps = {}): AuthorizationPolicy {
    const path = `${this.node.path}.allowFrom`;
    const from = readSpec(path, caller, accessShapes, 'Caller');
    const { name = `${this.groupName}-from-${callerName(from)}`, ...calls } = readSpec(
      path,
      props,
      accessShapes,
      'AllowFromProps',
    );
    return new AuthorizationPolicy(this, this.unusedId(name), {
      name,
      mesh: this.mesh,
      target: WorkloadTarget.group(this),
      rules: [{ ...calls, from: [from] }],
    });
  }

  /**
   * Refuses every call that no other policy lets in: an AuthorizationPolicy that allows nothing. After `allowFrom` it changes nothing;
   * see DenyByDefault for a whole namespace.
   */
  public denyByDefault(): DenyByDefault {
    return new DenyByDefault(this, this.unusedId('DenyByDefault'), {
      mesh: this.mesh,
      target: WorkloadTarget.group(this),
    });
  }

  /**
   * Verifies the tokens of an issuer: a RequestAuthentication. Requests without a token pass, until `allowFrom` demands one.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public authenticateRequests(props: GroupRequestAuthenticationProps): RequestAuthentication {
    const path = `${this.node.path}.authenticateRequests`;
    const { name = this.groupName, ...tokens } = readSpec(path, props, accessShapes, 'GroupRequestAuthenticationProps');
    return new RequestAuthentication(this, this.unusedId(`RequestAuthentication-${name}`), {
      ...tokens,
      name,
      mesh: this.mesh,
      target: WorkloadTarget.group(this),
    });
  }

  /** That an object is declared twice says more than that the construct's id is taken. */
  private unusedId(id: string): string {
    return this.node.tryFindChild(id) === undefined ? id : `${id}-second`;
  }
}
