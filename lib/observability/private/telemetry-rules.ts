import { type Problems, rule } from '../../core/problems';

/** A part of a Telemetry that changes nothing. */
export const EMPTY = rule({
  id: 'telemetry/empty',
  origin: 'ignored',
  allowed: 'access logs, tracing or metrics, each with something to say',
  remedy: 'say what shall be different, or leave it out',
  source: 'istio: what a Telemetry does not say stays as the namespace or the mesh has it',
});
const MODE = rule({
  id: 'telemetry/mode',
  origin: 'kubernetes',
  allowed: 'CLIENT_AND_SERVER, CLIENT or SERVER',
  remedy: 'use WorkloadMode',
  source: 'CRD of Telemetry',
});

const MODES = new Set<unknown>(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);

/** On which side of a call something is told. */
export function checkWorkloadMode(problems: Problems, mode: unknown): void {
  if (!MODES.has(mode)) problems.add(MODE, 'mode', mode);
}
