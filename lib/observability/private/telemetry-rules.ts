import { rule } from '../../core/problems';

/** A part of a Telemetry that changes nothing. */
export const EMPTY = rule({
  id: 'telemetry/empty',
  origin: 'ignored',
  allowed: 'access logs, tracing or metrics, each with something to say',
  remedy: 'say what shall be different, or leave it out',
  source: 'istio: what a Telemetry does not say stays as the namespace or the mesh has it',
});
