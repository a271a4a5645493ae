import { type Problems, rule } from '../../core/problems';
import { checkPortNumber } from '../../core/values/ports';
import type { Member } from '../../machines/member';
import type { BootstrapProps } from '../bootstrap-props';

const EXCLUDED_PORT_OF_GROUP = rule({
  id: 'bootstrap/excluded-port-of-group',
  origin: 'meshvm',
  allowed: 'ports that the group does not have',
  remedy: 'remove it here, or take it out of ports: what the sidecar leaves alone is not in the mesh',
  source: 'istio-iptables: excluded ports are not redirected, so callers with mutual TLS fail and policies do not hold',
});
const SIDECAR_PORT = rule({
  id: 'bootstrap/excluded-port-of-sidecar',
  origin: 'ignored',
  allowed: 'ports other than those by which machines reach istiod and the mesh (15012, 15443)',
  remedy: 'remove it: the sidecar itself is not captured',
  source: 'istio-iptables: connections of the user istio-proxy are never redirected',
});
const INTERFACE = rule({
  id: 'bootstrap/interface',
  origin: 'meshvm',
  allowed:
    'the name of an interface such as docker0: letters, digits, "_", ".", ":", "@" and "-", at most 15, no wildcard',
  remedy: 'write the name as `ip link` shows it',
  source: 'Linux: IFNAMSIZ; istio-iptables --istio-exclude-interfaces',
});

/** What the capture is to leave alone, and can't, or should not. */
export function checkExclusions(
  problems: Problems,
  { excludeInboundPorts = [], excludeOutboundPorts = [], excludeInterfaces = [] }: BootstrapProps,
  machines: Member,
): void {
  const own = new Set(machines.ports.map(({ port }) => port));
  excludeInboundPorts.forEach((port, index) => {
    const property = `excludeInboundPorts[${index}]`;
    checkPortNumber(problems, property, port);
    if (own.has(port)) problems.add(EXCLUDED_PORT_OF_GROUP, property, port);
  });
  excludeOutboundPorts.forEach((port, index) => {
    const property = `excludeOutboundPorts[${index}]`;
    checkPortNumber(problems, property, port);
    problems.check(SIDECAR_PORT, property, port, (number) => number !== 15012 && number !== 15443);
  });
  excludeInterfaces.forEach((name, index) => {
    problems.check(INTERFACE, `excludeInterfaces[${index}]`, name, (text) => /^[A-Za-z0-9_.:@-]{1,15}$/.test(text));
  });
}
