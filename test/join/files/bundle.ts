import type { MachineBundle } from '../../../lib/join/files/machine-bundle';
import { aMesh } from '../../fixtures';
import { machines } from '../../machines/member';

/** What the files of the usual group are made from. */
export function aBundle(bundle: Partial<MachineBundle> = {}): MachineBundle {
  return { mesh: aMesh(), machines, probe: undefined, annotated: {}, ...bundle };
}
