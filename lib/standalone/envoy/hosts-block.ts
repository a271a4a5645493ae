import type { EnvoySpec, ServiceSpec } from './spec';

/** Lines for /etc/hosts, between marks: names of the services, at the addresses where this Envoy takes calls to them. */
export function hostsBlock(spec: EnvoySpec): string {
  const lines = [...namesByAddress(spec)].map(([address, names]) => `${address} ${names.join(' ')}\n`);
  return `# meshvm-envoy ${spec.name} begin\n${lines.join('')}# meshvm-envoy ${spec.name} end\n`;
}

/** Names of services by the address that they shall resolve to. */
export function namesByAddress(spec: EnvoySpec): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const service of spec.services) {
    const { address } = service.listen ?? spec.httpListener;
    const names = found.get(address) ?? new Set();
    for (const name of serviceNames(service)) names.add(name);
    found.set(address, names);
  }
  return new Map([...found].map(([address, names]) => [address, [...names]]));
}

/** What clients call a service, the full name first: with a Kubernetes Service the shorter forms that hold in every namespace. */
export function serviceNames({ host }: Pick<ServiceSpec, 'host'>): readonly string[] {
  const match = /^([^.]+\.[^.]+)\.svc\.(.+)$/.exec(host);
  return match === null ? [host] : [host, `${match[1]}.svc`, match[1]];
}
