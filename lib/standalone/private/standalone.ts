import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Problems } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { ownerObjects, resolveOwner } from '../../machines/owner-objects';
import { certificateObjects } from '../certificate-files';
import type { EnvoySpec } from '../envoy/spec';
import type { StandaloneEnvoyProps } from '../standalone-envoy-props';
import type { SharedProps } from './clients';
import { takenCalls } from './inbound';
import { checkInboundPlan, type InboundPlan, inboundObjects, resolveInboundPlan } from './inbound-objects';
import {
  certificateOwner,
  certificatesOf,
  checkMachine,
  type MachineOwner,
  type MachineProps,
  resolveMachine,
} from './machine';

/** Properties of one machine, or of several that others share. */
export type AnyEnvoyProps = StandaloneEnvoyProps & SharedProps;

/** An Envoy without a control plane: what it is, and what the cluster and the mesh are told of it. */
export interface ResolvedStandalone {
  readonly props: AnyEnvoyProps;
  readonly owner: MachineOwner;
  readonly spec: EnvoySpec;
  /** What the mesh is told of it, if the mesh calls it. */
  readonly inbound: InboundPlan | undefined;
}

/** Fills in every default. Total, as all that it is made of. */
export function resolveStandalone(
  props: AnyEnvoyProps,
  id: string,
  chartNamespace: string,
  program: Registry,
): ResolvedStandalone {
  const name = props.name ?? id;
  const owner = { name, ...resolveOwner(props, { namespace: chartNamespace, serviceAccount: name }) };
  const spec = resolveMachine(machineOf(props), owner, program);
  const inboundOwner = { ...owner, identity: spec.identity, mesh: props.mesh };
  return { props, owner, spec, inbound: props.inbound && resolveInboundPlan(props.inbound, inboundOwner) };
}

/** Everything about the properties that Envoy or the mesh would refuse, or take and do something else. */
export function checkStandalone(problems: Problems, resolved: ResolvedStandalone, program: Registry): void {
  const { props, owner, spec, inbound } = resolved;
  checkMachine(problems, machineOf(props), owner, spec, program);
  if (inbound !== undefined) checkInboundPlan(problems.at('inbound'), inbound);
}

/** The identity and its certificate in the cluster, by the ids of their constructs. */
export function standaloneObjects(resolved: ResolvedStandalone): Readonly<Record<string, KubernetesObject>> {
  const { props, owner, spec, inbound } = resolved;
  return {
    ...ownerObjects(props, owner),
    ...(inbound && inboundObjects(inbound)),
    ...certificateObjects(certificatesOf(props), certificateOwner(owner, spec)),
  };
}

function machineOf({ inbound, ...props }: AnyEnvoyProps): MachineProps {
  return { ...props, inbound: inbound && takenCalls(inbound) };
}
