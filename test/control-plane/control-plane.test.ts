import { ControlPlane } from '../../lib/control-plane/control-plane';
import type { ControlPlaneProps } from '../../lib/control-plane/control-plane-props';
import { ExtensionProvider } from '../../lib/control-plane/extension-provider';
import { TrustedRoots } from '../../lib/control-plane/trusted-roots';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { IstiodAccess } from '../../lib/mesh/istiod-access';
import type { MeshProps } from '../../lib/mesh/mesh-props';
import { Revision } from '../../lib/mesh/revision';
import { INTERMEDIATE, OTHER, ROOT } from '../core/certificate-fixtures';
import { aMesh, problemsOf } from '../fixtures';

function controlPlane(props: Partial<ControlPlaneProps> = {}, mesh: Partial<MeshProps> = {}): ControlPlane {
  return new ControlPlane({ mesh: aMesh(mesh), ...props });
}

function istiod(props: Partial<ControlPlaneProps> = {}, mesh: Partial<MeshProps> = {}): Record<string, unknown> {
  return { ...controlPlane(props, mesh).helmValues.istiod };
}

describe('a control plane', () => {
  test('says of its defaults what machines need', () => {
    expect(istiod()).toStrictEqual({
      global: {
        meshID: 'acme',
        network: 'vpc-prod',
        istioNamespace: 'istio-system',
        multiCluster: { clusterName: 'prod-eu' },
      },
      env: {
        PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION: 'true',
        PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS: 'true',
        PILOT_WORKLOAD_ENTRY_GRACE_PERIOD: '10s',
        GRPC_KEEPALIVE_INTERVAL: '10s',
        GRPC_KEEPALIVE_TIMEOUT: '10s',
        PILOT_ENABLE_IP_AUTOALLOCATE: 'true',
      },
      traceSampling: 1,
      keepaliveMaxServerConnectionAge: '1800s',
      autoscaleEnabled: true,
      autoscaleMin: 2,
      autoscaleMax: 5,
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                topologyKey: 'kubernetes.io/hostname',
                labelSelector: { matchLabels: { app: 'istiod', 'istio.io/rev': 'default' } },
              },
            },
            {
              weight: 50,
              podAffinityTerm: {
                topologyKey: 'topology.kubernetes.io/zone',
                labelSelector: { matchLabels: { app: 'istiod', 'istio.io/rev': 'default' } },
              },
            },
          ],
        },
      },
      meshConfig: {
        trustDomain: 'cluster.local',
        defaultProviders: { metrics: ['prometheus'] },
        defaultConfig: {
          holdApplicationUntilProxyStarts: true,
          proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' },
        },
      },
    });
  });

  test('has the releases base, istiod and gateway, in that order, at the version of the mesh', () => {
    const gateway = { loadBalancer: LoadBalancer.awsNlb(), namespace: 'machines' };
    const { releases } = controlPlane({ gateway }, { revision: Revision.named('1-31-1') });
    expect(releases.map(({ values, ...release }) => release)).toStrictEqual([
      { chart: 'base', releaseName: 'istio-base', namespace: 'istio-system', version: '1.31.1' },
      { chart: 'istiod', releaseName: 'istiod-1-31-1', namespace: 'istio-system', version: '1.31.1' },
      { chart: 'gateway', releaseName: 'istio-eastwestgateway', namespace: 'machines', version: '1.31.1' },
    ]);
  });

  test('has no gateway unless asked', () => {
    expect(Object.keys(controlPlane().helmValues)).toStrictEqual(['base', 'istiod']);
  });

  test('labels its namespace with the network of the mesh', () => {
    expect(controlPlane().namespaceLabels).toStrictEqual({ 'topology.istio.io/network': 'vpc-prod' });
  });

  test('carries the name that machines dial', () => {
    const { env } = istiod({}, { istiodAccess: IstiodAccess.dnsName('istiod.mesh.example.com') });
    expect(env).toMatchObject({ ISTIOD_CUSTOM_HOST: 'istiod.mesh.example.com' });
  });

  test('asks its proxies as often, and waits as long, as it is told', () => {
    const { env } = istiod({ keepaliveIntervalSeconds: 5, keepaliveTimeoutSeconds: 4 });
    expect(env).toMatchObject({ GRPC_KEEPALIVE_INTERVAL: '5s', GRPC_KEEPALIVE_TIMEOUT: '4s' });
  });

  test('logs where it is told, and only when the mesh logs', () => {
    const providers = (props: Partial<ControlPlaneProps>, accessLog: boolean) =>
      (istiod(props, { proxy: { accessLog } }).meshConfig as { defaultProviders: object }).defaultProviders;
    expect(providers({}, false)).toStrictEqual({ metrics: ['prometheus'] });
    expect(providers({}, true)).toStrictEqual({ metrics: ['prometheus'], accessLogging: ['envoy'] });
    const json = ExtensionProvider.fileAccessLog('json', { json: {} });
    expect(providers({ extensionProviders: [json], accessLogProviders: ['json'] }, true)).toStrictEqual({
      metrics: ['prometheus'],
      accessLogging: ['json'],
    });
  });
});

