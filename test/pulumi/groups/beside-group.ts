import type { Chart } from 'cdk8s';
import { GroupNamespace, MeshVmGroup, type MeshVmGroupProps } from 'meshvm';
import * as face from 'meshvm/pulumi';
import { groupProps } from '../../fixtures';
import { groupArgs } from '../fixtures';
import { type Declared, recorded, synthesized, withoutSkipAwait } from '../parity';

/** What is declared beside a group `payment-service`, and the group's own objects. */
type Objects = Readonly<Record<string, Declared>>;

/** A group of a cdk8s program, as the functions below declare it. */
export function aGroup(chart: Chart, props: Partial<MeshVmGroupProps> = {}): MeshVmGroup {
  return new MeshVmGroup(
    chart,
    'payment-service',
    groupProps({ namespace: GroupNamespace.create('payments'), ...props }),
  );
}

/** The same of a Pulumi program. */
export function theGroup(args: Partial<face.MeshVmGroupArgs> = {}): face.MeshVmGroup {
  return new face.MeshVmGroup('payment-service', groupArgs(args));
}

/** Fails unless both faces declare the same, and something beside the groups. */
export async function expectSame(
  cdk8s: (chart: Chart) => void,
  pulumi: () => unknown,
  services: readonly string[] = ['payment-service'],
): Promise<Objects> {
  const manifests = synthesized(cdk8s);
  const resources = withoutSkipAwait(await recorded(pulumi), services);
  expect(resources).toStrictEqual(manifests);
  const others = Object.entries(resources).filter(([, { kind }]) => !GROUP.includes(kind));
  expect(others).not.toHaveLength(0);
  return Object.fromEntries(others);
}

const GROUP = ['Namespace', 'ServiceAccount', 'Service', 'WorkloadGroup', 'WorkloadEntry'];
