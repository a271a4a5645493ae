import fc from 'fast-check';
import type * as cdk8sFace from 'meshvm';
import {
  EastWestGateway,
  GroupNamespace,
  GroupServiceAccount,
  MeshVm,
  MeshVmGroup,
  type MeshVmProps,
  Network,
} from 'meshvm';
import * as face from 'meshvm/pulumi';
import { aMesh, groupProps } from '../fixtures';
import * as value from '../mesh/differential/values';
import { meshArgs, vmArgs } from './fixtures';
import { gateways, helmReleaseGateways } from './gateway/gateway-pairs';
import { groups } from './groups/group-pairs';
import { cdk8sVerdict, pulumiVerdict, recorded, synthesized, withoutSkipAwait } from './parity';

describe('cdk8s and Pulumi declare the same of', () => {
  test.each(groups)('a group $is', async ({ props, args, services = [] }) => {
    const manifests = synthesized((chart) => new MeshVmGroup(chart, 'payment-service', props(chart)));
    const resources = await recorded(() => new face.MeshVmGroup('payment-service', args));
    expect(withoutSkipAwait(resources, services)).toStrictEqual(manifests);
  });

  const existing = GroupNamespace.existing('payments');
  test.each<readonly [string, MeshVmProps, face.MeshVmArgs]>([
    [
      'with a namespace of its own',
      { ...groupProps({ namespace: GroupNamespace.create('payments') }), address: '10.20.1.7' },
      vmArgs(),
    ],
    [
      'without a sidecar, in a namespace that is there',
      {
        ...groupProps({ namespace: existing, network: Network.flat(['fd00:20::/64']) }),
        address: 'fd00:20::7',
        sidecar: false,
        weight: 7,
      },
      vmArgs({
        createNamespace: false,
        network: { flat: { cidrs: ['fd00:20::/64'] } },
        address: 'fd00:20::7',
        sidecar: false,
        weight: 7,
      }),
    ],
    [
      'behind the Services of a group',
      {
        ...groupProps({ namespace: existing, serviceAccount: GroupServiceAccount.existing('shop'), services: [] }),
        canonicalService: 'shop',
        address: '10.20.1.7',
      },
      vmArgs({
        createNamespace: false,
        serviceAccount: 'shop',
        createServiceAccount: false,
        services: [],
        canonicalService: 'shop',
      }),
    ],
  ])('a machine %s', async (_, props, args) => {
    const manifests = synthesized((chart) => new MeshVm(chart, 'db', props));
    const resources = await recorded(() => new face.MeshVm('db', args));
    expect(withoutSkipAwait(resources, ['db'])).toStrictEqual(manifests);
  });

  test.each(gateways)('a gateway $is', async ({ props, args }) => {
    const manifests = synthesized((chart) => new EastWestGateway(chart, 'gateway', props));
    expect(await recorded(() => new face.EastWestGateway('gateway', args))).toStrictEqual(manifests);
  });

  test.each(helmReleaseGateways)('the gateway of a Helm release $is', async ({ props, args }) => {
    const manifests = synthesized((chart) => EastWestGateway.fromHelmRelease(chart, 'gateway', props));
    expect(await recorded(() => new face.HelmReleaseGateway('gateway', args))).toStrictEqual(manifests);
  });
});

