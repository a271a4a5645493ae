import { isDeferred, type Problems, rule } from '../core/problems';
import { FactKind, type Registry } from '../core/registry';
import { areCovered, cidrFamily } from '../core/values/addresses';
import type { Mesh } from '../mesh/mesh';
import type { Network } from '../mesh/network';
import type { LoadBalancer } from './load-balancer';

const KEEPS_OUT = rule({
  id: 'gateway/source-ranges-keep-machines-out',
  origin: 'ignored',
  allowed: 'sourceRanges that hold every range of the machines that come through the gateway',
  remedy: "add the machines' ranges, or make the ranges of their network narrower",
  source:
    'Kubernetes ServiceSpec.loadBalancerSourceRanges: connections from other addresses are dropped, and the machines never reach istiod',
});
const KEPT_OUT = rule({
  id: 'network/outside-source-ranges-of-gateway',
  origin: 'ignored',
  allowed: "ranges within the sourceRanges of the gateway's load balancer",
  remedy: "add the range to the gateway's sourceRanges, or make it narrower",
  source:
    'Kubernetes ServiceSpec.loadBalancerSourceRanges: connections from other addresses are dropped, and the machines never reach istiod',
});

/** Which Service of which cluster machines dial. */
interface Dialled {
  readonly mesh: Mesh;
  readonly namespace: string;
  readonly serviceName: string;
}

/** Ranges of one side of a gateway: of whom its load balancer lets in, or of machines that come. */
interface Ranges {
  readonly dialled: Dialled;
  readonly ranges: readonly string[];
}

const keyOf = ({ dialled: { mesh, namespace, serviceName } }: Ranges) =>
  `${mesh.clusterName} ${namespace} ${serviceName}`;
const LET_IN = new FactKind<Ranges>('source ranges of a gateway', keyOf);
const COMING = new FactKind<Ranges>('ranges of machines behind a gateway', keyOf);

/** Adds a problem when a gateway's load balancer keeps out machines that come through it; else remembers whom it lets in. */
export function declareSourceRanges(
  problems: Problems,
  program: Registry,
  path: string,
  dialled: Dialled,
  balancer: LoadBalancer,
): void {
  const limit = sourceRangesOf(balancer);
  if (limit === undefined || !areRanges(limit.ranges)) return;
  const own = { dialled, ranges: limit.ranges };
  const machines = program
    .facts(COMING, keyOf(own))
    .find(({ value }) => keptOut(limit.ranges, value.ranges).length > 0);
  if (machines === undefined) {
    program.declare(LET_IN, path, own);
    return;
  }
  const outside = keptOut(limit.ranges, machines.value.ranges).join(', ');
  problems.add(KEEPS_OUT, `loadBalancer.${limit.property}`, limit.ranges, {
    allowed: `ranges that hold those of ${machines.path}: ${outside}`,
  });
}

/** Adds a problem for ranges of machines that the load balancer of their gateway keeps out. */
export function checkMachinesLetIn(problems: Problems, program: Registry, gateway: Dialled, network: Network): void {
  const ranges = machineRanges(network);
  const [limit] = program.facts(LET_IN, keyOf({ dialled: gateway, ranges }));
  if (limit === undefined) return;
  for (const range of keptOut(limit.value.ranges, ranges)) {
    problems.add(KEPT_OUT, `network.flat.cidrs[${ranges.indexOf(range)}]`, range, {
      allowed: `ranges within the sourceRanges of ${limit.path}: ${limit.value.ranges.join(', ')}`,
    });
  }
}

/** Records machines that come through a gateway, once their properties are known to be good. */
export function declareComingMachines(program: Registry, path: string, gateway: Dialled, network: Network): void {
  const ranges = machineRanges(network);
  if (ranges.length > 0) program.declare(COMING, path, { dialled: gateway, ranges });
}

/**
 * Ranges by which machines are known to the load balancer: those of a flat network. From another network they may come by an address that
 * NAT gives them, which nobody has declared.
 */
function machineRanges({ flat }: Network): readonly string[] {
  const ranges = flat?.cidrs ?? [];
  return areRanges(ranges) ? ranges : [];
}

/**
 * Whom a load balancer lets in, where it sees the machines' own addresses: an internal one. To one with public addresses machines come by
 * NAT, and whether another provider's is public is not known.
 */
function sourceRangesOf(balancer: LoadBalancer): { property: string; ranges: readonly string[] } | undefined {
  const { awsNlb, gcpInternal, azureInternal, metalLb } = balancer;
  const internal = {
    awsNlb: awsNlb?.internetFacing === true ? undefined : awsNlb,
    gcpInternal,
    azureInternal,
    metalLb,
  };
  for (const [name, options] of Object.entries(internal)) {
    const ranges = options?.sourceRanges;
    if (ranges !== undefined) return { property: `${name}.sourceRanges`, ranges };
  }
  return undefined;
}

/** Ranges of machines that nobody lets in. Machines with addresses of both families dial by one that the load balancer has. */
function keptOut(letIn: readonly string[], machines: readonly string[]): readonly string[] {
  const families = new Set(letIn.map(cidrFamily));
  const dialling = machines.filter((range) => families.has(cidrFamily(range)));
  return dialling.length === 0 ? machines : dialling.filter((range) => !areCovered(letIn, range));
}

function areRanges(ranges: readonly string[]): boolean {
  return ranges.length > 0 && ranges.every((range) => !isDeferred(range) && cidrFamily(range) !== 0);
}
