import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../../../core/place';
import { cidrFamily } from '../../../core/values/addresses';
import type { EnvoySpec } from '../../../standalone/envoy/spec';
import type { ForwardingProxyGroupProps } from '../../../standalone/forwarding-proxy-group-props';
import { planForwardingProxyGroup } from '../../../standalone/plan-standalone';
import type { Plan } from '../../core/plan';
import { plannedUserData } from '../../join/planned-user-data';
import { type Face, planComponent } from '../../machines/component-plan';
import { ownerSpec } from '../../machines/owner-spelling';
import { type PlannedStandalone, plannedStandalone } from '../../standalone/planned-standalone';
import shapes from '../../standalone/shapes.json';
import type { ForwardingProxyGroupSpelling } from '../../standalone/standalone-envoy-spelling';
import type { ForwardingProxyGroupArgs } from '../forwarding-proxy-args';
import type { SecurityGroupPeerArgs } from '../security-group-args';
import type { AutoScalingGroupLife } from './auto-scaling-group';
import type { ImageChoice } from './machine-image';
import { checkProxies } from './proxy-checks';
import type { ProxyRulesProps } from './proxy-rules';

/** Forwarding proxies that nothing is wrong with. */
export interface PlannedProxies extends PlannedStandalone {
  /** In base64, for a launch template. */
  readonly userData: string;
  readonly listenPorts: readonly number[];
  readonly gatewayPorts: readonly number[];
  readonly metricsPort: number | undefined;
}

/** Names and times of the group, every default filled in. */
export function resolveLife(name: string, args: ForwardingProxyGroupArgs): AutoScalingGroupLife {
  return {
    autoScalingGroupName: args.autoScalingGroupName ?? `${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
    warmupSeconds: args.warmupSeconds ?? 300,
    capacityTimeoutSeconds: args.capacityTimeoutSeconds ?? 900,
    targetGroupArns: args.targetGroupArns,
  };
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planProxies(
  name: string,
  args: ForwardingProxyGroupArgs,
  life: AutoScalingGroupLife,
): { readonly planned: Plan<PlannedProxies>; readonly image: ImageChoice } {
  let image: ImageChoice | undefined;
  const planned = planComponent(name, envoyArgs(args), {
    component: 'ForwardingProxyGroup',
    type: 'ForwardingProxyGroupSpelling',
    shapes,
    spelled: ownerSpec<ForwardingProxyGroupSpelling>,
    check: (problems, _references, { run }) => {
      if (run.first) image = checkProxies(problems, args, life);
    },
    plan,
  });
  // An image that is wrong was noted, and then we don't get here.
  return { planned, image: image as ImageChoice };
}

type ProxiesSpec = ForwardingProxyGroupProps & Pick<ForwardingProxyGroupSpelling, 'envoy' | 'cloudConfig'>;

function plan({ envoy, cloudConfig: yaml, ...spec }: ProxiesSpec, place: Place, face: Face): PlannedProxies {
  const { problems } = face;
  problems.rename('userData.cloudConfig.yaml', 'cloudConfig');
  problems.rename('userData.envoy', 'envoy');
  // Of all that is in it, what is large follows from the services.
  problems.rename('userData.userData', 'services');
  const target = { ec2LaunchTemplate: true } as const;
  const cloudConfig = yaml === undefined ? undefined : { yaml };
  const planned = planForwardingProxyGroup(spec, place);
  return {
    ...plannedStandalone(planned),
    userData: plannedUserData(face, () => planned.userData('userData', { envoy, target, cloudConfig })) ?? '',
    ...portsOf(planned.spec),
  };
}

/** What the rules of the security groups follow from. */
export function rulesProps(
  { clients, envoy, peers }: ForwardingProxyGroupArgs,
  { listenPorts, gatewayPorts, metricsPort }: PlannedProxies,
  loadBalancerSecurityGroupId: pulumi.Input<string> | undefined,
): ProxyRulesProps {
  const binaries = Object.values(envoy.binary ?? {}).filter((binary) => binary !== undefined);
  const downloadPorts = unique(binaries.map(({ url }) => portOf(url)));
  const ranges = (clients.addresses?.cidrs ?? []).map(rangeOf);
  return {
    ...{ listenPorts, gatewayPorts, metricsPort, downloadPorts, peers, loadBalancerSecurityGroupId },
    clients: peers.clients ?? ranges,
  };
}

function portsOf({ services, httpListener, gateways, metrics }: EnvoySpec) {
  return {
    listenPorts: unique(services.map(({ listen = httpListener }) => listen.port)),
    gatewayPorts: unique(gateways.map(({ port }) => port)),
    metricsPort: metrics?.port,
  };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

function rangeOf(cidr: pulumi.Input<string>): SecurityGroupPeerArgs {
  return cidrFamily(String(cidr)) === 6 ? { cidrIpv6: cidr } : { cidrIpv4: cidr };
}

function unique(ports: readonly number[]): readonly number[] {
  return [...new Set(ports)];
}

/** The part of the arguments that the Envoys follow from: where the machines stand is nothing that their files wait for. */
function envoyArgs(args: ForwardingProxyGroupArgs): object | undefined {
  type Followed = keyof ForwardingProxyGroupSpelling;
  const all: { readonly [Key in Followed]-?: ForwardingProxyGroupArgs[Key] } = {
    mesh: args.mesh,
    namespace: args.namespace,
    createNamespace: args.createNamespace,
    injectPods: args.injectPods,
    serviceAccount: args.serviceAccount,
    createServiceAccount: args.createServiceAccount,
    name: args.name,
    gateways: args.gateways,
    failover: args.failover,
    services: args.services,
    httpPort: args.httpPort,
    certificates: args.certificates,
    accessLog: args.accessLog,
    adminPort: args.adminPort,
    metrics: args.metrics,
    directory: args.directory,
    clients: args.clients,
    envoy: args.envoy,
    cloudConfig: args.cloudConfig,
  };
  return all;
}
