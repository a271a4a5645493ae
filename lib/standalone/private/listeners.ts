import { isDeferred, type Problems, rule } from '../../core/problems';
import { namesByAddress, serviceNames } from '../envoy/hosts-block';
import type { EnvoySpec, ListenAddress, ServiceSpec } from '../envoy/spec';

const TAKEN = rule({
  id: 'standalone/port-taken',
  origin: 'meshvm',
  allowed: 'an address and port that no other listener of the Envoy has',
  remedy: 'choose another port, or with localAddress another loopback address, such as 127.0.0.2',
  source: 'Envoy: listeners with duplicate addresses are refused',
});
const SAME_SERVICE = rule({
  id: 'standalone/service-twice',
  origin: 'meshvm',
  allowed: 'each host, port and subset once',
  remedy: 'remove one of the two',
  source: 'Envoy: clusters have names of their own, and the second would be refused',
});
const SAME_NAME = rule({
  id: 'standalone/name-twice',
  origin: 'meshvm',
  allowed: 'names that lead to one service',
  remedy: 'give one of the two a localPort of its own',
  source: 'Envoy: only one virtual host may have a domain',
});
const TWO_ADDRESSES = rule({
  id: 'standalone/name-with-two-addresses',
  origin: 'ignored',
  allowed: 'one localAddress for all services of a host',
  remedy: 'give the services of the host the same localAddress, or choose none for nameResolution',
  source: 'hosts(5): a client takes the first address of a name, and never gets to the listener on the other',
});

/** What listeners of one Envoy must not share. */
export function checkListeners(problems: Problems, spec: EnvoySpec): void {
  checkPorts(problems, spec);
  checkNames(problems, spec.services);
  if (spec.writesHosts || spec.dns !== undefined) checkAddresses(problems, spec);
}

function checkPorts(problems: Problems, spec: EnvoySpec): void {
  const shares = spec.services.some(({ listen }) => listen === undefined);
  const wanted: (readonly [string, ListenAddress | undefined])[] = [
    ['adminPort', { address: '127.0.0.1', port: spec.adminPort }],
    ['httpPort', shares ? spec.httpListener : undefined],
    ['metrics.port', spec.metrics],
    ...spec.services.map(({ listen }, index) => [`services[${index}].localPort`, listen] as const),
    ...inboundPorts(spec),
  ];
  const taken: ListenAddress[] = [];
  for (const [property, listen] of wanted) {
    if (listen === undefined || isDeferred(listen.port) || isDeferred(listen.address)) continue;
    if (taken.some((other) => overlap(other, listen))) problems.add(TAKEN, property, listen.port);
    taken.push(listen);
  }
}

function inboundPorts({ inbound }: EnvoySpec): readonly (readonly [string, ListenAddress | undefined])[] {
  if (inbound === undefined) return [];
  const { listenAddress: address, ports, health } = inbound;
  return [
    ...ports.map(
      ({ listenPort }, index) => [`inbound.ports[${index}].listenPort`, { address, port: listenPort }] as const,
    ),
    ['inbound.health.port', health && { address, port: health.port }],
  ];
}

/** Linux refuses an address beside the wildcard that covers it. */
function overlap(one: ListenAddress, other: ListenAddress): boolean {
  if (one.port !== other.port) return false;
  return one.address === other.address || [one, other].some(({ address }) => address === '0.0.0.0' || address === '::');
}

function checkNames(problems: Problems, services: readonly ServiceSpec[]): void {
  services.forEach((service, index) => {
    const { host, port, subset, listen } = service;
    if (isDeferred(host) || isDeferred(port)) return;
    const at = problems.at(`services[${index}]`);
    const earlier = services.slice(0, index);
    if (earlier.some((other) => other.host === host && other.port === port && other.subset === subset)) {
      at.add(SAME_SERVICE, 'host', host);
    } else if (
      listen === undefined &&
      earlier.some((other) => other.listen === undefined && meanTheSame(other, service))
    ) {
      at.add(SAME_NAME, 'host', host);
    }
  });
}

/** Whether a Host header could mean both of two services on one listener. */
function meanTheSame(one: ServiceSpec, other: ServiceSpec): boolean {
  if (one.host === other.host) return one.port === other.port;
  const names = serviceNames(one);
  return serviceNames(other).some((name) => names.includes(name));
}

function checkAddresses(problems: Problems, spec: EnvoySpec): void {
  const addresses = [...namesByAddress(spec)];
  spec.services.forEach((service, index) => {
    if (isDeferred(service.host)) return;
    const leads = addresses.filter(([, names]) => names.includes(service.host));
    if (leads.length > 1) problems.add(TWO_ADDRESSES, `services[${index}].localAddress`, service.listen?.address);
  });
}
