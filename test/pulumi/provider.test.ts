import { ComponentResource, type Inputs, output } from '@pulumi/pulumi';
import { packageSchema } from '../../projenrc/provider/package-schema';
import * as provided from '../../provider';
import { MeshvmProvider } from '../../provider/meshvm-provider';
import { later, meshArgs, vmArgs } from './fixtures';
import { runProgram, settled } from './program';

interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly optional?: boolean;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
}

interface Schema {
  readonly name: string;
  readonly version: string;
  readonly resources: Readonly<Record<string, ComponentSchema>>;
  readonly types: Readonly<Record<string, TypeSchema>>;
  readonly functions: Readonly<Record<string, { readonly inputs: TypeSchema }>>;
}

interface ComponentSchema {
  readonly isComponent: boolean;
  readonly inputProperties: Readonly<Record<string, PropertySchema>>;
  readonly requiredInputs: readonly string[];
  readonly properties: Readonly<Record<string, PropertySchema>>;
}

interface TypeSchema {
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly enum?: readonly { readonly name: string; readonly value: string }[];
}

const components = Object.values(provided).filter(
  (exported) => typeof exported === 'function' && exported.prototype instanceof ComponentResource,
) as readonly { readonly name: string }[];

/** What Pulumi makes SDKs for other languages of. */
describe('The schema of the plugin', () => {
  let text: string;
  let schema: Schema;

  beforeAll(async () => {
    text = JSON.stringify(await packageSchema());
    schema = JSON.parse(text);
  }, 120_000);

  const component = (name: string) => schema.resources[`meshvm:index:${name}`];
  const typeKeys = (name: string) => Object.keys(schema.types[`meshvm:index:${name}`].properties ?? {}).sort();

  test('knows every component that the package exports', () => {
    const names = components.map(({ name }) => `meshvm:index:${name}`).sort();
    expect(Object.keys(schema.resources).sort()).toStrictEqual(names);
    expect(names).toStrictEqual(
      expect.arrayContaining(
        ['ControlPlane', 'EastWestGateway', 'HelmReleaseGateway', 'MeshVm', 'MeshVmGroup'].map(
          (name) => `meshvm:index:${name}`,
        ),
      ),
    );
    expect(Object.values(schema.resources).every(({ isComponent }) => isComponent)).toBe(true);
  });

  test('has inputs whose structure is plain and whose leaves may be Inputs', () => {
    const { inputProperties, requiredInputs, properties } = component('HelmReleaseGateway');
    const ref = (name: string) => ({ $ref: `#/types/meshvm:index:${name}` });
    const map = { type: 'object', additionalProperties: { type: 'string' } };
    expect(withoutDescriptions(inputProperties)).toStrictEqual({
      mesh: { ...ref('Mesh'), plain: true },
      namespace: { type: 'string', optional: true },
      exposeIstiod: { ...ref('IstiodExposure'), plain: true, optional: true },
      exposeServices: { ...ref('ServiceExposure'), plain: true, optional: true },
      exposeApiServer: { ...ref('ApiServerExposure'), plain: true, optional: true },
      releaseName: { type: 'string', plain: true },
      selectorLabels: { ...map, plain: true, optional: true },
    });
    expect(requiredInputs).toStrictEqual(['mesh', 'releaseName']);
    expect(withoutDescriptions(properties)).toStrictEqual({
      serviceName: { type: 'string' },
      namespace: { type: 'string' },
      selectorLabels: map,
    });
  });

  test.each([
    [
      'MeshVmGroup',
      'acknowledge annotations bootstrap canonicalService createNamespace createServiceAccount gateway identity injectPods labels locality mesh name namespace network ports probe revokedServiceAccounts serviceAccount services shareServiceAccount userData version weight',
      'bootstrapSubjectKind bootstrapSubjectName groupName host labels namespace serviceAccount serviceHosts spiffeId userData',
    ],
    [
      'MeshVm',
      'address annotations canonicalService createNamespace createServiceAccount injectPods labels locality mesh name namespace network ports revokedServiceAccounts serviceAccount services shareServiceAccount sidecar version weight',
      'labels machineName namespace serviceAccount serviceHosts',
    ],
    [
      'EastWestGateway',
      'drainSeconds exposeApiServer exposeIstiod exposeServices labels loadBalancer maxReplicas mesh minReplicas name namespace nodeSelector podAnnotations priorityClassName readSecrets resources serviceAnnotations targetCpuUtilizationPercent tolerations',
      'address namespace selectorLabels serviceName',
    ],
    [
      'ControlPlane',
      'accessLogProviders additionalRoots autoRegistration chartSource createNamespace defaultRevision delivery disconnectGracePeriodSeconds extensionProviders gateway healthChecks installBase istiodEnv istiodValues keepaliveIntervalSeconds keepaliveTimeoutSeconds maxReplicas maxServerConnectionAgeSeconds mesh meshConfig meshNetworks minReplicas revision revisionTags trustDomainAliases',
      'istiodHost namespace revision',
    ],
    ['MutualTls', 'acknowledge mesh mode name ports target', 'namespace policyName'],
    ['AuthorizationPolicy', 'action dryRun mesh name rules target', 'namespace policyName'],
    ['DenyByDefault', 'mesh name target', 'namespace policyName'],
    [
      'MachineScrapeConfig',
      'discovery group intervalSeconds jobName labels metrics name namespace timeoutSeconds',
      'namespace scrapeConfigName',
    ],
    [
      'MeshVmAlerts',
      'alertLabels certificateHoursLeft groups labels name namespace rootCertificateDaysLeft runbookUrl versionSkewHours',
      'namespace ruleName',
    ],
    ['MeshVmDashboard', 'groups labels name namespace title', 'configMapName namespace'],
    [
      'VmServiceEntry',
      'acknowledge addresses annotations endpoints exportTo hosts labels location mesh name namespace ports subjectAltNames',
      'entryName hosts namespace',
    ],
    [
      'RequestAuthentication',
      'audiences forwardOriginalToken issuer keys locations mesh name outputClaimToHeaders outputPayloadToHeader target',
      'issuer namespace policyName',
    ],
    ['CanaryRelease', 'acknowledge mirror retries routes target timeoutSeconds traffic versions', 'hosts namespace'],
    [
      'TrafficPolicy',
      'connectionPool loadBalancing locality outlierDetection ports target tls versions',
      'hosts namespace',
    ],
    ['Migration', 'direction group pods retries step target timeoutSeconds traffic', 'hosts namespace'],
    ['EgressScope', 'destinations group name outbound', 'namespace scopeName'],
    ['Telemetry', 'accessLogs controlPlane mesh metrics name target tracing', 'namespace telemetryName'],
    [
      'StandaloneEnvoy',
      'accessLog adminPort certificateProgram certificates compose createNamespace createServiceAccount directory failover gateways httpPort inbound injectPods mesh metrics name nameResolution namespace serviceAccount services userData',
      'certificateFiles composeFile envoyName files machineFile namespace serviceAccount spiffeId userData vaultWrites',
    ],
    [
      'ForwardingProxyGroup',
      'accessLog adminPort autoScalingGroupName capacityTimeoutSeconds certificates clients cloudConfig createNamespace createServiceAccount desiredCapacity detailedMonitoring directory envoy failover gateways httpPort image injectPods instanceTypes loadBalancer maxLifetimeDays maxSize mesh metadataHops metrics minSize name namespace peers permissionsBoundary rollout rootVolume scaling securityGroupIds serviceAccount services ssm subnetIds tags targetGroupArns vpcId warmupSeconds',
      'address autoScalingGroupArn autoScalingGroupName envoyName files hostedZoneId imageId launchTemplateId launchTemplateVersion loadBalancerArn loadBalancerSecurityGroupId namespace roleArn roleName securityGroupId serviceAccount spiffeId targetGroupArns',
    ],
  ])('%s has these inputs and outputs', (name, inputs, outputs) => {
    const { inputProperties, properties } = component(name);
    expect(Object.keys(inputProperties).sort().join(' ')).toBe(inputs);
    expect(Object.keys(properties).sort().join(' ')).toBe(outputs);
  });

  test('offers choices as interfaces of which one property is set, and as enums', () => {
    expect(typeKeys('LoadBalancer')).toStrictEqual([
      'awsNlb',
      'azureInternal',
      'custom',
      'gcpInternal',
      'metalLb',
      'nodePort',
    ]);
    expect(typeKeys('MachineIdentity')).toStrictEqual(['aks', 'eks', 'gke', 'kubeconfig', 'tokenFile']);
    expect(schema.types['meshvm:index:ControlPlaneDelivery'].enum?.map(({ value }) => value)).toStrictEqual([
      'HelmRelease',
      'HelmTemplate',
    ]);
    expect(schema.types['meshvm:index:MutualTlsMode'].enum?.map(({ value }) => value)).toStrictEqual([
      'STRICT',
      'PERMISSIVE',
      'DISABLE',
      'UNSET',
    ]);
  });

  test('takes a group by outputs that may not be known yet', () => {
    const text = { type: 'string' };
    expect(withoutDescriptions(schema.types['meshvm:index:GroupReference'].properties ?? {})).toStrictEqual({
      groupName: text,
      namespace: text,
      serviceAccount: text,
      labels: { type: 'object', additionalProperties: text },
      ports: {
        type: 'array',
        items: { $ref: '#/types/meshvm:index:MachinePort', plain: true },
        plain: true,
        optional: true,
      },
    });
  });

  test('says what each input and output is', () => {
    for (const { inputProperties, properties } of Object.values(schema.resources)) {
      for (const [name, property] of Object.entries({ ...inputProperties, ...properties })) {
        expect([name, property]).toStrictEqual([name, expect.objectContaining({ description: expect.any(String) })]);
      }
    }
  });

  test('is what the engine constructs components by', async () => {
    const { value, resources } = await runProgram(async () => {
      const { state } = await new MeshvmProvider(text, () =>
        Promise.reject(new Error('no component of a cloud is made')),
      ).construct('db', 'meshvm:index:MeshVm', vmArgs() as unknown as Inputs, {});
      return await settled(output(state));
    });
    expect(value).toStrictEqual({
      machineName: 'db',
      namespace: 'payments',
      serviceAccount: 'db',
      labels: expect.objectContaining({ app: 'db' }),
      serviceHosts: ['db.payments.svc.cluster.local'],
    });
    expect(resources.map(({ name }) => name)).toContain('WorkloadEntry payments/db');
  });

  test('constructs policies of groups by their outputs', async () => {
    const labels = later<Record<string, string>>({ app: 'pay', version: 'v1' });
    const group = { groupName: later('pay'), namespace: later('payments'), serviceAccount: 'pay', labels };
    const args = { mesh: meshArgs(), target: { group } };
    const { resources } = await runProgram(async () => {
      await new MeshvmProvider(text, () => Promise.reject(new Error('no component of a cloud is made'))).construct(
        'strict',
        'meshvm:index:MutualTls',
        args as unknown as Inputs,
        {},
      );
    });
    expect(resources.find(({ name }) => name === 'strict-Resource')?.inputs).toMatchObject({
      metadata: { name: 'pay', namespace: 'payments' },
      spec: { selector: { matchLabels: { app: 'pay', version: 'v1' } } },
    });
  });

  test('has the names that users of other languages expect', () => {
    expect(schema.name).toBe('meshvm');
    expect(schema).not.toHaveProperty('namespace');
    expect(Object.keys(schema.types).filter((token) => token.endsWith('Args'))).toStrictEqual([]);
  });

  test("has elements of components' lists that may be Inputs, for which alone Go gets types", () => {
    const { accessLogs } = component('Telemetry').inputProperties;
    expect(accessLogs).toMatchObject({ plain: true, items: { $ref: '#/types/meshvm:index:TelemetryAccessLog' } });
    const items = Object.values(schema.resources).flatMap(({ inputProperties }) =>
      Object.values(inputProperties).flatMap((property) => property.items ?? []),
    );
    expect(items.filter(({ $ref, plain }) => $ref !== undefined && plain === true)).toStrictEqual([]);
  });

  test.each([
    ['alertRuleFile', 'alertLabels certificateHoursLeft groups rootCertificateDaysLeft runbookUrl versionSkewHours'],
    ['prometheusJob', 'discovery group intervalSeconds jobName metrics timeoutSeconds'],
    ['dashboardJson', 'groups title'],
  ])('has the function %s, with these arguments', (name, inputs) => {
    const { properties = {} } = schema.functions[`meshvm:index:${name}`].inputs;
    expect(Object.keys(properties).sort().join(' ')).toBe(inputs);
  });

  test('needs no other package, and takes the provider of a cloud as any', () => {
    const others = [...text.matchAll(/"\$ref":"(?!#\/types\/)([^"]+)"/g)].map(([, reference]) => reference);
    expect([...new Set(others)]).toStrictEqual(['pulumi.json#/Any']);
    expect(schema.types['meshvm:index:EksCluster'].properties?.provider).toMatchObject({ $ref: 'pulumi.json#/Any' });
  });

  test('has the version of the package', () => {
    expect(schema.version).toBe(jest.requireActual<{ version: string }>('../../package.json').version);
  });
});

function withoutDescriptions(properties: Readonly<Record<string, object>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, { description, ...others }]: [string, { description?: string }]) => [
      key,
      others,
    ]),
  );
}
