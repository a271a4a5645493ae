import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../../core/kubernetes-object';
import { checkMeshVm, meshVmObjects, resolveMeshVm } from '../../../groups/private/mesh-vm';
import { checkSelection, declareMachine } from '../../../machines/declared-members';
import type { Member } from '../../../machines/member';
import { checkWaysOfServices } from '../../../machines/ways-in';
import { ArgumentProblems } from '../../core/arguments';
import { withoutAwait } from '../../core/await';
import { type Plan, plan } from '../../core/plan';
import { programRegistry } from '../../core/program';
import { machinePropsOf } from '../../machines/convert/machines';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import type { MeshVmArgs } from '../mesh-vm-args';

/** All that a single machine consists of. */
export interface PlannedMachine {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly machineName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceHosts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** For components that refer to the machine. */
  readonly machines: Member;
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planMeshVm(name: string, args: MeshVmArgs): Plan<PlannedMachine> {
  return plan(args, (known, run) => {
    const { address, sidecar, ...machineArgs } = known as pulumi.Unwrap<MeshVmArgs>;
    const problems = new ArgumentProblems(run);
    const mesh = meshOrStandIn(problems, machineArgs.mesh);
    const props = { ...machinePropsOf(problems, machineArgs, mesh, name), address, sidecar };
    const machine = resolveMeshVm(props, name, '');
    checkMeshVm(problems.problems, props, machine);
    const program = programRegistry();
    if (run.first) {
      checkSelection(problems.problems, program, machine);
      checkWaysOfServices(problems.problems, program, machine);
    }
    problems.throwIfAny(`MeshVm ${name}`);
    if (run.first) declareMachine(program, name, machine);
    return {
      objects: withoutAwait(meshVmObjects(props, machine)),
      machineName: machine.name,
      namespace: machine.namespace,
      serviceAccount: machine.serviceAccount,
      serviceHosts: machine.services.map((service) => `${service.name}.${machine.namespace}.svc.cluster.local`),
      labels: machine.labels,
      machines: machine,
    };
  });
}
