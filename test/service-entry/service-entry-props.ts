import type { Chart } from 'cdk8s';
import {
  MeshVmGroup,
  type MeshVmGroupProps,
  type ServiceEntryPort,
  ServiceEntryProtocol,
  VmServiceEndpoints,
  VmServiceEntry,
  type VmServiceEntryProps,
} from 'meshvm';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';

/** A port that most tests are content with. */
export const HTTP_PORT: ServiceEntryPort = { name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP };

/** Good properties of an entry, to change one at a time. */
export function entryProps(props: Partial<VmServiceEntryProps> = {}): VmServiceEntryProps {
  return {
    mesh: aMesh(),
    hosts: ['pay.example.com'],
    ports: [HTTP_PORT],
    endpoints: VmServiceEndpoints.resolveHosts(),
    ...props,
  };
}

/** A group `shop` that serves http on 8080. */
export function aGroup(chart: Chart, props: Partial<MeshVmGroupProps> = {}): MeshVmGroup {
  return new MeshVmGroup(chart, 'shop', groupProps(props));
}

/** What is said of an entry. */
export function refusal(props: Partial<VmServiceEntryProps>): readonly string[] {
  return problemsOf(() => new VmServiceEntry(aChart(), 'pay', entryProps(props)));
}
