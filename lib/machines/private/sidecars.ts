import type { Machines } from '../manifests/machines';

/** Whether a sidecar runs on the machines: the label is what MeshVm says it with. */
export function hasSidecar({ labels }: Pick<Machines, 'labels'>): boolean {
  return labels['security.istio.io/tlsMode'] !== 'disabled';
}
