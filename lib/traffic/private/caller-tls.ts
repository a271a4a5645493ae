import type { CallerTls, TlsLevel } from '../../access/tls-agreement';
import type { TrafficPlan } from '../host-rules';
import type { HostTraffic } from '../traffic-settings';
import type { UpstreamTls } from '../upstream-tls';

/**
 * What a construct says of the TLS of those who call its hosts.
 *
 * @param at Where the traffic stands among the properties, with a "." at the end; empty for the properties themselves.
 */
export function callerTlsOf(
  { namespace, hosts }: Pick<TrafficPlan, 'namespace' | 'hosts'>,
  { tls, ports = [] }: HostTraffic,
  at = '',
): CallerTls {
  const levels = [
    ...ports.flatMap((level, index) => levelOf(`${at}ports[${index}].tls`, level.port, level.tls)),
    ...levelOf(`${at}tls`, undefined, tls),
  ];
  return { namespace, hosts: hosts.map(({ host }) => host), levels };
}

function levelOf(property: string, port: number | undefined, tls: UpstreamTls | undefined): readonly TlsLevel[] {
  const modes = ['istioMutual', 'disable', 'simple', 'mutual'] as const;
  const mode = modes.find((candidate) => tls?.[candidate] !== undefined);
  return tls === undefined || mode === undefined ? [] : [{ property, port, mode, value: tls }];
}