describe('cdk8s and Pulumi have the same properties', () => {
  type Left<Props, Args> = Exclude<keyof Props, keyof Args>;
  type LeftOut =
    | Left<cdk8sFace.AlertRulesProps, face.AlertRulesArgs>
    | Left<cdk8sFace.AuthorizationPolicyProps, face.AuthorizationPolicyArgs>
    | Left<cdk8sFace.AuthorizationRule, face.AuthorizationRuleArgs>
    | Left<cdk8sFace.AwsNlbOptions, face.AwsNlbArgs>
    | Left<cdk8sFace.AzureInternalOptions, face.AzureInternalArgs>
    | Left<cdk8sFace.AzureDiscovery, face.AzureDiscoveryArgs>
    | Left<cdk8sFace.BootstrapProps, face.BootstrapArgs>
    | Left<cdk8sFace.CanaryReleaseProps, face.CanaryReleaseArgs>
    | Left<cdk8sFace.ConnectionPool, face.ConnectionPoolArgs>
    | Left<cdk8sFace.ControlPlaneProps, face.ControlPlaneArgs>
    | Left<cdk8sFace.CustomLoadBalancerOptions, face.CustomLoadBalancerArgs>
    | Left<cdk8sFace.DashboardProps, face.DashboardArgs>
    | Left<cdk8sFace.DenyByDefaultProps, face.DenyByDefaultArgs>
    | Left<cdk8sFace.EastWestGatewayProps, face.EastWestGatewayArgs>
    | Left<cdk8sFace.Ec2Discovery, face.Ec2DiscoveryArgs>
    | Left<cdk8sFace.EgressScopeProps, face.EgressScopeArgs>
    | Left<cdk8sFace.GatewayChartProps, face.GatewayChartArgs>
    | Left<cdk8sFace.GatewayResources, face.GatewayResourcesArgs>
    | Left<cdk8sFace.GceDiscovery, face.GceDiscoveryArgs>
    | Left<cdk8sFace.GcpInternalOptions, face.GcpInternalArgs>
    | Left<cdk8sFace.HelmReleaseGatewayProps, face.HelmReleaseGatewayArgs>
    | Left<cdk8sFace.GroupMutualTlsProps, face.GroupMutualTlsArgs>
    | Left<cdk8sFace.HostTraffic, face.HostTrafficArgs>
    | Left<cdk8sFace.HttpConnectionPool, face.HttpConnectionPoolArgs>
    | Left<cdk8sFace.JwtRequirement, face.JwtRequirementArgs>
    | Left<cdk8sFace.MachineScrapeConfigProps, face.MachineScrapeConfigArgs>
    | Left<cdk8sFace.MeshNetwork, face.MeshNetworkArgs>
    | Left<cdk8sFace.MeshProps, face.MeshArgs>
    | Left<cdk8sFace.MeshVmAlertsProps, face.MeshVmAlertsArgs>
    | Left<cdk8sFace.MeshVmDashboardProps, face.MeshVmDashboardArgs>
    | Left<cdk8sFace.MeshVmGroupProps, face.MeshVmGroupArgs>
    | Left<cdk8sFace.MeshVmProps, face.MeshVmArgs>
    | Left<cdk8sFace.MetalLbOptions, face.MetalLbArgs>
    | Left<cdk8sFace.MetricOverride, face.MetricOverrideArgs>
    | Left<cdk8sFace.MigrationProps, face.MigrationArgs>
    | Left<cdk8sFace.MonitoredGroup, face.MonitoredGroupArgs>
    | Left<cdk8sFace.MutualTlsProps, face.MutualTlsArgs>
    | Left<cdk8sFace.NodePortOptions, face.NodePortArgs>
    | Left<cdk8sFace.OutlierDetection, face.OutlierDetectionArgs>
    | Left<cdk8sFace.PortTraffic, face.PortTrafficArgs>
    | Left<cdk8sFace.ProxyDefaults, face.ProxyDefaultsArgs>
    | Left<cdk8sFace.RequestAuthenticationProps, face.RequestAuthenticationArgs>
    | Left<cdk8sFace.Retries, face.RetriesArgs>
    | Left<cdk8sFace.ServiceEntryPort, face.ServiceEntryPortArgs>
    | Left<cdk8sFace.TcpConnectionPool, face.TcpConnectionPoolArgs>
    | Left<cdk8sFace.TelemetryAccessLog, face.TelemetryAccessLogArgs>
    | Left<cdk8sFace.TelemetryMetrics, face.TelemetryMetricsArgs>
    | Left<cdk8sFace.TelemetryProps, face.TelemetryArgs>
    | Left<cdk8sFace.TelemetryTracing, face.TelemetryTracingArgs>
    | Left<cdk8sFace.Toleration, face.TolerationArgs>
    | Left<cdk8sFace.TrafficPolicyProps, face.TrafficPolicyArgs>
    | Left<cdk8sFace.VmServiceEndpoint, face.VmServiceEndpointArgs>
    | Left<cdk8sFace.VmServiceEntryProps, face.VmServiceEntryArgs>
    | Left<cdk8sFace.Warmup, face.WarmupArgs>;

  test('but for how machines find istiod, which Pulumi says by a name alone: the compiler knows of no other', () => {
    const different: Readonly<Record<LeftOut, true>> = { istiodAccess: true };
    expect(Object.keys(different)).toStrictEqual(['istiodAccess']);
  });
});

