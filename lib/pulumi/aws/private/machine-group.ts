import { FactKind, Registry } from '../../../core/registry';
import type { MeshVmGroup } from '../../groups/mesh-vm-group';

/** Notes which group the machines of a component belong to: no field of the component, because each of those is one of its outputs. */
export function rememberGroup(component: object, name: string, group: MeshVmGroup): void {
  Registry.of(component).declare(GROUP, name, group);
}

/** The group that was noted, or undefined. */
export function groupOf(component: object): MeshVmGroup | undefined {
  return Registry.of(component).first(GROUP)?.value;
}

const GROUP = new FactKind<MeshVmGroup>('group of machines');
