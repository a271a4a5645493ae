import fc from 'fast-check';
import type { ControlPlaneProps } from '../../lib/control-plane/control-plane-props';
import type { ExtensionProvider } from '../../lib/control-plane/extension-provider';
import { istiodValues } from '../../lib/control-plane/manifests/helm-values';
import type { MeshNetwork } from '../../lib/control-plane/mesh-network';
import { checkControlPlane, resolveControlPlane } from '../../lib/control-plane/private/control-plane';
import { Problems } from '../../lib/core/problems';
import { ValidationError, type ValidationProblem } from '../../lib/core/validation-error';
import { ROOT } from '../core/certificate-fixtures';
import { aMesh } from '../fixtures';
import { MeshConfigOracle } from './charts/mesh-config-oracle';

let oracle: MeshConfigOracle;

beforeAll(async () => {
  oracle = await MeshConfigOracle.open();
});

afterAll(() => oracle?.close());

/** What a program might hand to meshvm, good or bad. */
interface Input {
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  readonly networks: readonly MeshNetwork[];
  readonly providers: readonly ExtensionProvider[];
  readonly tracingProvider: string | undefined;
  /** Trust domains of roots besides the mesh's own. */
  readonly rootDomains: readonly string[];
}

describe('rules of the mesh configuration', () => {
  it('agree with istiod: what is accepted it accepts, what is refused in its name it refuses', async () => {
    const seen = { accepted: 0, refusedByIstio: 0 };
    await fc.assert(
      fc.asyncProperty(input(), async (given) => {
        const problems = problemsOf(given);
        const { mesh, networks, providers } = await oracle.ask(configurationAround(given));
        if (problems.length === 0) {
          seen.accepted += 1;
          expect({ mesh, networks, providers }).toEqual({ mesh: '', networks: '', providers: '' });
        } else if (problems.some(({ origin }) => origin === 'istio')) {
          seen.refusedByIstio += 1;
          expect(`${mesh}${networks}`).not.toBe('');
        }
      }),
      { numRuns: 10_000 },
    );
    // Neither half of the comparison is empty.
    expect(Math.min(seen.accepted, seen.refusedByIstio)).toBeGreaterThan(1000);
  });
});

/** Everything that meshvm would say of the input, were each part of it given where it belongs. */
function problemsOf(given: Input): readonly ValidationProblem[] {
  const problems: ValidationProblem[] = [];
  const own = new Problems();
  try {
    aMesh({ trustDomain: given.trustDomain });
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    problems.push(...error.problems);
  }
  const props = propsAround(given);
  checkControlPlane(own, props, resolveControlPlane(props));
  return [...problems, ...own.all];
}

/** What istiod would read if nothing were checked. */
function configurationAround(given: Input) {
  const settings = { ...resolveControlPlane(propsAround(given)), trustDomain: given.trustDomain };
  const { meshConfig, global } = istiodValues(settings) as { meshConfig: unknown; global: { meshNetworks?: unknown } };
  return { mesh: meshConfig, networks: { networks: global.meshNetworks ?? {} } };
}

/** The rest, with a mesh that is good. */
function propsAround(given: Input): ControlPlaneProps {
  return {
    mesh: aMesh({
      proxy: { tracingProvider: given.tracingProvider, proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
    }),
    additionalRoots: [{ pem: ROOT, trustDomains: given.rootDomains }],
    trustDomainAliases: given.trustDomainAliases,
    meshNetworks: given.networks,
    extensionProviders: given.providers,
  };
}

function input(): fc.Arbitrary<Input> {
  return fc.record({
    trustDomain: mostly(fc.constantFrom('cluster.local', 'acme.example', 'Acme.'), text()),
    trustDomainAliases: fc.array(mostly(fc.constantFrom('old.example', 'td2'), text()), { maxLength: 2 }),
    // Of two networks with one name only the second would reach istiod.
    networks: fc.uniqueArray(network(), { maxLength: 2, selector: ({ name }) => name }),
    providers: fc.array(provider(), { maxLength: 2 }),
    rootDomains: fc.array(mostly(fc.constantFrom('old.example', 'td2'), text()), { maxLength: 2 }),
    tracingProvider: mostly(fc.constant(undefined), fc.constantFrom('otel', 'zipkin', 'Otel', 'none')),
  });
}

function network(): fc.Arbitrary<Input['networks'][number]> {
  const cidr = mostly(
    fc.constantFrom('10.0.0.0/8', 'fd00::/64'),
    fc.constantFrom('10.0.0.1/8', '10.0.0.1', '10/8', 'x', ''),
  );
  const cluster = mostly(fc.constantFrom('prod-us', 'Prod'), text());
  const address = mostly(fc.constantFrom('10.0.0.5', '::1', 'gw.example.com', 'gw'), text());
  const serviceHost = mostly(fc.constantFrom('gw.istio-system.svc.cluster.local'), text());
  const port = mostly(fc.constantFrom(15443, 1, 65535), fc.constantFrom(0, 65536));
  return fc.record({
    name: fc.constantFrom('dc-1', 'dc-2', 'vpc-prod'),
    endpoints: fc.array(
      fc.oneof(
        cidr.map((value) => ({ fromCidr: value })),
        cluster.map((value) => ({ fromRegistry: value })),
      ),
      { maxLength: 2 },
    ),
    gateways: fc.array(fc.oneof(fc.record({ address, port }), fc.record({ serviceHost, port })), { maxLength: 2 }),
  });
}

function provider(): fc.Arbitrary<Input['providers'][number]> {
  const service = mostly(
    fc.constantFrom('otel.obs.svc.cluster.local', 'obs/otel.obs.svc.cluster.local', 'a.b'),
    fc.oneof(text(), fc.constantFrom('otel', 'a/b/c', '/x.y', '10.0.0.1')),
  );
  const port = mostly(fc.constantFrom(4317, 65535), fc.constantFrom(0, 65536));
  return fc.record({
    name: mostly(fc.constantFrom('otel', 'zipkin', 'envoy'), fc.constantFrom('', 'Envoy')),
    custom: fc.record({
      kind: fc.constantFrom('opentelemetry', 'envoyOtelAls', 'envoyExtAuthzGrpc', 'envoyExtAuthzHttp'),
      settings: fc.record({ service, port }),
    }),
  });
}

/** One in twelve is likely bad. */
function mostly<T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: good, weight: 11 }, { arbitrary: bad, weight: 1 });
}

/**
 * Text that might be a DNS name. It has no "%": Go takes fe80::1%eth0 for an address of a gateway, and meshvm does not, because
 * Envoy could not use it.
 */
function text(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9]{0,3}[-._a-zA-Z0-9*]{0,8}\.?$/),
    fc.string({ maxLength: 6 }).map((value) => value.replaceAll('%', '')),
    fc.constantFrom('a'.repeat(64), `${'a.'.repeat(127)}aa`, `${'a.'.repeat(127)}a`, '1', 'a.1', 'a..b', '.'),
  );
}
