import type { MeshVmProps } from '../../groups/mesh-vm-props';
import type { MachineProps } from '../../machines/machine-props';
import type { MachineSpelling } from '../machines/machine-spelling';

/** Properties of MeshVm. */
export interface MeshVmSpelling extends MachineSpelling, Omit<MeshVmProps, keyof MachineProps> {}
