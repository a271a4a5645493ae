import * as pulumi from '@pulumi/pulumi';
import { type Fact, FactKind, Registry } from '../../core/registry';
import { MutualTls } from '../access/mutual-tls';
import type { GroupMutualTlsArgs } from '../access/mutual-tls-args';
import { knownOutput } from '../core/known-output';
import { registerObjects } from '../core/register-objects';
import { rememberMember } from '../machines/references';
import type { MeshArgs } from '../mesh/mesh-args';
import { planGroup, takePreparedGroup } from './group-plan';
import type { MeshVmGroupArgs } from './mesh-vm-group-args';

/**
 * Machines that run one version of one application and join the mesh by themselves: the Namespace, the ServiceAccount that is their
 * identity, the WorkloadGroup that istiod registers them by, the Services over them, and how they join. Each Kubernetes object is a
 * resource of its own.
 *
 * The objects are those of the cdk8s construct of the same name, but for one annotation: Pulumi must not wait for the pods of a Service
 * over machines.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class MeshVmGroup extends pulumi.ComponentResource {
  /** Name of the WorkloadGroup. */
  public readonly groupName!: pulumi.Output<string>;
  /** Namespace of the group. */
  public readonly namespace!: pulumi.Output<string>;
  /** ServiceAccount that the machines run as. */
  public readonly serviceAccount!: pulumi.Output<string>;
  /** SPIFFE identity of the machines. */
  public readonly spiffeId!: pulumi.Output<string>;
  /** Host of the group's first Service inside the cluster; empty without Services. */
  public readonly host!: pulumi.Output<string>;
  /** Hosts of all the group's Services inside the cluster. */
  public readonly serviceHosts!: pulumi.Output<string[]>;
  /** Labels that each machine carries. */
  public readonly labels!: pulumi.Output<Record<string, string>>;
  /** Kind of the subject that the API server takes the machines for: `User`, `Group` or `ServiceAccount`; empty without an identity. */
  public readonly bootstrapSubjectKind!: pulumi.Output<string>;
  /** Name of that subject; empty without an identity. An EKS access entry gives it to the machines' role. */
  public readonly bootstrapSubjectName!: pulumi.Output<string>;
  /** What a new machine is told at its first boot; empty unless `userData` was given. */
  public readonly userData!: pulumi.Output<string>;

  public constructor(name: string, args: MeshVmGroupArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = takePreparedGroup(args) ?? planGroup('MeshVmGroup', name, args);
    const { shape, result } = planned;
    super('meshvm:index:MeshVmGroup', name, {}, options);
    rememberMember(this, shape.path, shape.member);
    Registry.of(this).declare(MESH, name, args.mesh);
    registerObjects(this, name, planned, options, args.mesh);

    this.groupName = knownOutput(shape.member.name);
    this.namespace = knownOutput(shape.member.namespace);
    this.serviceAccount = knownOutput(shape.member.serviceAccount);
    this.spiffeId = pulumi.output(shape.spiffeId);
    this.host = pulumi.output(shape.serviceHosts[0] ?? '');
    this.serviceHosts = pulumi.output([...shape.serviceHosts]);
    this.labels = pulumi.output({ ...shape.member.labels });
    this.bootstrapSubjectKind = pulumi.output(shape.bootstrapSubject?.kind ?? '');
    this.bootstrapSubjectName = pulumi.output(shape.bootstrapSubject?.name ?? '');
    this.userData = args.userData === undefined ? pulumi.output('') : result.apply((known) => known.userData ?? '');
    this.registerOutputs({
      groupName: this.groupName,
      namespace: this.namespace,
      serviceAccount: this.serviceAccount,
      spiffeId: this.spiffeId,
      host: this.host,
      serviceHosts: this.serviceHosts,
      labels: this.labels,
      bootstrapSubjectKind: this.bootstrapSubjectKind,
      bootstrapSubjectName: this.bootstrapSubjectName,
      userData: this.userData,
    });
  }

  /**
   * Lets the group's machines take mutual TLS alone, but for the ports that `args` names: a MutualTls of the component's name and
   * `-mutual-tls`. The sidecar keeps the promise only while it runs: see MutualTls.
   *
   * @throws InputPropertiesError with everything that is wrong with the arguments, and when the group has a policy already.
   */
  public requireMutualTls(args: GroupMutualTlsArgs = {}): MutualTls {
    const { path: name, value: mesh } = Registry.of(this).first(MESH) as Fact<MeshArgs>;
    return new MutualTls(`${name}-mutual-tls`, { ...args, mesh, target: { group: this } }, { parent: this });
  }
}

const MESH = new FactKind<MeshArgs>('mesh of a group');
