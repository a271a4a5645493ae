import type { IEastWestGateway } from '../../gateway/east-west-gateway-props';
import type { MeshVmGroupProps } from '../../groups/mesh-vm-group-props';
import type { MachineProps } from '../../machines/machine-props';
import type { Mesh } from '../../mesh/mesh';
import type { ArgumentProblems } from '../core/arguments';
import type { MachineSpelling } from '../machines/machine-spelling';
import { ownerSpec } from '../machines/owner-spelling';

/** Properties of MeshVmGroup. */
export interface MeshVmGroupSpelling
  extends MachineSpelling,
    Omit<MeshVmGroupProps, keyof MachineProps | 'gateway' | 'identity' | 'bootstrap'> {
  /**
   * The gateway through which machines reach istiod: an EastWestGateway, or what is known of one. Needed with `identity`, unless the mesh
   * has `istiodAccess.dnsName`.
   * @default - none
   */
  readonly gateway?: GatewayReference;
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
export function groupSpec(
  problems: ArgumentProblems,
  spelled: MeshVmGroupSpelling,
  component: string,
): MeshVmGroupProps {
  const { gateway, ...same } = ownerSpec(problems, spelled, component);
  return { ...same, gateway: gateway && gatewaySpec(gateway, spelled.mesh) };
}

function gatewaySpec({ serviceName, namespace, node }: GatewayReference, mesh: Mesh): IEastWestGateway {
  // Nothing is asked of the gateway's pods.
  const selectorLabels = {};
  return { mesh, serviceName, namespace: namespace ?? mesh.controlPlaneNamespace, node, selectorLabels };
}
