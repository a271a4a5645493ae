import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../manifests/kubernetes-object';
import { workloadGroup } from '../../manifests/workload-group';
import type { Mesh } from '../../mesh';
import { bootstrapObjects, checkBootstrap, type GroupBootstrapProps } from '../../private/bootstrap';
import { Environment } from '../../private/environment';
import { machineObjects } from '../../private/machine-objects';
import { checkMachines, resolveMachines } from '../../private/machines';
import { renderUserData } from '../../private/user-data';
import { Probe } from '../../probe';
import type { GatewayReferenceArgs, MeshVmGroupArgs } from '../mesh-vm-group';
import { ArgumentProblems } from './arguments';
import { withoutAwait } from './await';
import { bootstrapPropsOf } from './convert/bootstrap';
import { identityOf } from './convert/identity';
import { machinePropsOf } from './convert/machines';
import { meshOf } from './convert/mesh';
import { userDataPropsOf } from './convert/user-data';
import { type Plan, plan, type Run } from './plan';
import { scopeOf } from './program';

/** All that a group of machines consists of. */
export interface PlannedGroup {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly groupName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceHosts: readonly string[];
  readonly spiffeId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bootstrapSubject: { readonly kind: string; readonly name: string } | undefined;
  readonly userData: string | undefined;
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planGroup(component: string, name: string, args: MeshVmGroupArgs): Plan<PlannedGroup> {
  const { gateway, ...others } = args;
  // A component is a gateway, too: only what is needed of it is data.
  const data = { ...others, gateway: gateway && { serviceName: gateway.serviceName, namespace: gateway.namespace } };
  return plan(data, (known, run) => buildGroup(component, name, known as pulumi.Unwrap<MeshVmGroupArgs>, run));
}

function buildGroup(component: string, name: string, args: pulumi.Unwrap<MeshVmGroupArgs>, run: Run): PlannedGroup {
  const problems = new ArgumentProblems();
  const mesh = meshOf(problems, args.mesh);
  const common = machinePropsOf(problems, args, mesh);
  const { probe: probeArgs, identity: identityArgs, bootstrap: bootstrapArgs } = args;
  const probe = probeArgs && problems.convert('probe', () => Probe.fromKubernetes(probeArgs));
  const identity = identityArgs && identityOf(problems, identityArgs);
  const bootstrap = bootstrapArgs && bootstrapPropsOf(problems, bootstrapArgs);
  if (mesh === undefined || common === undefined) {
    problems.throwIfAny(`${component} ${name}`);
    throw new Error('unreachable: a part is missing for which no problem was noted');
  }
  const gateway = args.gateway && gatewayOf(mesh, args.gateway);
  const props = { ...common, mesh, probe, identity, bootstrap, gateway } satisfies GroupBootstrapProps;
  const machines = resolveMachines(props, name, '');
  checkMachines(problems.problems, props, machines);
  checkBootstrap(problems.problems, identityArgs === undefined ? props : { ...props, identity }, machines);
  const environment = Environment.of(scopeOf(name));
  if (run.first) {
    environment.checkGroup(problems.problems, machines);
    environment.checkSelection(problems.problems, machines);
  }
  const told = args.userData && userDataPropsOf(problems, args.userData);
  const userData =
    told && (run.later ?? problems.convert('userData', () => renderUserData('userData', machines, identity, told)));
  problems.throwIfAny(`${component} ${name}`);
  if (run.first) environment.declareGroup(name, machines);

  const subject = identity?.subjectOf(machines.namespace, machines.name);
  return {
    objects: {
      ...withoutAwait(machineObjects(props, machines, workloadGroup(machines, props.probe?.spec))),
      ...(identity === undefined ? {} : bootstrapObjects(props, identity, machines)),
    },
    groupName: machines.name,
    namespace: machines.namespace,
    serviceAccount: machines.serviceAccount,
    serviceHosts: machines.services.map((service) => `${service.name}.${machines.namespace}.svc.cluster.local`),
    spiffeId: mesh.spiffeId(machines.namespace, machines.serviceAccount),
    labels: machines.labels,
    bootstrapSubject: subject && { kind: subject.kind, name: subject.name },
    userData,
  };
}

function gatewayOf(mesh: Mesh, args: pulumi.Unwrap<GatewayReferenceArgs>): GroupBootstrapProps['gateway'] {
  const { serviceName, namespace = mesh.controlPlaneNamespace } = args;
  return { mesh, serviceName, namespace, node: { path: serviceName } };
}
