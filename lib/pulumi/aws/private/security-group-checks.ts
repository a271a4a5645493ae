import { isDeferred } from '../../../core/problems';
import { cidrFamily } from '../../../core/values/addresses';
import type { ArgumentProblems } from '../../core/arguments';
import type { PortRangeArgs, SecurityGroupPeerArgs } from '../security-group-args';
import { checkProvider } from './elsewhere';
import { notAllowed } from './reasons';
import { PEER_KINDS, type SecurityGroupRulesProps, samePeer } from './security-group-rules';

/** Notes what is wrong with the peers of machines, before anything is registered. */
export function checkSecurityGroupPeers(
  problems: ArgumentProblems,
  path: string,
  props: Pick<SecurityGroupRulesProps, 'peers' | 'behindGateway' | 'ports'>,
): void {
  const { peers, behindGateway, ports } = props;
  const { gateway, serviceGateways, apiServer, pods, gatewayPods, outbound, healthCheck, podPorts } = peers;
  const lists = { gateway, serviceGateways, apiServer, pods, gatewayPods, outbound };
  for (const [property, list] of Object.entries(lists)) checkPeers(problems, `${path}.${property}`, list);
  if (gateway === undefined || gateway.length === 0) {
    problems.add(`${path}.gateway`, 'machines must reach istiod; name the load balancer of its gateway');
  }
  if (healthCheck !== undefined) {
    checkPeers(problems, `${path}.healthCheck.sources`, healthCheck.sources);
    if (healthCheck.sources.length === 0) {
      problems.add(`${path}.healthCheck.sources`, 'it names nobody; name who probes, or leave healthCheck out');
    }
    if (healthCheck.port !== undefined) checkPort(problems, `${path}.healthCheck.port`, healthCheck.port);
  }
  checkPortRanges(problems, `${path}.podPorts`, podPorts);

  if (!behindGateway) {
    if (gatewayPods !== undefined) {
      problems.add(
        `${path}.gatewayPods`,
        'no gateway carries traffic to machines in a flat network; name callers in pods',
      );
    }
    return;
  }
  for (const property of ['pods', 'podPorts'] as const) {
    if (peers[property] === undefined) continue;
    problems.add(`${path}.${property}`, 'machines behind a gateway have no direct traffic with pods; remove it');
  }
  if (ports.length > 0 && (gatewayPods === undefined || gatewayPods.length === 0)) {
    const fix = 'name the pods of the gateway that carries calls into the network of the machines';
    problems.add(`${path}.gatewayPods`, `it is missing, and nobody could reach the machines' ports; ${fix}`);
  }
}

/** Notes what is wrong with a list of peers. */
export function checkPeers(
  problems: ArgumentProblems,
  path: string,
  peers: readonly SecurityGroupPeerArgs[] = [],
): void {
  peers.forEach(({ provider, ...peer }, index) => {
    const at = `${path}[${index}]`;
    checkProvider(problems, `${at}.provider`, provider);
    if (provider !== undefined && peer.securityGroupId === undefined) {
      problems.add(`${at}.provider`, 'it says whose the security group is, and there is none; remove it');
    }
    problems.one<Omit<SecurityGroupPeerArgs, 'provider'>, true>(at, peer, {
      securityGroupId: (id, below) =>
        checkForm(problems, below, id, /^sg-./, 'the ID of a security group, such as sg-0123'),
      cidrIpv4: (cidr, below) => checkCidr(problems, below, cidr, 4),
      cidrIpv6: (cidr, below) => checkCidr(problems, below, cidr, 6),
      prefixListId: (id, below) => checkForm(problems, below, id, /^pl-./, 'the ID of a prefix list, such as pl-0123'),
    });
    const first = peers.findIndex((other) => samePeer(other, peer));
    const named = PEER_KINDS.some((kind) => peer[kind] !== undefined);
    if (first < index && named) problems.add(at, `it is the same as ${path}[${first}]; remove one of the two`);
  });
}

function checkForm(problems: ArgumentProblems, path: string, value: unknown, form: RegExp, allowed: string): true {
  if (isDeferred(value) || (typeof value === 'string' && form.test(value))) return true;
  problems.add(path, notAllowed(value, allowed));
  return true;
}

function checkCidr(problems: ArgumentProblems, path: string, value: unknown, family: 4 | 6): true {
  if (isDeferred(value) || (typeof value === 'string' && cidrFamily(value) === family)) return true;
  const example = family === 4 ? '10.20.0.0/16' : 'fd00:20::/64';
  problems.add(path, notAllowed(value, `an IPv${family} address range such as ${example}, host bits zero`));
  return true;
}

/** Notes what is wrong with ports. */
export function checkPortRanges(problems: ArgumentProblems, path: string, ranges: readonly PortRangeArgs[] = []): void {
  ranges.forEach(({ from, to = from }, index) => {
    const at = `${path}[${index}]`;
    const right = [checkPort(problems, `${at}.from`, from), checkPort(problems, `${at}.to`, to)];
    if (right.includes(false)) return;
    if (to < from) problems.add(`${at}.to`, `${to} is below from, which is ${from}; swap the two`);
    const first = ranges.findIndex((other) => other.from === from && (other.to ?? other.from) === to);
    if (first < index) problems.add(at, `it is the same as ${path}[${first}]; remove one of the two`);
  });
}

function checkPort(problems: ArgumentProblems, path: string, port: unknown): boolean {
  if (Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65535) return true;
  problems.add(path, notAllowed(port, 'a port, 1 to 65535'));
  return false;
}
