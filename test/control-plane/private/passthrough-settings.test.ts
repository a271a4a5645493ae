import { ControlPlane } from '../../../lib/control-plane/control-plane';
import { ExtensionProvider } from '../../../lib/control-plane/extension-provider';
import { isMap } from '../../../lib/control-plane/manifests/helm-values';
import { NetworkGateway } from '../../../lib/control-plane/mesh-network';
import {
  checkIstiodEnv,
  checkMoreIstiodValues,
  checkMoreMeshConfig,
  OWNED_ISTIOD_VALUES,
  OWNED_MESH_CONFIG,
} from '../../../lib/control-plane/private/passthrough-settings';
import { Problems } from '../../../lib/core/problems';
import { Revision } from '../../../lib/mesh/revision';
import { aMesh, problemsOf } from '../../fixtures';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('further environment of istiod', () => {
  test.each(['1', '', 'a b:c=d', "it's", '#[]{}', 'ä→🚀'])('may say %p', (value) => {
    expect(verdict((p) => checkIstiodEnv(p, { PILOT_DEBOUNCE_MAX: value }))).toStrictEqual([]);
  });

  // The chart writes value: "..." and escapes nothing.
  test.each(['say "hi"', 'C:\\', 'two\nlines', 'tab\t', '\u0085', '\u2028', '\ud800'])('can not say %p', (value) => {
    expect(verdict((p) => checkIstiodEnv(p, { X: value }))).toStrictEqual(['istiodEnv["X"] [control-plane/env]']);
  });

  test.each([1, true, null])('is text, not %p', (value) => {
    const istiodEnv = { X: value as unknown as string };
    expect(problemsOf(() => new ControlPlane({ mesh: aMesh(), istiodEnv }))).toStrictEqual([
      'istiodEnv["X"] [shape/type]',
    ]);
  });

  test('may not set what is set already', () => {
    const env = {
      ...{ REVISION: 'a', ISTIOD_CUSTOM_HOST: 'b', GRPC_KEEPALIVE_INTERVAL: '5s' },
      ...{ CA_TRUSTED_NODE_ACCOUNTS: 'c', 'A-B': 'd' },
    };
    expect(verdict((p) => checkIstiodEnv(p, env))).toStrictEqual([
      'istiodEnv["REVISION"] [control-plane/env-owned]',
      'istiodEnv["ISTIOD_CUSTOM_HOST"] [control-plane/env-owned]',
      'istiodEnv["GRPC_KEEPALIVE_INTERVAL"] [control-plane/env-owned]',
      'istiodEnv["A-B"] [control-plane/env]',
    ]);
  });
});

describe('further mesh configuration', () => {
  test('may say what no property says', () => {
    const extra = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, defaultConfig: { concurrency: 2 } };
    expect(verdict((p) => checkMoreMeshConfig(p, extra, '1.31.1'))).toStrictEqual([]);
  });

  test('may say nothing that a property says, nor stand in its way', () => {
    const extra = {
      trustDomain: 'x',
      accessLogFile: '/dev/stdout',
      defaultConfig: { proxyMetadata: { A: 'b' }, tracing: { sampling: 10 } },
      defaultProviders: null,
    };
    expect(verdict((p) => checkMoreMeshConfig(p, extra, '1.31.1'))).toStrictEqual([
      'meshConfig.accessLogFile [control-plane/value-owned]',
      'meshConfig.trustDomain [control-plane/value-owned]',
      'meshConfig.defaultProviders [control-plane/value-owned]',
      'meshConfig.defaultConfig.proxyMetadata [control-plane/value-owned]',
      'meshConfig.defaultConfig.tracing.sampling [control-plane/value-owned]',
    ]);
  });

  test('is read by the Istio that meshvm knows, or is left to a later one', () => {
    const extra = { acessLogEncoding: 'JSON' };
    expect(verdict((p) => checkMoreMeshConfig(p, extra, '1.31.1'))).toStrictEqual([
      'meshConfig.acessLogEncoding [control-plane/value-unknown]',
    ]);
    expect(verdict((p) => checkMoreMeshConfig(p, extra, '1.32.0'))).toStrictEqual([]);
  });
});

describe('further values of the istiod chart', () => {
  test('may say what no property says', () => {
    const extra = {
      resources: { requests: { cpu: '2' } },
      global: { hub: 'mirror.example.com/istio' },
      cni: { enabled: true },
    };
    expect(verdict((p) => checkMoreIstiodValues(p, extra, '1.31.1'))).toStrictEqual([]);
  });

  test('may say nothing twice, and nothing where the chart does not look', () => {
    const extra = {
      env: { A: 'b' },
      pilot: { resources: {} },
      global: { network: 'x', multiCluster: 'y' },
      meshConfig: {},
      replicas: 3,
    };
    expect(verdict((p) => checkMoreIstiodValues(p, extra, '1.31.1'))).toStrictEqual([
      'istiodValues.pilot [control-plane/value-reserved]',
      'istiodValues.replicas [control-plane/value-unknown]',
      'istiodValues.env [control-plane/value-owned]',
      'istiodValues.global.multiCluster [control-plane/value-owned]',
      'istiodValues.global.network [control-plane/value-owned]',
      'istiodValues.meshConfig [control-plane/value-owned]',
    ]);
  });
});

describe('what properties own', () => {
  const { meshConfig, ...values } = new ControlPlane({
    mesh: aMesh({ revision: Revision.tag('prod'), proxy: { accessLog: true, tracingProvider: 'otel' } }),
    revision: '1-31-1',
    trustDomainAliases: ['old'],
    meshNetworks: [{ name: 'dc-1', gateways: [NetworkGateway.address('10.0.0.1')] }],
    extensionProviders: [ExtensionProvider.openTelemetryTracing('otel', { service: 'otel.example.com', port: 4317 })],
  }).helmValues.istiod;

  test('is all that they fill in', () => {
    expect(unowned(meshConfig, OWNED_MESH_CONFIG)).toStrictEqual([]);
    expect(unowned(values, OWNED_ISTIOD_VALUES)).toStrictEqual([]);
  });
});

/** Places of a tree that no owned place covers. */
function unowned(tree: unknown, owned: ReadonlyMap<string, string>, path = ''): readonly string[] {
  if (owned.has(path)) return [];
  if (!isMap(tree)) return [path];
  return Object.entries(tree).flatMap(([key, value]) => unowned(value, owned, path === '' ? key : `${path}.${key}`));
}
