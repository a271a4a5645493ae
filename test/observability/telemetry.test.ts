import { type Chart, Testing } from 'cdk8s';
import {
  AccessLogFilter,
  ControlPlane,
  ExtensionProvider,
  IstioMetric,
  MeshVmGroup,
  Telemetry,
  type TelemetryProps,
  TracingTag,
  WorkloadMode,
  WorkloadTarget,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const LOG = { accessLogs: [{}] };
const OTEL = ExtensionProvider.openTelemetryTracing('otel', {
  service: 'otel.observability.svc.cluster.local',
  port: 4317,
});

function telemetry(chart: Chart, props: Partial<TelemetryProps>): Telemetry {
  return new Telemetry(chart, 'telemetry', { mesh: aMesh(), target: WorkloadTarget.namespace(), ...props });
}

function specOf(props: Partial<TelemetryProps>): unknown {
  const chart = aChart();
  telemetry(chart, props);
  return Testing.synth(chart)[0].spec;
}

describe('Telemetry', () => {
  test('for a group selects its app and version, and is called after it', () => {
    const chart = aChart();
    const target = WorkloadTarget.group(new MeshVmGroup(chart, 'pay', groupProps()));
    const made = telemetry(chart, { target, ...LOG });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'pay', namespace: 'payments' },
      spec: {
        selector: { matchLabels: { app: 'pay', version: 'latest' } },
        accessLogging: [{ providers: [{ name: 'envoy' }] }],
      },
    });
    expect([made.telemetryName, made.namespace]).toStrictEqual(['pay', 'payments']);
  });

  test('for the mesh stands in the namespace of the control plane', () => {
    const chart = aChart();
    telemetry(chart, { target: WorkloadTarget.mesh(), ...LOG });
    expect(Testing.synth(chart)).toMatchObject([{ metadata: { name: 'default', namespace: 'istio-system' } }]);
  });

  test('writes access logs with filters, of one side or both', () => {
    expect(
      specOf({
        accessLogs: [
          { filter: AccessLogFilter.statusAtLeast(400), mode: WorkloadMode.SERVER },
          { filter: AccessLogFilter.expression("request.method == 'POST'"), mode: WorkloadMode.CLIENT },
          { provider: 'json', disabled: true },
        ],
      }),
    ).toStrictEqual({
      accessLogging: [
        { providers: [{ name: 'envoy' }], match: { mode: 'SERVER' }, filter: { expression: 'response.code >= 400' } },
        {
          providers: [{ name: 'envoy' }],
          match: { mode: 'CLIENT' },
          filter: { expression: "request.method == 'POST'" },
        },
        { providers: [{ name: 'json' }], disabled: true },
      ],
    });
  });

  test('traces', () => {
    const tags = {
      team: TracingTag.literal('payments'),
      tenant: TracingTag.header('x-tenant', 'none'),
      rack: TracingTag.environment('RACK'),
    };
    expect(specOf({ tracing: { provider: 'otel', samplingPercent: 0, tags } })).toStrictEqual({
      tracing: [
        {
          providers: [{ name: 'otel' }],
          randomSamplingPercentage: 0,
          customTags: {
            team: { literal: { value: 'payments' } },
            tenant: { header: { name: 'x-tenant', defaultValue: 'none' } },
            rack: { environment: { name: 'RACK' } },
          },
        },
      ],
    });
    expect(specOf({ tracing: { disabled: true } })).toStrictEqual({ tracing: [{ disableSpanReporting: true }] });
  });

  test('changes metrics', () => {
    expect(
      specOf({
        metrics: {
          overrides: [
            { tags: { method: 'request.method' }, removedTags: ['request_protocol'] },
            { metric: IstioMetric.REQUEST_SIZE, mode: WorkloadMode.CLIENT, disabled: true },
          ],
        },
      }),
    ).toStrictEqual({
      metrics: [
        {
          providers: [{ name: 'prometheus' }],
          overrides: [
            {
              match: { metric: 'ALL_METRICS', mode: 'CLIENT_AND_SERVER' },
              tagOverrides: {
                method: { operation: 'UPSERT', value: 'request.method' },
                request_protocol: { operation: 'REMOVE' },
              },
            },
            { match: { metric: 'REQUEST_SIZE', mode: 'CLIENT' }, disabled: true },
          ],
        },
      ],
    });
  });

  const filter = AccessLogFilter.statusAtLeast(500);
  test.each<[string, Partial<TelemetryProps>, readonly string[]]>([
    ['a name that is none', { ...LOG, name: 'A' }, ['name [name/dns-subdomain]']],
    [
      'the namespace of the control plane',
      { ...LOG, target: WorkloadTarget.namespace('istio-system') },
      ['target [target/namespace-is-root]'],
    ],
    ['a target of which nothing is said', { ...LOG, target: {} }, ['target [shape/choice]']],
    ['nothing', { accessLogs: [] }, [' [telemetry/empty]']],
    [
      'parts that say nothing',
      { mesh: aMesh({ proxy: { tracingProvider: 'otel' } }), tracing: {}, metrics: { overrides: [{}] } },
      ['tracing [telemetry/empty]', 'metrics.overrides[0] [telemetry/empty]'],
    ],
    ['no overrides', { metrics: { overrides: [] } }, ['metrics.overrides [telemetry/empty]']],
    [
      'modes that are none',
      {
        accessLogs: [{ mode: 'x' as WorkloadMode }],
        metrics: { overrides: [{ mode: 'x' as WorkloadMode, metric: 'x' as IstioMetric, disabled: false }] },
      },
      [
        'accessLogs[0].mode [shape/value]',
        'metrics.overrides[0].mode [shape/value]',
        'metrics.overrides[0].metric [shape/value]',
      ],
    ],
    [
      'two logs of a provider on one side',
      { accessLogs: [{ mode: WorkloadMode.CLIENT }, { mode: WorkloadMode.SERVER }, { provider: 'Envoy', filter }] },
      ['accessLogs[2].provider [telemetry/access-log-twice]'],
    ],
    [
      'filters that are none, or useless',
      {
        accessLogs: [
          { provider: 'a', filter: AccessLogFilter.expression(' ') },
          { provider: 'b', filter: AccessLogFilter.statusAtLeast(600) },
          { provider: 'c', filter, disabled: true },
        ],
      },
      [
        'accessLogs[0].filter.expression [telemetry/filter]',
        'accessLogs[1].filter.statusAtLeast [telemetry/status]',
        'accessLogs[2].filter [telemetry/filter-of-disabled]',
      ],
    ],
    [
      'traces that nobody takes',
      { tracing: { samplingPercent: 5 } },
      ['tracing.provider [telemetry/no-tracing-provider]'],
    ],
    [
      'providers of another kind',
      { accessLogs: [{ provider: 'prometheus' }], tracing: { provider: 'envoy' } },
      ['accessLogs[0].provider [telemetry/provider-kind]', 'tracing.provider [telemetry/provider-kind]'],
    ],
    ['an empty provider', { accessLogs: [{ provider: '' }] }, ['accessLogs[0].provider [property/required]']],
    [
      'samples beyond all',
      { tracing: { provider: 'otel', samplingPercent: 101 } },
      ['tracing.samplingPercent [telemetry/sampling]'],
    ],
    [
      'tags without name or value',
      { tracing: { provider: 'otel', tags: { '': TracingTag.literal('a'), a: TracingTag.header('') } } },
      ['tracing.tags [telemetry/tag-name]', 'tracing.tags["a"].header.name [telemetry/tag-value]'],
    ],
    [
      'labels of metrics that mean nothing',
      {
        metrics: {
          overrides: [
            { tags: { a: '', b: 'x' }, removedTags: ['b', ''] },
            { disabled: true, removedTags: ['a'] },
          ],
        },
      },
      [
        'metrics.overrides[0].tags["a"] [telemetry/metric-tag-expression]',
        'metrics.overrides[0].removedTags [telemetry/metric-tag-twice]',
        'metrics.overrides[0].tags [telemetry/metric-tag-name]',
        'metrics.overrides[1].disabled [telemetry/tags-of-disabled-metric]',
      ],
    ],
  ])('refuses %s', (_what, props, expected) => {
    expect(problemsOf(() => telemetry(aChart(), props))).toStrictEqual(expected);
  });

  test('refuses a second one for the same workloads, whatever its name', () => {
    const chart = aChart();
    telemetry(chart, LOG);
    const target = WorkloadTarget.namespace();
    const second = errorOf(() => new Telemetry(chart, 'second', { mesh: aMesh(), target, name: 'other', ...LOG }));
    expect(second.problems).toMatchObject([
      { id: 'telemetry/target-twice', allowed: 'targets other than that of payments/telemetry' },
    ]);
  });

  describe('beside a control plane of its mesh', () => {
    /** What the complete program complains of. */
    const complaints = (order: 'first' | 'second', props: Partial<TelemetryProps>) => {
      const mesh = aMesh();
      const controlPlane = () => new ControlPlane({ mesh, extensionProviders: [OTEL] });
      if (order === 'second') controlPlane();
      const made = telemetry(aChart(), { mesh, ...props });
      if (order === 'first') controlPlane();
      return made.node.validate().flatMap((text) => text.match(/\[telemetry\/[a-z-]+\]/g) ?? []);
    };

    test.each(['first', 'second'] as const)('refuses providers that it does not have, when it comes %s', (order) => {
      const wrong = { accessLogs: [{ provider: 'otel' }], tracing: { provider: 'zipkin' } };
      expect(complaints(order, wrong)).toStrictEqual(['[telemetry/provider-kind]', '[telemetry/provider-unknown]']);
      expect(complaints(order, { accessLogs: [{}], tracing: { provider: 'OTel' } })).toStrictEqual([]);
    });

    test('knows nothing of one of another mesh, and takes the word of the one that it is given', () => {
      const tracing = { provider: 'zipkin' };
      const given = {
        extensionProviders: [ExtensionProvider.zipkinTracing('zipkin', { service: 'a.b.svc', port: 9411 })],
      };
      expect(complaints('second', { tracing, mesh: aMesh() })).toStrictEqual([]);
      expect(complaints('second', { tracing, controlPlane: given })).toStrictEqual([]);
    });
  });

  describe('with its control plane', () => {
    const mesh = aMesh();
    const json = ExtensionProvider.fileAccessLog('JSON', { json: {} });
    const controlPlane = new ControlPlane({ mesh, extensionProviders: [OTEL, json] });

    test("knows the providers, in any case, and Istio's own", () => {
      const accessLogs = [{ provider: 'json' }, { provider: 'envoy' }];
      const tracing = { provider: 'otel' };
      expect(() => telemetry(aChart(), { mesh, controlPlane, accessLogs, tracing })).not.toThrow();
    });

    test('refuses providers that it does not have, or of another kind', () => {
      const accessLogs = [{ provider: 'otel' }, { provider: 'loki' }];
      const error = errorOf(() => telemetry(aChart(), { mesh, controlPlane, accessLogs }));
      expect(error.problems).toMatchObject([
        { id: 'telemetry/provider-kind', allowed: expect.stringContaining('this one is opentelemetry') },
        { id: 'telemetry/provider-unknown', allowed: 'one of envoy, prometheus, stackdriver, otel, json' },
      ]);
    });
  });
});
