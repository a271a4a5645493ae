import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import { checkSelection, declareMachine } from '../machines/declared-members';
import type { IMeshVm } from '../machines/references';
import { checkWaysOfServices } from '../machines/ways-in';
import type { MeshVmProps } from './mesh-vm-props';
import { checkMeshVm, meshVmObjects, resolveMeshVm } from './private/mesh-vm';

/**
 * One machine with a fixed address, and the Services over it. For machines that come and go use MeshVmGroup; for a fixed
 * machine behind the Services of a group, `MeshVmGroup.addMachine`.
 *
 * @example
 * new MeshVm(chart, 'ledger-db', {
 *   mesh,
 *   address: '10.20.7.12',
 *   ports: [{ name: 'tcp-postgres', port: 5432 }],
 *   probe: Probe.tcpSocket(5432),
 *   network: Network.flat(['10.20.0.0/16']),
 * });
 * @throws ValidationError with every problem of the properties.
 */
export class MeshVm extends Construct implements IMeshVm {
  /** Name of the WorkloadEntry. */
  public readonly machineName: string;
  /** Namespace of the machine. */
  public readonly namespace: string;
  /** ServiceAccount that the machine runs as. */
  public readonly serviceAccount: string;
  /** Labels of the machine. */
  public readonly labels: Readonly<Record<string, string>>;
  /** Hosts of the machine's Services inside the cluster. */
  public readonly serviceHosts: readonly string[];

  public constructor(scope: Construct, id: string, props: MeshVmProps) {
    super(scope, id);
    const machine = resolveMeshVm(props, id, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    checkMeshVm(problems, props, machine);
    const program = Registry.ofProgram(this);
    checkSelection(problems, program, machine);
    checkWaysOfServices(problems, program, machine);
    problems.throwIfAny(this.node.path);
    declareMachine(program, this.node.path, machine);

    this.machineName = machine.name;
    this.namespace = machine.namespace;
    this.serviceAccount = machine.serviceAccount;
    this.labels = machine.labels;
    this.serviceHosts = machine.services.map(({ name }) => `${name}.${machine.namespace}.svc.cluster.local`);

    emitAll(this, meshVmObjects(props, machine));
  }
}
