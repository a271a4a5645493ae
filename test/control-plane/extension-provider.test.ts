import { ControlPlane, ExtensionProvider } from 'meshvm';
import { aMesh, problemsOf } from '../fixtures';

const BACKEND = { service: 'otel.observability.svc.cluster.local', port: 4317 };

function controlPlane(provider: ExtensionProvider): ControlPlane {
  return new ControlPlane({ mesh: aMesh(), extensionProviders: [provider] });
}

/** Problems of a provider, by paths below it. */
function verdict(provider: ExtensionProvider): readonly string[] {
  return problemsOf(() => controlPlane(provider)).map((each) => each.replace('extensionProviders[0].', ''));
}

describe('an extension provider', () => {
  test.each([
    [ExtensionProvider.openTelemetryTracing('otel', BACKEND), { name: 'otel', opentelemetry: BACKEND }],
    [
      ExtensionProvider.openTelemetryTracing('otel', { ...BACKEND, httpPath: '/v1/traces' }),
      { name: 'otel', opentelemetry: { ...BACKEND, http: { path: '/v1/traces', timeout: '5s' } } },
    ],
    [ExtensionProvider.zipkinTracing('zipkin', BACKEND), { name: 'zipkin', zipkin: BACKEND }],
    [ExtensionProvider.fileAccessLog('envoy'), { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } }],
    [
      ExtensionProvider.fileAccessLog('json', { json: {} }),
      { name: 'json', envoyFileAccessLog: { path: '/dev/stdout', logFormat: { labels: {} } } },
    ],
    [
      ExtensionProvider.openTelemetryAccessLog('log', { ...BACKEND, logName: 'machines' }),
      { name: 'log', envoyOtelAls: { ...BACKEND, logName: 'machines' } },
    ],
    [
      ExtensionProvider.fromMeshConfig('authz', 'envoyExtAuthzHttp', { ...BACKEND, pathPrefix: '/check' }),
      { name: 'authz', envoyExtAuthzHttp: { ...BACKEND, pathPrefix: '/check' } },
    ],
    [
      { name: 'zipkin', zipkinTracing: BACKEND },
      { name: 'zipkin', zipkin: BACKEND },
    ],
  ])('stands as in the mesh configuration: %#', (provider, expected) => {
    expect(controlPlane(provider).helmValues.istiod.meshConfig).toMatchObject({ extensionProviders: [expected] });
  });

  test.each(['otel.observability.svc.cluster.local', 'observability/otel.example.com'])('reaches %p', (service) => {
    expect(() => controlPlane(ExtensionProvider.zipkinTracing('zipkin', { service, port: 9411 }))).not.toThrow();
  });

  test.each(['', 'otel', '10.0.0.1', 'a/b', '/otel.example.com', 'a/b/otel.example.com', 'https://otel.example.com'])(
    'would never find the service %p',
    (service) => {
      expect(verdict(ExtensionProvider.zipkinTracing('zipkin', { service, port: 9411 }))).toStrictEqual([
        'zipkinTracing.service [extension-provider/service]',
      ]);
    },
  );

  test.each(['', 'Envoy', 'PROMETHEUS'])('can not be called %p', (name) => {
    expect(verdict(ExtensionProvider.fileAccessLog(name))).toStrictEqual(['name [extension-provider/name]']);
  });

  test('of a kind that Istio has given up is refused', () => {
    expect(verdict(ExtensionProvider.fromMeshConfig('old', 'opencensus', BACKEND))).toStrictEqual([
      'custom.kind [extension-provider/kind]',
    ]);
  });

  test('of any kind says where its backend is', () => {
    expect(verdict(ExtensionProvider.fromMeshConfig('authz', 'envoyExtAuthzGrpc', {}))).toStrictEqual([
      'custom.settings.service [extension-provider/service]',
      'custom.settings.port [port/number]',
    ]);
  });

  test('that sends spans by HTTP says after how long it gives up: Envoy refuses what does not', () => {
    const http = { path: '/v1/traces' };
    const made = (settings: object) =>
      ExtensionProvider.fromMeshConfig('otel', 'opentelemetry', { ...BACKEND, ...settings });
    expect(verdict(made({ http }))).toStrictEqual(['custom.settings.http [extension-provider/http-timeout]']);
    expect(() => controlPlane(made({ http: { ...http, timeout: '1s' } }))).not.toThrow();
  });

  test('writes its log in one format, and its paths from the root', () => {
    expect(verdict(ExtensionProvider.fileAccessLog('envoy', { text: '%PATH%', json: {} }))).toStrictEqual([
      'fileAccessLog.json [extension-provider/log-format]',
    ]);
    const logFormat = { text: '%PATH%', labels: {} };
    expect(verdict(ExtensionProvider.fromMeshConfig('envoy', 'envoyFileAccessLog', { logFormat }))).toStrictEqual([
      'custom.settings.logFormat.labels [extension-provider/log-format]',
    ]);
    expect(verdict(ExtensionProvider.openTelemetryTracing('o', { ...BACKEND, httpPath: 'v1' }))).toStrictEqual([
      'openTelemetryTracing.httpPath [extension-provider/path]',
    ]);
    expect(verdict(ExtensionProvider.zipkinTracing('z', { ...BACKEND, path: 'v1', port: 0 }))).toStrictEqual([
      'zipkinTracing.port [port/number]',
      'zipkinTracing.path [extension-provider/path]',
    ]);
    const custom = { ...BACKEND, path: 'v1', http: { path: 'v1', timeout: '5s' } };
    expect(verdict(ExtensionProvider.fromMeshConfig('z', 'zipkin', custom))).toStrictEqual([
      'custom.settings.path [extension-provider/path]',
    ]);
    expect(verdict(ExtensionProvider.fromMeshConfig('o', 'opentelemetry', custom))).toStrictEqual([
      'custom.settings.http.path [extension-provider/path]',
    ]);
  });

  test('is of one kind', () => {
    expect(problemsOf(() => controlPlane({ name: 'none' }))).toStrictEqual(['extensionProviders[0] [shape/choice]']);
    const two = { name: 'two', zipkinTracing: BACKEND, openTelemetryTracing: BACKEND };
    expect(problemsOf(() => controlPlane(two))).toStrictEqual(['extensionProviders[0] [shape/choice]']);
  });
});
