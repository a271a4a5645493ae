import { isDeferred, type Problems, rule } from '../../core/problems';
import { cidrFamily, covers } from '../../core/values/addresses';

const NO_ADDRESS_OF_CLOUD = rule({
  id: 'network/ranges-without-cloud-address',
  origin: 'meshvm',
  allowed: 'with a range of private IPv4 addresses among them',
  remedy:
    "give the range of the machines' private IPv4 addresses: a machine of EC2, GCE or Azure registers the one that its metadata service tells, neither a public one nor IPv6",
  source: "meshvm's agent: find_address; every machine would be refused by the group's own policy",
});

/** What clouds give as private addresses: RFC 1918, and RFC 6598 of carriers, which EKS uses for pods. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
const CLOUDS = ['eks', 'gke', 'aks'];

/** Adds a problem when no machine of the cloud could have an address in the ranges. */
export function checkCloudRanges(problems: Problems, property: string, cidrs: readonly string[], kind: string): void {
  if (!CLOUDS.includes(kind) || cidrs.length === 0) return;
  // What is no range is told elsewhere.
  if (cidrs.some((cidr) => isDeferred(cidr) || cidrFamily(cidr) === 0)) return;
  const isPrivate = cidrs.some((cidr) => PRIVATE.some((range) => covers(range, cidr) || covers(cidr, range)));
  if (!isPrivate) problems.add(NO_ADDRESS_OF_CLOUD, property, cidrs);
}
