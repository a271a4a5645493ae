import type { MachineProps } from '../../machines/machine-props';
import type { NamespaceSpelling, ServiceAccountSpelling } from './owner-spelling';

/**
 * What a group of machines and a single machine have in common: who they are, what they serve and where they stand.
 * @args MachineArgs
 */
export interface MachineSpelling
  extends Omit<MachineProps, 'namespace' | 'serviceAccount'>,
    NamespaceSpelling,
    ServiceAccountSpelling {}