describe('revisions of a control plane', () => {
  test.each([
    ['the default', {}, Revision.default(), { revision: '', tags: [], validates: 'default' }],
    ['a named one', {}, Revision.named('1-31-1'), { revision: '1-31-1', tags: [], validates: '1-31-1' }],
    // Istio's charts would install a second control plane and call its Service istiod-default.
    ['the one named default', {}, Revision.named('default'), { revision: '', tags: [], validates: 'default' }],
    ['a tag on the unrevisioned one', {}, Revision.tag('prod'), { revision: '', tags: ['prod'], validates: 'default' }],
    [
      'a tag on a revision',
      { revision: '1-31-1' },
      Revision.tag('prod'),
      { revision: '1-31-1', tags: ['prod'], validates: '1-31-1' },
    ],
    [
      'a canary beside the tag',
      { revision: '1-32-0', revisionTags: [], defaultRevision: '1-31-1' },
      Revision.tag('prod'),
      { revision: '1-32-0', tags: [], validates: '1-31-1' },
    ],
  ])('%s', (_, props, revision, expected) => {
    const control = controlPlane(props, { revision });
    expect({ revision: control.revision, tags: control.revisionTags }).toStrictEqual({
      revision: expected.revision,
      tags: expected.tags,
    });
    expect(control.helmValues.istiod.revision).toBe(expected.revision === '' ? undefined : expected.revision);
    expect(control.helmValues.istiod.revisionTags).toStrictEqual(expected.tags.length > 0 ? expected.tags : undefined);
    expect(control.helmValues.base.defaultRevision).toBe(expected.validates);
  });

  test.each([
    [{ revision: '1-31-1' }, Revision.default(), ['revision [control-plane/revision]']],
    [{ revision: '1-30-3' }, Revision.named('1-31-1'), ['revision [control-plane/revision]']],
    [{ revision: '1.31.1' }, Revision.tag('prod'), ['revision [name/dns-label]']],
    [{ revisionTags: ['default'] }, Revision.default(), ['revisionTags[0] [control-plane/revision-tag]']],
    [{ revisionTags: ['a', 'a'] }, Revision.default(), ['revisionTags[1] [control-plane/revision-tag]']],
    [{ revisionTags: ['1-31-1'] }, Revision.named('1-31-1'), ['revisionTags[0] [control-plane/revision-tag]']],
    [{ revisionTags: ['A'] }, Revision.default(), ['revisionTags[0] [name/dns-label]']],
    [{}, Revision.tag('t'.repeat(44)), ['mesh.revision.tag [control-plane/revision-tag-length]']],
    [{}, Revision.named('r'.repeat(47)), ['mesh.revision [control-plane/release-name-length]']],
    [{ defaultRevision: '' }, Revision.default(), ['defaultRevision [property/required]']],
  ])('refuses %p for %p', (props, revision, expected) => {
    expect(problemsOf(() => controlPlane(props, { revision }))).toStrictEqual(expected);
  });

  test('takes the longest names that fit', () => {
    expect(
      controlPlane({ revision: 'r'.repeat(46) }, { revision: Revision.tag('t'.repeat(43)) }).revision,
    ).toHaveLength(46);
  });
});