describe('cdk8s and Pulumi agree on random properties of', () => {
  // Random properties have warnings, too.
  beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation());
  afterEach(() => jest.restoreAllMocks());

  const service = fc.record({
    name: value.name,
    ports: value.maybe(
      fc.array(
        fc.record({
          name: value.portName,
          port: value.port,
          targetPort: value.maybe(
            fc.oneof(fc.record({ named: value.portName }), fc.record({ number: value.port })) as fc.Arbitrary<{
              named?: string;
              number?: number;
            }>,
          ),
          appProtocol: value.maybe(value.appProtocol),
        }),
        { maxLength: 2 },
      ),
    ),
    labels: value.maybe(value.labels),
    annotations: value.maybe(value.annotations),
  });
  const machines = {
    mesh: fc.constant(meshArgs()),
    name: value.maybe(value.name),
    namespace: value.name,
    createNamespace: value.maybe(fc.boolean()),
    serviceAccount: value.maybe(value.name),
    createServiceAccount: value.maybe(fc.boolean()),
    canonicalService: value.maybe(value.labelValue),
    version: value.maybe(value.labelValue),
    ports: fc.array(
      fc.record({ name: value.portName, port: value.port, appProtocol: value.maybe(value.appProtocol) }),
      { maxLength: 3 },
    ),
    services: value.maybe(fc.array(service, { maxLength: 2 })),
    network: fc.oneof(
      fc.constant<{ flat: { cidrs: string[] } }>({ flat: { cidrs: ['10.20.0.0/16'] } }),
      value.network.map((name) => ({ behindGateway: { name, cidrs: ['10.30.0.0/16'] } })),
    ),
    locality: value.maybe(fc.constant({ region: 'eu-west-1', zone: 'eu-west-1a' })),
    weight: value.maybe(value.mostly(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(0, -1, 2 ** 32, 1.5))),
    labels: value.maybe(value.labels),
    annotations: value.maybe(value.annotations),
  };
  const thresholds = {
    initialDelaySeconds: value.maybe(value.mostly(fc.nat(600), fc.constantFrom(-1, 1.5))),
    timeoutSeconds: value.maybe(fc.integer({ min: 1, max: 9 })),
  };
  const probe = fc.oneof(
    fc.record({ ...thresholds, tcpSocket: fc.record({ port: value.port }) }),
    fc.record({ ...thresholds, httpGet: fc.record({ port: value.port, path: fc.constantFrom('/', 'healthz') }) }),
    fc.record({
      ...thresholds,
      exec: fc.constantFrom<{ command: string[] }>({ command: ['true'] }, { command: [] }),
    }),
  );
  type Known<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
  type Member = { [Key in keyof typeof machines]: Known<(typeof machines)[Key]> };

  /** What a cdk8s program says for the same. */
  function propsOf<Args extends Member>(args: Args) {
    const { namespace, createNamespace = true, serviceAccount, createServiceAccount = true, ...same } = args;
    return {
      ...same,
      mesh: aMesh(),
      namespace: createNamespace ? GroupNamespace.create(namespace) : GroupNamespace.existing(namespace),
      serviceAccount: createServiceAccount
        ? GroupServiceAccount.create(serviceAccount)
        : GroupServiceAccount.existing(serviceAccount ?? args.name ?? 'shop'),
    };
  }

  const serviceNames = (args: Member) => args.services?.map(({ name }) => name) ?? [args.name ?? 'shop'];

  test('groups', async () => {
    const tally = { accepted: 0, refused: 0 };
    const args = fc.record({ ...machines, probe: value.maybe(probe) });
    await fc.assert(
      fc.asyncProperty(args, async (group) => {
        const manifests = cdk8sVerdict((chart) => new MeshVmGroup(chart, 'shop', propsOf(group)));
        const resources = await pulumiVerdict(() => new face.MeshVmGroup('shop', group), serviceNames(group));
        expect(resources).toStrictEqual(manifests);
        tally[Array.isArray(manifests) ? 'refused' : 'accepted'] += 1;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(0);
  });

  test('machines', async () => {
    const tally = { accepted: 0, refused: 0 };
    const inRange = fc.tuple(fc.constantFrom(20, 30), fc.nat(255)).map(([net, host]) => `10.${net}.1.${host}`);
    const args = fc.record({ ...machines, address: fc.oneof(inRange, inRange, inRange, value.ipAddress) });
    await fc.assert(
      fc.asyncProperty(args, async ({ address, ...machine }) => {
        const manifests = cdk8sVerdict((chart) => new MeshVm(chart, 'shop', { ...propsOf(machine), address }));
        const resources = await pulumiVerdict(
          () => new face.MeshVm('shop', { ...machine, address }),
          serviceNames(machine),
        );
        expect(resources).toStrictEqual(manifests);
        tally[Array.isArray(manifests) ? 'refused' : 'accepted'] += 1;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(0);
  });
});
