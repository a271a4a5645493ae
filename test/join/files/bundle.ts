import type { MachineBundle } from '../../../lib/join/files/machine-bundle';
import { aMesh } from '../../fixtures';
import { member } from '../../machines/member';

/** What the files of the usual group are made from. */
export function aBundle(bundle: Partial<MachineBundle> = {}): MachineBundle {
  return { mesh: aMesh(), member, probe: undefined, annotated: {}, ...bundle };
}
