import type { VmServiceEndpoint, VmServiceEndpoints } from '../vm-service-endpoints';

/** What stands behind hosts, in whichever way it was said. */
export interface KnownEndpoints {
  /** Istio's `resolution`: NONE, STATIC, DNS, DNS_ROUND_ROBIN or DYNAMIC_DNS. */
  readonly resolution: string;
  /** Labels that select machines, or undefined. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Endpoints that the entry lists, or undefined. */
  readonly listed?: readonly ListedEndpoint[];
  /** The property that says so. */
  readonly property: string;
  /** Machines of the program that the labels must select; undefined where the labels are about machines of others. */
  readonly selected?: SelectedMachines;
}

/** An endpoint that an entry lists, and the property that says so. */
export interface ListedEndpoint {
  readonly endpoint: VmServiceEndpoint;
  readonly property: string;
}

/** Which machines labels must select. */
export interface SelectedMachines {
  /** The group or machine that the labels are of; undefined for labels that the author has chosen. */
  readonly member?: { readonly namespace: string; readonly path: string };
  /** Whether the labels must select nothing but that machine. */
  readonly alone: boolean;
}

/** Total: of endpoints that are none it makes those that nobody knows. */
export function knownEndpoints(endpoints: VmServiceEndpoints): KnownEndpoints {
  const { group, machine, matching, fromLabels, staticEndpoints, dns, dnsRoundRobin } = endpoints;
  const member = group ?? machine;
  if (member !== undefined) {
    const { namespace, labels, node } = member;
    return {
      resolution: 'STATIC',
      labels: identifying(labels),
      property: group === undefined ? 'endpoints.machine' : 'endpoints.group',
      selected: { member: { namespace, path: node.path }, alone: machine !== undefined },
    };
  }
  if (matching !== undefined) {
    const property = 'endpoints.matching';
    return { resolution: 'STATIC', labels: { ...matching }, property, selected: { alone: false } };
  }
  if (fromLabels !== undefined) {
    return { resolution: 'STATIC', labels: { ...fromLabels }, property: 'endpoints.fromLabels' };
  }
  if (staticEndpoints !== undefined) return listing('STATIC', 'endpoints.staticEndpoints', staticEndpoints);
  if (dns !== undefined) return listing('DNS', 'endpoints.dns', dns);
  if (dnsRoundRobin !== undefined) {
    const property = 'endpoints.dnsRoundRobin';
    const { endpoint } = dnsRoundRobin;
    const listed = endpoint && [{ endpoint, property: `${property}.endpoint` }];
    return { resolution: 'DNS_ROUND_ROBIN', listed, property };
  }
  if (endpoints.resolveHosts) return { resolution: 'DNS', property: 'endpoints.resolveHosts' };
  if (endpoints.dynamicDns) return { resolution: 'DYNAMIC_DNS', property: 'endpoints.dynamicDns' };
  return { resolution: 'NONE', property: 'endpoints.passthrough' };
}

function listing(resolution: string, property: string, endpoints: readonly VmServiceEndpoint[]): KnownEndpoints {
  const listed = endpoints.map((endpoint, index) => ({ endpoint, property: `${property}[${index}]` }));
  return { resolution, listed, property };
}

/** The labels that tell groups of a namespace apart. The others may change without notice, and selectors would lose machines. */
function identifying({ app, version }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { app, version };
}
