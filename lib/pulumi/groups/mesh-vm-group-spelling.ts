import type { IEastWestGateway } from '../../gateway/east-west-gateway-props';
import type { MeshVmGroupProps } from '../../groups/mesh-vm-group-props';
import type { UserDataProps } from '../../join/user-data';
import type { MachineProps } from '../../machines/machine-props';
import type { Mesh } from '../../mesh/mesh';
import type { ArgumentProblems } from '../core/arguments';
import type { UserDataSpelling } from '../join/user-data-props';
import { userDataSpec } from '../join/user-data-spelling';
import type { MachineSpelling } from '../machines/machine-spelling';
import { ownerSpec } from '../machines/owner-spelling';

/** Properties of MeshVmGroup. */
export interface MeshVmGroupSpelling extends MachineSpelling, Omit<MeshVmGroupProps, keyof MachineProps | 'gateway'> {
  /**
   * The gateway through which machines reach istiod: an EastWestGateway, or what is known of one. Needed with `identity`, unless the mesh
   * has `istiodAccess.dnsName`.
   * @default - none
   */
  readonly gateway?: GatewayReference;

  /**
   * What a new machine is told at its first boot: makes the output `userData`. Needs `identity`.
   * @default - no user-data
   */
  readonly userData?: UserDataSpelling;
}

/** A group in the words of the spec, and what its machines are told. */
export interface GroupSpec extends MeshVmGroupProps {
  readonly userData?: UserDataProps;
}

/**
 * An east-west gateway, as a group needs to know it. An EastWestGateway is one.
 * @args GatewayReferenceArgs
 */
export interface GatewayReference {
  /** Name of the Service whose address machines dial. */
  readonly serviceName: string;

  /**
   * Namespace of that Service.
   * @default - the control plane's
   */
  readonly namespace?: string;

  /**
   * What the gateway is called in messages.
   * @argsOmit
   */
  readonly node: {
    /** Name of the component or of the Service. */
    readonly path: string;
  };
}

/** What stands for the gateway among the arguments of a group. */
export function gatewayReference(value: object, path: string): object | undefined {
  if (path !== 'gateway') return undefined;
  const { serviceName, namespace } = value as GatewayReference;
  // A component has more, of which none is data.
  return { serviceName, namespace, node: { path: serviceName } };
}

/** Arguments of a group in the words of the spec. */
export function groupSpec(problems: ArgumentProblems, spelled: MeshVmGroupSpelling, component: string): GroupSpec {
  const { gateway, userData, ...same } = ownerSpec(problems, spelled, component);
  return {
    ...same,
    gateway: gateway && gatewaySpec(gateway, spelled.mesh),
    userData: userData && userDataSpec(problems, userData),
  };
}

function gatewaySpec({ serviceName, namespace, node }: GatewayReference, mesh: Mesh): IEastWestGateway {
  // Nothing is asked of the gateway's pods.
  const selectorLabels = {};
  return { mesh, serviceName, namespace: namespace ?? mesh.controlPlaneNamespace, node, selectorLabels };
}
