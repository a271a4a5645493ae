import { isDeferred } from '../../../core/problems';
import { cidrFamily } from '../../../core/values/addresses';
import type { ArgumentProblems } from '../../core/arguments';
import { ifKnown } from '../../core/known-output';
import type { ForwardingProxyGroupArgs, ForwardingProxyPeersArgs } from '../forwarding-proxy-args';
import { MachineArchitecture } from '../machine-image-args';
import { checkAutoScaling } from './auto-scaling-checks';
import type { AutoScalingGroupLife } from './auto-scaling-group';
import { checkEc2Instance, checkSubnetId, checkVpcId } from './ec2-machine-checks';
import { imageArgs } from './ec2-machines';
import type { ImageChoice } from './machine-image';
import { checkInteger } from './numbers';
import { notAllowed } from './reasons';
import { checkPeers, checkPortRanges } from './security-group-checks';

/** EC2 takes at most 255 of these as a rule's description. */
const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
const TARGET_GROUP = /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:targetgroup\/./;

/**
 * Notes what is wrong with what forwarding proxies have in AWS.
 *
 * @returns The image; undefined when its arguments are wrong.
 */
export function checkProxies(
  problems: ArgumentProblems,
  args: ForwardingProxyGroupArgs,
  life: AutoScalingGroupLife,
): ImageChoice | undefined {
  const types = (args.instanceTypes ?? []).map((type, index) => ({ path: `instanceTypes[${index}]`, type }));
  checkVpcId(problems, 'vpcId', args.vpcId);
  checkAutoScaling(problems, args, life);
  const image = checkEc2Instance(problems, args, imageArgs(args, types), types);
  checkOwnImage(problems, args);
  if (image !== undefined) checkBinary(problems, args, image);
  if (args.peers === undefined) {
    problems.add('peers', 'it is missing; say at least whose load balancers lead to the gateways (gateways)');
  } else {
    checkProxyPeers(problems, args, args.peers);
  }
  checkBalancer(problems, args);
  checkAddresses(problems, args);
  return image;
}

function checkOwnImage(problems: ArgumentProblems, { image }: ForwardingProxyGroupArgs): void {
  for (const property of ['preinstalled', 'httpMirrors'] as const) {
    if (!image?.ami?.[property]) continue;
    const fix = 'envoy says where the program is, peers.outbound what the cloud-config needs';
    problems.add(`image.ami.${property}`, `it is about the packages of registered machines; remove it: ${fix}`);
  }
}

function checkBinary(problems: ArgumentProblems, { envoy }: ForwardingProxyGroupArgs, image: ImageChoice): void {
  const kind = image.architecture === MachineArchitecture.Arm64 ? 'arm64' : 'amd64';
  if (envoy?.binary === undefined || envoy.binary[kind] !== undefined) return;
  problems.add(`envoy.binary.${kind}`, `it is missing, and the image (${image.path}) is for ${image.architecture}`);
}

function checkProxyPeers(
  problems: ArgumentProblems,
  args: ForwardingProxyGroupArgs,
  peers: ForwardingProxyPeersArgs,
): void {
  const { gateways, clients, metrics, downloads, outbound = [] } = peers;
  for (const [property, list] of Object.entries({ gateways, clients, metrics, downloads })) {
    checkPeers(problems, `peers.${property}`, list);
  }
  const none = (list: readonly unknown[] | undefined) => list === undefined || list.length === 0;
  if (none(gateways)) problems.add('peers.gateways', 'proxies must reach the gateways; name their load balancers');
  if (none(clients) && (clients !== undefined || args.targetGroupArns !== undefined || !args.clients?.addresses)) {
    problems.add('peers.clients', 'it is missing, and nobody could reach the proxies; name from where clients come');
  }
  if (args.envoy?.binary === undefined && downloads !== undefined) {
    problems.add('peers.downloads', 'nothing is downloaded without envoy.binary; remove one of the two');
  } else if (args.envoy?.binary !== undefined && none(downloads)) {
    const fix = 'name the mirror, or 0.0.0.0/0 for every address';
    problems.add('peers.downloads', `it is missing, and proxies could not download Envoy (envoy.binary); ${fix}`);
  }
  if (metrics !== undefined && (args.metrics === undefined || /^(127\.|::1$)/.test(String(args.metrics.address)))) {
    problems.add('peers.metrics', 'there are no metrics to be reached; give metrics an address such as 0.0.0.0');
  }
  outbound.forEach(({ description, peers: to, ports }, index) => {
    const at = `peers.outbound[${index}]`;
    checkPeers(problems, `${at}.peers`, to);
    checkPortRanges(problems, `${at}.ports`, ports);
    if (none(to)) problems.add(`${at}.peers`, 'it names nobody; name who is reached, or remove it');
    if (none(ports)) problems.add(`${at}.ports`, 'it names no port; name those that are reached');
    if (typeof description !== 'string' || !DESCRIPTION.test(description)) {
      const allowed = '1 to 255 of letters, digits, space and ._-:/()#,@[]+=&;{}!$*';
      problems.add(`${at}.description`, notAllowed(description, allowed));
    }
  });
  if (args.ssm === true && outbound.length === 0) {
    problems.add(
      'ssm',
      'its agent reaches nothing; name the endpoints of Systems Manager, port 443, in peers.outbound',
    );
  }
}

function checkBalancer(problems: ArgumentProblems, { loadBalancer, targetGroupArns }: ForwardingProxyGroupArgs): void {
  if (targetGroupArns !== undefined) {
    if (targetGroupArns.length === 0)
      problems.add('targetGroupArns', 'there is none; give at least one, or leave it out');
    if (loadBalancer !== undefined) {
      problems.add('loadBalancer', 'with targetGroupArns the component makes none; remove one of the two');
    }
    targetGroupArns.forEach((arn, index) => {
      if (isDeferred(arn) || TARGET_GROUP.test(String(arn))) return;
      problems.add(`targetGroupArns[${index}]`, notAllowed(arn, 'the ARN of a target group'));
    });
  }
  const { subnetIds, drainSeconds } = loadBalancer ?? {};
  checkInteger(problems, 'loadBalancer.drainSeconds', drainSeconds, 0, 3600);
  if (Array.isArray(subnetIds)) {
    if (subnetIds.length === 0) problems.add('loadBalancer.subnetIds', 'there is none; give some, or leave it out');
    subnetIds.forEach((id, index) => void checkSubnetId(problems, `loadBalancer.subnetIds[${index}]`, id));
  }
}

/** What must be plain, because rules follow from it, and what no load balancer leads to. */
function checkAddresses(problems: ArgumentProblems, args: ForwardingProxyGroupArgs): void {
  const late = 'it depends on a value that is known only at deployment; give a plain one, rules follow from it';
  args.gateways.forEach(({ port }, index) => {
    if (isDeferred(ifKnown(port))) problems.add(`gateways[${index}].port`, late);
  });
  args.services.forEach(({ localAddress }, index) => {
    if (localAddress === undefined) return;
    problems.add(`services[${index}].localAddress`, 'proxies listen on all of their addresses; remove it');
  });
  (args.clients?.addresses?.cidrs ?? []).forEach((cidr, index) => {
    const at = `clients.addresses.cidrs[${index}]`;
    if (isDeferred(cidr)) {
      if (args.peers?.clients === undefined)
        problems.add(at, `${late}; or name the clients' networks in peers.clients`);
    } else if (cidrFamily(String(cidr)) === 6) {
      problems.add(
        at,
        `${JSON.stringify(cidr)} is of no use: proxies and their load balancer take IPv4 alone; remove it`,
      );
    }
  });
}
