import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { IMeshVm } from '../machines/references';
import type { MeshVmProps } from './mesh-vm-props';
import { planMeshVm } from './private/mesh-vm';
import shapes from './shapes.json';

/**
 * One machine with a fixed address, and the Services over it. For machines that come and go use MeshVmGroup; for a fixed
 * machine behind the Services of a group, `MeshVmGroup.addMachine`.
 *
 * @example
 * new MeshVm(chart, 'ledger-db', {
 *   mesh,
 *   address: '10.20.7.12',
 *   ports: [{ name: 'tcp-postgres', port: 5432 }],
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
    const spec = readSpec(this.node.path, props, shapes, 'MeshVmProps');
    const { member, serviceHosts, objects } = planMeshVm(spec, placeOf(this));
    this.machineName = member.name;
    this.namespace = member.namespace;
    this.serviceAccount = member.serviceAccount;
    this.labels = member.labels;
    this.serviceHosts = serviceHosts;

    emitAll(this, objects);
  }
}
