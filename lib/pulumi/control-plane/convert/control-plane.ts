import type * as pulumi from '@pulumi/pulumi';
import { ChartSource } from '../../../control-plane/chart-source';
import type { ControlPlaneProps } from '../../../control-plane/control-plane-props';
import { ExtensionProvider } from '../../../control-plane/extension-provider';
import { type MeshNetwork, NetworkEndpoints, NetworkGateway } from '../../../control-plane/mesh-network';
import { TrustedRoots } from '../../../control-plane/trusted-roots';
import { readShape } from '../../../core/spec/shape';
import { checkPortNumber, isPortNumber } from '../../../core/values/ports';
import type { GatewayChartProps } from '../../../gateway/gateway-chart';
import { LoadBalancer } from '../../../gateway/load-balancer';
import gatewayShapes from '../../../gateway/shapes.json';
import { ArgumentProblems } from '../../core/arguments';
import type { GatewayChartArgs } from '../../gateway/gateway-chart-args';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import { MeshArguments } from '../../mesh/mesh-arguments';
import type { ChartSourceArgs } from '../chart-source-args';
import type { ControlPlaneArgs } from '../control-plane-args';
import type { ExtensionProviderArgs } from '../extension-provider-args';
import type { MeshNetworkArgs, NetworkEndpointsArgs, NetworkGatewayArgs } from '../mesh-network-args';
import type { TrustedRootsArgs } from '../trusted-roots-args';

/**
 * The properties of a control plane by a component's arguments. A part that is wrong, which is noted, is replaced by one with which the
 * others can be checked in the same run.
 */
export function controlPlanePropsOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<ControlPlaneArgs>,
): ControlPlaneProps & { readonly chartSource: ChartSource } {
  const { additionalRoots, chartSource, extensionProviders, gateway, mesh, meshNetworks, ...others } = args;
  return {
    ...others,
    mesh: meshOrStandIn(problems, mesh),
    chartSource: (chartSource && chartSourceOf(problems, chartSource)) ?? ChartSource.istioRelease(),
    additionalRoots: additionalRoots
      ?.map((roots, index) => rootsOf(problems, `additionalRoots[${index}]`, roots))
      .filter((roots) => roots !== undefined),
    extensionProviders: extensionProviders && providersOf(problems, 'extensionProviders', extensionProviders),
    meshNetworks: meshNetworks?.map((network, index) => networkOf(problems, `meshNetworks[${index}]`, network)),
    gateway: gateway && gatewayOf(problems, gateway),
  };
}

function chartSourceOf(problems: ArgumentProblems, args: pulumi.Unwrap<ChartSourceArgs>): ChartSource | undefined {
  return problems.one<pulumi.Unwrap<ChartSourceArgs>, ChartSource>('chartSource', args, {
    istioReleaseOci: () => ChartSource.istioReleaseOci(),
    helmRepository: (url) => ChartSource.helmRepository(url),
    ociRegistry: (location) => ChartSource.ociRegistry(location),
  });
}

/** Roots by their arguments; undefined for what is wrong. */
export function rootsOf(
  problems: ArgumentProblems,
  path: string,
  { pem, ...options }: pulumi.Unwrap<TrustedRootsArgs>,
): TrustedRoots | undefined {
  return problems.convert(path, () => TrustedRoots.pem(pem, options));
}

/** Extension providers by their arguments. */
export function providersOf(
  problems: ArgumentProblems,
  path: string,
  args: readonly pulumi.Unwrap<ExtensionProviderArgs>[],
): readonly ExtensionProvider[] {
  return args
    .map((provider, index) => providerOf(problems, `${path}[${index}]`, provider))
    .filter((provider) => provider !== undefined);
}

function providerOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<ExtensionProviderArgs>,
): ExtensionProvider | undefined {
  const { name, ...kinds } = args;
  for (const kind of Object.keys(kinds)) problems.rename(`${path}.${kind}.name`, `${path}.name`);
  for (const key of ['service', 'port', 'http'])
    problems.rename(`${path}.custom.${key}`, `${path}.custom.settings.${key}`);
  const provider = problems.one<Omit<pulumi.Unwrap<ExtensionProviderArgs>, 'name'>, ExtensionProvider>(path, kinds, {
    openTelemetryTracing: (backend) => ExtensionProvider.openTelemetryTracing(name, backend),
    zipkinTracing: (backend) => ExtensionProvider.zipkinTracing(name, backend),
    fileAccessLog: (options) => ExtensionProvider.fileAccessLog(name, options),
    openTelemetryAccessLog: (backend) => ExtensionProvider.openTelemetryAccessLog(name, backend),
    custom: ({ kind, settings }) => ExtensionProvider.fromMeshConfig(name, kind, settings),
  });
  return provider ?? new ArgumentProblems().convert(path, () => providerStandIn(name, kinds));
}

/** Of the same use, so that what names it finds it. */
function providerStandIn(name: string, kinds: Omit<pulumi.Unwrap<ExtensionProviderArgs>, 'name'>): ExtensionProvider {
  if (kinds.fileAccessLog ?? kinds.openTelemetryAccessLog) return ExtensionProvider.fileAccessLog(name);
  return ExtensionProvider.openTelemetryTracing(name, { service: 'stand-in.invalid', port: 4317 });
}

function networkOf(problems: ArgumentProblems, path: string, args: pulumi.Unwrap<MeshNetworkArgs>): MeshNetwork {
  const { name, endpoints, gateways } = args;
  return {
    name,
    endpoints: endpoints?.map((endpoint, index) => endpointsOf(problems, `${path}.endpoints[${index}]`, endpoint)),
    gateways: gateways?.map((gateway, index) => networkGatewayOf(problems, `${path}.gateways[${index}]`, gateway)),
  };
}

function endpointsOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<NetworkEndpointsArgs>,
): NetworkEndpoints {
  const endpoints = problems.one<pulumi.Unwrap<NetworkEndpointsArgs>, NetworkEndpoints>(path, args, {
    fromCidr: (cidr) => NetworkEndpoints.fromCidr(cidr),
    fromRegistry: (cluster) => NetworkEndpoints.fromRegistry(cluster),
  });
  return endpoints ?? NetworkEndpoints.fromRegistry(path.replaceAll(/\W+/g, '-').replace(/-$/, ''));
}

function networkGatewayOf(
  problems: ArgumentProblems,
  path: string,
  { port, ...args }: pulumi.Unwrap<NetworkGatewayArgs>,
): NetworkGateway {
  if (port !== undefined) checkPortNumber(problems.problems, `${path}.port`, port);
  const usable = port !== undefined && isPortNumber(port) ? port : undefined;
  const gateway = problems.one<Omit<pulumi.Unwrap<NetworkGatewayArgs>, 'port'>, NetworkGateway>(path, args, {
    address: (address) => NetworkGateway.address(address, usable),
    serviceHost: (host) => NetworkGateway.service(host, usable),
  });
  return gateway ?? NetworkGateway.address('stand-in.invalid');
}

function gatewayOf(problems: ArgumentProblems, args: pulumi.Unwrap<GatewayChartArgs>): GatewayChartProps {
  const at = problems.problems.at('gateway');
  const before = at.all.length;
  const meshes = new MeshArguments();
  const gateway = readShape(at, args, gatewayShapes, 'GatewayChartProps', meshes.makers) as GatewayChartProps;
  meshes.check(at);
  return at.all.length === before ? gateway : { loadBalancer: LoadBalancer.custom({}) };
}
