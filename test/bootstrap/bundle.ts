import type { MachineBundle } from '../../lib/bootstrap/machine-bundle';
import { aMesh } from '../fixtures';
import { machines } from '../manifests/machines';

/** What the files of the usual group are made from. */
export function aBundle(bundle: Partial<MachineBundle> = {}): MachineBundle {
  return { mesh: aMesh(), machines, probe: undefined, annotated: {}, ...bundle };
}