describe('properties of a control plane', () => {
  test.each<[Partial<ControlPlaneProps>, readonly string[]]>([
    [{ disconnectGracePeriodSeconds: 0 }, ['disconnectGracePeriodSeconds [control-plane/seconds]']],
    [{ maxServerConnectionAgeSeconds: 1.5 }, ['maxServerConnectionAgeSeconds [control-plane/seconds]']],
    [{ keepaliveIntervalSeconds: 0 }, ['keepaliveIntervalSeconds [control-plane/seconds]']],
    [{ keepaliveTimeoutSeconds: 0.5 }, ['keepaliveTimeoutSeconds [control-plane/seconds]']],
    [{ trustDomainAliases: ['a.b.', 'a_b'] }, ['trustDomainAliases[1] [control-plane/trust-domain-alias]']],
    [{ minReplicas: 0 }, ['minReplicas [control-plane/replicas]']],
    [{ maxReplicas: 1 }, ['maxReplicas [control-plane/replicas]']],
    [{ accessLogProviders: ['envoy'] }, ['accessLogProviders [control-plane/access-log-off]']],
  ])('are refused: %j', (props, expected) => {
    expect(problemsOf(() => controlPlane(props))).toStrictEqual(expected);
  });

  test('name providers that are declared and of the right kind', () => {
    const zipkin = ExtensionProvider.zipkinTracing('zipkin', { service: 'zipkin.example.com', port: 9411 });
    const file = ExtensionProvider.fileAccessLog('file');
    const proxy = { tracingProvider: 'zipkin', accessLog: true };
    expect(problemsOf(() => controlPlane({}, { proxy }))).toStrictEqual([
      'mesh.proxy.tracingProvider [control-plane/provider-undeclared]',
    ]);
    expect(
      problemsOf(() => controlPlane({ extensionProviders: [file], accessLogProviders: ['file', 'zipkin'] }, { proxy })),
    ).toStrictEqual([
      'mesh.proxy.tracingProvider [control-plane/provider-undeclared]',
      'accessLogProviders[1] [control-plane/provider-undeclared]',
    ]);
    expect(istiod({ extensionProviders: [zipkin, file], accessLogProviders: ['file'] }, { proxy })).toMatchObject({
      meshConfig: {
        extensionProviders: [
          { name: 'zipkin', zipkin: { service: 'zipkin.example.com', port: 9411 } },
          { name: 'file', envoyFileAccessLog: { path: '/dev/stdout' } },
        ],
        defaultProviders: { tracing: ['zipkin'], accessLogging: ['file'] },
      },
    });
  });

  test('declare a provider once, in any case', () => {
    const provider = (name: string) => ExtensionProvider.fileAccessLog(name);
    expect(problemsOf(() => controlPlane({ extensionProviders: [provider('json'), provider('JSON')] }))).toStrictEqual([
      'extensionProviders[1] [control-plane/extension-provider-twice]',
    ]);
  });

  test('are refused all at once', () => {
    const gateway = { loadBalancer: LoadBalancer.awsNlb(), name: 'Gateway', minReplicas: 9, drainSeconds: 0 };
    expect(problemsOf(() => controlPlane({ minReplicas: -1, istiodEnv: { REVISION: 'x' }, gateway }))).toStrictEqual([
      'minReplicas [control-plane/replicas]',
      'istiodEnv["REVISION"] [control-plane/env-owned]',
      'gateway.name [name/service]',
      'gateway.minReplicas [gateway/replicas]',
      'gateway.drainSeconds [gateway/drain-seconds]',
    ]);
  });

  test('leave the load balancer its annotations', () => {
    const key = 'service.beta.kubernetes.io/aws-load-balancer-scheme';
    const gateway = { loadBalancer: LoadBalancer.awsNlb(), serviceAnnotations: { [key]: 'internet-facing' } };
    expect(problemsOf(() => controlPlane({ gateway }))).toStrictEqual([
      `gateway.serviceAnnotations["${key}"] [control-plane/annotation-of-load-balancer]`,
    ]);
  });

  test('of a gateway fit a Helm release', () => {
    const gateway = { loadBalancer: LoadBalancer.awsNlb(), name: 'g'.repeat(54) };
    expect(problemsOf(() => controlPlane({ gateway }))).toStrictEqual([
      'gateway.name [control-plane/release-name-length]',
    ]);
  });
});

describe('roots besides that of istiod', () => {
  const asking = aMesh({ proxy: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } } });
  const additionalRoots = [
    TrustedRoots.pem(ROOT + OTHER),
    TrustedRoots.pem(ROOT, { trustDomains: ['partner.example'] }),
  ];

  test('reach istiod one by one, and it gives them to who asks', () => {
    const { istiod } = new ControlPlane({ mesh: asking, additionalRoots }).helmValues;
    expect(istiod).toMatchObject({
      env: { ISTIO_MULTIROOT_MESH: 'true' },
      meshConfig: { defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } } },
    });
    const { caCertificates } = istiod.meshConfig as { readonly caCertificates: unknown };
    expect(caCertificates).toStrictEqual([
      { pem: ROOT },
      { pem: OTHER },
      { pem: ROOT, trustDomains: ['partner.example'] },
    ]);
  });

  test('leave no trace where there are none', () => {
    const { istiod } = new ControlPlane({ mesh: aMesh() }).helmValues;
    expect(istiod.env).not.toHaveProperty('ISTIO_MULTIROOT_MESH');
    expect(istiod.meshConfig).not.toHaveProperty('caCertificates');
  });

  test('are refused in a mesh whose proxies never ask for them', () => {
    expect(problemsOf(() => new ControlPlane({ mesh: aMesh(), additionalRoots }))).toStrictEqual([
      'mesh.proxy.proxyMetadata.PROXY_CONFIG_XDS_AGENT [control-plane/roots-unknown-to-proxies]',
    ]);
  });

  test('have one place', () => {
    const props = {
      meshConfig: { caCertificates: [{ pem: INTERMEDIATE }] },
      istiodEnv: { ISTIO_MULTIROOT_MESH: 'true' },
    };
    expect(problemsOf(() => new ControlPlane({ mesh: asking, ...props }))).toStrictEqual([
      'istiodEnv["ISTIO_MULTIROOT_MESH"] [control-plane/env-owned]',
      'meshConfig.caCertificates [control-plane/value-owned]',
    ]);
  });
});
