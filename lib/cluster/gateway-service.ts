import { type Json, list, record, text } from './json';

/** Where machines reach istiod, on istiod itself and on a gateway. */
export const ISTIOD_PORT = 15012;

/** Whether an object is a Service through which machines could reach istiod, and not istiod's own. */
export function isGatewayService({ kind, metadata, spec }: Json): boolean {
  // In a list of Services that an API server answers with, none says its kind.
  if (kind !== undefined && kind !== 'Service') return false;
  const isIstiod = record(record(metadata).labels).app === 'istiod' || record(record(spec).selector).app === 'istiod';
  return !isIstiod && list(record(spec).ports).some(({ port }) => port === ISTIOD_PORT);
}

/** Addresses and names of the load balancer of a Service. */
export function addressesOf({ status }: Json): readonly string[] {
  const ingress = list(record(record(status).loadBalancer).ingress);
  return ingress.map(({ ip, hostname }) => text(ip) || text(hostname)).filter(Boolean);
}
