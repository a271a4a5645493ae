import { ISTIOD_PORT, isGatewayService } from './gateway-service';
import { type Json, list, parsed, placeOf, record, text } from './json';

/** One way through a firewall. */
export interface PortRow {
  /** `in`: into the place. `out`: from it. */
  readonly direction: 'in' | 'out';
  /** `tcp` or `udp`. */
  readonly protocol: string;
  /** Undefined where objects do not say: the API server's stands in the user-data. */
  readonly port?: number;
  /** The other side in words: who dials, or who is dialled. */
  readonly peer: string;
  /** Address ranges of the other side; empty where the objects do not say. */
  readonly cidrs: readonly string[];
  /** What it is for. */
  readonly why: string;
}

/** The ports of the machines of a group, or of a gateway. */
export interface PortPlace {
  /** `machines` of a WorkloadGroup, or a `gateway`'s Service. */
  readonly kind: 'machines' | 'gateway';
  /** `namespace/name` of it. */
  readonly name: string;
  readonly rows: readonly PortRow[];
}

/** Who dials whom, where and why, as synthesized objects say. */
export function portTable(objects: readonly unknown[]): readonly PortPlace[] {
  const all = objects.map(record);
  const bundles = new Map(all.filter(isBundle).map((each) => [placeOf(each), record(each.data)]));
  const machines = all
    .filter(({ kind }) => kind === 'WorkloadGroup')
    .map((group) => machinesOf(group, bundles.get(`${placeOf(group)}-bootstrap`)));
  return [...machines, ...all.filter(isGatewayService).map(gatewayOf)];
}

function isBundle({ kind, data }: Json): boolean {
  return kind === 'ConfigMap' && text(record(data)['settings.json']) !== '';
}

/** What the sidecar's rules redirect to: no one dials it. */
const CAPTURE_PORT = 15006;
const WORD: Readonly<Record<number, string>> = {
  22: 'SSH',
  [ISTIOD_PORT]: 'istiod: configuration, certificates, health of machines',
  15020: 'metrics of the sidecar and the application',
  15021: 'health of the sidecar or gateway',
  15090: "Envoy's own metrics",
  15443: 'services of the mesh, for other networks',
};

function machinesOf(group: Json, bundle: Json | undefined): PortPlace {
  const { ports } = record(record(record(group.spec).template));
  const served = Object.entries(record(ports)).flatMap(([name, port]) =>
    typeof port === 'number' ? [incoming(port, 'callers', [], `application (${name}), through the sidecar`)] : [],
  );
  return {
    kind: 'machines',
    name: placeOf(group),
    rows: [...served, ...(bundle === undefined ? [] : [...opened(bundle, served), ...dialled(bundle)])],
  };
}

/** What the host firewall of the bundle lets in beside the application. */
function opened(bundle: Json, served: readonly PortRow[]): readonly PortRow[] {
  const openings = list(record(parsed(bundle['firewall.json'])).openings);
  return openings.flatMap(({ protocol, port, cidrs }) => {
    if (typeof port !== 'number' || port === CAPTURE_PORT || served.some((row) => row.port === port)) return [];
    const ranges = Array.isArray(cidrs) ? cidrs.map(String) : [];
    return [
      {
        ...incoming(port, 'whom the host firewall lets in', ranges, WORD[port] ?? 'openPorts'),
        protocol: text(protocol),
      },
    ];
  });
}

function dialled(bundle: Json): readonly PortRow[] {
  const { istiod, gateway, istio } = record(parsed(bundle['settings.json']));
  const { namespace, service } = record(gateway);
  const { host, port } = record(istiod);
  const isNamed = text(service) === '';
  const packages = Object.values(record(record(istio).packages)).flatMap((each) => Object.values(record(each)));
  const origins = new Set(
    packages.map((each) => originOf(text(record(each).url))).filter((each) => each !== undefined),
  );
  return [
    outgoing(Number(port), isNamed ? text(host) : `gateway ${text(namespace)}/${text(service)}`, WORD[ISTIOD_PORT]),
    outgoing(undefined, 'API server of the user-data', 'bundle, guards, tokens'),
    ...[...origins].map((origin) =>
      outgoing(
        Number(new URL(origin).port || 443),
        new URL(origin).hostname,
        'package of the sidecar, when it is installed or upgraded',
      ),
    ),
  ].map(withoutUndefined);
}

/** An undefined port is left out, in JSON as in a comparison. */
function withoutUndefined({ port, ...row }: PortRow): PortRow {
  return port === undefined || Number.isNaN(port) ? row : { ...row, port };
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function gatewayOf(service: Json): PortPlace {
  const { ports, loadBalancerSourceRanges: ranges } = record(service.spec);
  const cidrs = Array.isArray(ranges) ? ranges.map(String) : [];
  return {
    kind: 'gateway',
    name: placeOf(service),
    rows: list(ports).flatMap(({ port, protocol }) =>
      typeof port === 'number'
        ? [
            {
              ...incoming(port, port === 15021 ? 'load balancer' : 'machines', cidrs, WORD[port] ?? 'the gateway'),
              protocol: text(protocol).toLowerCase() || 'tcp',
            },
          ]
        : [],
    ),
  };
}

function incoming(port: number, peer: string, cidrs: readonly string[], why: string): PortRow {
  return { direction: 'in', protocol: 'tcp', port, peer, cidrs, why };
}

function outgoing(port: number | undefined, peer: string, why: string): PortRow {
  return { direction: 'out', protocol: 'tcp', port, peer, cidrs: [], why };
}
