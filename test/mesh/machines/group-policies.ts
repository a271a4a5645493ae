import { App, Chart } from 'cdk8s';
import { MeshVmGroup, type MeshVmGroupProps } from 'meshvm';
import { groupProps } from '../bootstrap-access-fixtures';
import type { KubernetesObject } from '../harness';
import { MESH, type World } from './world';

/** What meshvm synthesizes about the group of a world besides the group itself: only what was declared last is there. */
export class GroupPolicies {
  private applied: readonly KubernetesObject[] = [];

  /** `props` are those that the world's group has of its own. */
  constructor(
    private readonly world: World,
    private readonly props: Partial<MeshVmGroupProps> = {},
  ) {}

  /** Applies the policies that `declare` makes, and removes those of before. */
  async apply(declare: (group: MeshVmGroup, chart: Chart) => unknown): Promise<void> {
    const { lan, client } = this.world.controlPlane;
    const chart = new Chart(new App(), 'payments', { namespace: 'payments' });
    const props = { ...groupProps(MESH, undefined, lan.cidr), identity: undefined, ...this.props };
    const group = new MeshVmGroup(chart, 'payment-service', props);
    const own = new Set(chart.toJson().map(keyOf));
    declare(group, chart);
    const wanted = (chart.toJson() as KubernetesObject[]).filter((object) => !own.has(keyOf(object)));
    await client.mustApply(wanted);
    const kept = new Set(wanted.map(keyOf));
    for (const old of this.applied) {
      if (!kept.has(keyOf(old))) await client.delete(old);
    }
    this.applied = wanted;
  }
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
