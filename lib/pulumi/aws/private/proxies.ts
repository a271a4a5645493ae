import * as pulumi from '@pulumi/pulumi';
import { cidrFamily } from '../../../core/values/addresses';
import { certificateFiles } from '../../../standalone/certificate-files';
import type { EnvoySpec } from '../../../standalone/envoy/spec';
import { ENVOY_USER } from '../../../standalone/envoy/unit';
import { renderEnvoyUserData } from '../../../standalone/render-user-data';
import { certificateOwner, certificatesOf } from '../../../standalone/resolve-standalone';
import type { Plan } from '../../core/plan';
import { envoyPackageOf } from '../../standalone/convert/envoy-package';
import { proxyClientsOf } from '../../standalone/convert/proxy-clients';
import type { EnvoyArgs } from '../../standalone/standalone-envoy-args';
import { type PlannedStandalone, planEnvoy } from '../../standalone/standalone-envoy-plan';
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
  const { clients, envoy, cloudConfig } = args;
  const more = { clients, envoy, cloudConfig };
  const planned = planEnvoy('ForwardingProxyGroup', name, envoyArgs(args), more, (known, problems, run) => {
    problems.rename('userData.cloudConfig.yaml', 'cloudConfig');
    // Of all that is in it, what is large follows from the services.
    problems.rename('userData.userData', 'services');
    const text = known.cloudConfig;
    const told = {
      envoy: envoyPackageOf(problems, 'envoy', known.envoy),
      target: { ec2LaunchTemplate: true } as const,
      cloudConfig: text === undefined ? undefined : { yaml: text },
    };
    return {
      shared: { clients: proxyClientsOf(problems, 'clients', known.clients), listenAddress: '0.0.0.0' },
      finish: (resolved, props) => {
        if (run.first) image = checkProxies(problems, args, life, resolved);
        const { spec } = resolved;
        const files = certificateFiles(certificatesOf(props), certificateOwner(resolved), { user: ENVOY_USER });
        const render = () => problems.convert('userData', () => renderEnvoyUserData('userData', spec, files, told));
        // What is wrong whatever the Inputs will be is told before anything is registered.
        if (run.first && run.later !== undefined) render();
        return { userData: run.later ?? render() ?? '', ...portsOf(spec) };
      },
    };
  });
  // An image that is wrong was noted, and then we don't get here.
  return { planned, image: image as ImageChoice };
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

/** The part of the arguments that the Envoy follows from: where the machines stand is nothing that its files wait for. */
function envoyArgs(args: EnvoyArgs): EnvoyArgs & { readonly nameResolution: { readonly none: true } } {
  const all: { readonly [Key in keyof Required<EnvoyArgs>]: EnvoyArgs[Key] } = {
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
  };
  return { ...all, nameResolution: { none: true } };
}
