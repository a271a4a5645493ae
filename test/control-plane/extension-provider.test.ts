import { ExtensionProvider } from '../../lib/control-plane/extension-provider';
import { problemsOf } from '../fixtures';

const BACKEND = { service: 'otel.observability.svc.cluster.local', port: 4317 };

describe('an extension provider', () => {
  test.each([
    [
      ExtensionProvider.openTelemetryTracing('otel', BACKEND),
      { name: 'otel', kind: 'opentelemetry', settings: BACKEND },
    ],
    [
      ExtensionProvider.openTelemetryTracing('otel', { ...BACKEND, httpPath: '/v1/traces' }),
      { name: 'otel', kind: 'opentelemetry', settings: { ...BACKEND, http: { path: '/v1/traces', timeout: '5s' } } },
    ],
    [ExtensionProvider.zipkinTracing('zipkin', BACKEND), { name: 'zipkin', kind: 'zipkin', settings: BACKEND }],
    [
      ExtensionProvider.fileAccessLog('envoy'),
      { name: 'envoy', kind: 'envoyFileAccessLog', settings: { path: '/dev/stdout' } },
    ],
    [
      ExtensionProvider.fileAccessLog('json', { json: {} }),
      { name: 'json', kind: 'envoyFileAccessLog', settings: { path: '/dev/stdout', logFormat: { labels: {} } } },
    ],
    [
      ExtensionProvider.openTelemetryAccessLog('log', { ...BACKEND, logName: 'machines' }),
      { name: 'log', kind: 'envoyOtelAls', settings: { ...BACKEND, logName: 'machines' } },
    ],
    [
      ExtensionProvider.fromMeshConfig('authz', 'envoyExtAuthzHttp', { ...BACKEND, pathPrefix: '/check' }),
      { name: 'authz', kind: 'envoyExtAuthzHttp', settings: { ...BACKEND, pathPrefix: '/check' } },
    ],
  ])('stands as in the mesh configuration: %#', (provider, expected) => {
    expect({ ...provider }).toStrictEqual(expected);
  });

  test.each(['otel.observability.svc.cluster.local', 'observability/otel.example.com'])('reaches %p', (service) => {
    expect(ExtensionProvider.zipkinTracing('zipkin', { service, port: 9411 }).settings.service).toBe(service);
  });

  test.each(['', 'otel', '10.0.0.1', 'a/b', '/otel.example.com', 'a/b/otel.example.com', 'https://otel.example.com'])(
    'would never find the service %p',
    (service) => {
      expect(problemsOf(() => ExtensionProvider.zipkinTracing('zipkin', { service, port: 9411 }))).toStrictEqual([
        'service [extension-provider/service]',
      ]);
    },
  );

  test.each(['', 'Envoy', 'PROMETHEUS'])('can not be called %p', (name) => {
    expect(problemsOf(() => ExtensionProvider.fileAccessLog(name))).toStrictEqual(['name [extension-provider/name]']);
  });

  test('of a kind that Istio has given up is refused', () => {
    expect(problemsOf(() => ExtensionProvider.fromMeshConfig('old', 'opencensus', BACKEND))).toStrictEqual([
      'kind [extension-provider/kind]',
    ]);
  });

  test('that sends spans by HTTP says after how long it gives up: Envoy refuses what does not', () => {
    const http = { path: '/v1/traces' };
    const made = (settings: object) =>
      ExtensionProvider.fromMeshConfig('otel', 'opentelemetry', { ...BACKEND, ...settings });
    expect(problemsOf(() => made({ http }))).toStrictEqual(['http.timeout [extension-provider/http-timeout]']);
    expect(made({ http: { ...http, timeout: '1s' } }).kind).toBe('opentelemetry');
  });

  test('writes its log in one format, and its paths from the root', () => {
    expect(problemsOf(() => ExtensionProvider.fileAccessLog('envoy', { text: '%PATH%', json: {} }))).toStrictEqual([
      'json [extension-provider/log-format]',
    ]);
    expect(problemsOf(() => ExtensionProvider.openTelemetryTracing('o', { ...BACKEND, httpPath: 'v1' }))).toStrictEqual(
      ['httpPath [extension-provider/path]'],
    );
    expect(problemsOf(() => ExtensionProvider.zipkinTracing('z', { ...BACKEND, path: 'v1', port: 0 }))).toStrictEqual([
      'port [port/number]',
      'path [extension-provider/path]',
    ]);
  });
});
