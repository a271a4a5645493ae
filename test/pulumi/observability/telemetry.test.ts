import * as cdk8sFace from 'meshvm';
import { ControlPlane, type ControlPlaneReferenceArgs, IstioMetric, Telemetry, WorkloadMode } from 'meshvm/pulumi';
import { aMesh } from '../../fixtures';
import { complaintOf, detailsOf, later, meshArgs, named, refusal, registered } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const mesh = meshArgs();

describe('Telemetry', () => {
  test('declares what the cdk8s construct declares', async () => {
    const declared = await expectSame(
      (chart) => {
        const { AccessLogFilter, IstioMetric, TracingTag, WorkloadMode, WorkloadTarget } = cdk8sFace;
        new cdk8sFace.Telemetry(chart, 'group', {
          mesh: aMesh(),
          target: WorkloadTarget.group(aGroup(chart)),
          accessLogs: [
            { filter: AccessLogFilter.statusAtLeast(400), mode: WorkloadMode.SERVER },
            { provider: 'otel', filter: AccessLogFilter.expression("request.method != 'GET'") },
          ],
          tracing: {
            provider: 'otel',
            samplingPercent: 5,
            tags: {
              team: TracingTag.literal('payments'),
              account: TracingTag.header('x-account', 'none'),
              zone: TracingTag.environment('ZONE'),
            },
          },
          metrics: {
            overrides: [
              { removedTags: ['request_protocol'], tags: { method: 'request.method' } },
              { metric: IstioMetric.REQUEST_SIZE, mode: WorkloadMode.CLIENT, disabled: true },
            ],
          },
        });
        const accessLogs = [{ disabled: true }];
        new cdk8sFace.Telemetry(chart, 'mesh', { mesh: aMesh(), target: WorkloadTarget.mesh(), accessLogs });
      },
      () => {
        new Telemetry('group', {
          mesh,
          target: { group: theGroup() },
          accessLogs: [
            { filter: { statusAtLeast: 400 }, mode: WorkloadMode.SERVER },
            { provider: 'otel', filter: { expression: "request.method != 'GET'" } },
          ],
          tracing: {
            provider: 'otel',
            samplingPercent: 5,
            tags: {
              team: { literal: 'payments' },
              account: { header: { name: 'x-account', defaultValue: 'none' } },
              zone: { environment: { name: 'ZONE' } },
            },
          },
          metrics: {
            overrides: [
              { removedTags: ['request_protocol'], tags: { method: 'request.method' } },
              { metric: IstioMetric.REQUEST_SIZE, mode: WorkloadMode.CLIENT, disabled: true },
            ],
          },
        });
        new Telemetry('mesh', { mesh, target: { mesh: true }, accessLogs: [{ disabled: true }] });
      },
    );
    expect(Object.keys(declared).sort()).toStrictEqual([
      'telemetry.istio.io/v1 Telemetry istio-system/default',
      'telemetry.istio.io/v1 Telemetry payments/payment-service',
    ]);
  });

  test('takes Inputs, and tells what it is called', async () => {
    const { value, resources } = await runProgram(async () => {
      const telemetry = new Telemetry('telemetry', {
        mesh,
        target: { namespace: later('payments') },
        tracing: { provider: 'otel', tags: { team: { literal: later('payments') } } },
      });
      return [await settled(telemetry.telemetryName), await settled(telemetry.namespace)];
    });
    expect(value).toStrictEqual(['default', 'payments']);
    expect(named(resources, 'telemetry-Resource').inputs.spec).toStrictEqual({
      tracing: [{ providers: [{ name: 'otel' }], customTags: { team: { literal: { value: 'payments' } } } }],
    });
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = {
      mesh,
      target: { namespace: 'istio-system' },
      accessLogs: [{}, { provider: 'otel', filter: { statusAtLeast: 99 } }],
      tracing: { samplingPercent: 101, tags: { team: { literal: '' } } },
      metrics: { overrides: [] },
    };
    const unchosen = { ...args, accessLogs: [{ filter: {} }], tracing: { tags: { team: {} } } };
    expect(await refusal(() => new Telemetry('telemetry', unchosen))).toStrictEqual([
      'accessLogs[0].filter [shape/choice]',
      'tracing.tags["team"] [shape/choice]',
    ]);
    expect(await refusal(() => new Telemetry('telemetry', args))).toStrictEqual([
      'target [target/namespace-is-root]',
      'tracing.provider [telemetry/no-tracing-provider]',
      'accessLogs[1].filter.statusAtLeast [telemetry/status]',
      'tracing.samplingPercent [telemetry/sampling]',
      'tracing.tags["team"].literal [telemetry/tag-value]',
      'metrics.overrides [telemetry/empty]',
    ]);
  });

  const backend = { service: 'otel-collector.observability.svc.cluster.local', port: 4317 };
  const extensionProviders = [
    { name: 'otel', openTelemetryTracing: backend },
    { name: 'File', fileAccessLog: { path: '/dev/stdout' } },
    { name: 'jaeger', custom: { kind: 'opentelemetry', settings: backend } },
  ];
  const outputs = { namespace: later('istio-system'), revision: later('') };
  const target = { namespace: 'payments' };

  test.each<readonly [string, () => ControlPlaneReferenceArgs]>([
    ['of the program', () => new ControlPlane('istio', { mesh, extensionProviders })],
    ['by its outputs', () => ({ ...outputs, extensionProviders })],
  ])('takes the providers of a control plane %s, and refuses others', async (_, controlPlane) => {
    await registered(() => {
      const common = { mesh, target, controlPlane: controlPlane() };
      const accessLogs = [{ provider: 'file' }];
      new Telemetry('good', { ...common, accessLogs, tracing: { provider: 'jaeger', samplingPercent: 1 } });
      const complaint = complaintOf(() => {
        const bad = { accessLogs: [{ provider: 'otel' }], tracing: { provider: 'zipkin' } };
        new Telemetry('bad', { ...common, target: { namespace: 'shop' }, ...bad });
      });
      expect(complaint).toStrictEqual([
        'accessLogs[0].provider [telemetry/provider-kind]',
        'tracing.provider [telemetry/provider-unknown]',
      ]);
    });
  });

  test.each(['first', 'second'] as const)(
    'refuses providers that no control plane has, when it comes %s',
    async (order) => {
      const errors = await failureOf(() => {
        const controlPlane = () => new ControlPlane('istio', { mesh, extensionProviders });
        if (order === 'second') controlPlane();
        new Telemetry('good', { mesh, target, tracing: { provider: 'otel' } });
        new Telemetry('bad', { mesh, target: { namespace: 'shop' }, tracing: { provider: 'zipkin' } });
        if (order === 'first') controlPlane();
      });
      expect(errors.map(detailsOf)).toStrictEqual([['tracing.provider [telemetry/provider-unknown]']]);
    },
  );

  test('refuses a control plane by its outputs of which nobody knows the providers', async () => {
    const args = { mesh, target, controlPlane: outputs, tracing: { provider: 'otel' } };
    expect(await refusal(() => new Telemetry('telemetry', args))).toStrictEqual([
      'controlPlane.extensionProviders [shape/missing]',
    ]);
  });

  test('refuses a second one of a group', async () => {
    await registered(() => {
      const args = { mesh, target: { group: theGroup() }, accessLogs: [{}] };
      new Telemetry('first', args);
      expect(() => new Telemetry('second', args)).toThrow('targets other than that of first');
    });
  });

  test('refuses what becomes known to be wrong', async () => {
    const accessLogs = [{ filter: { expression: later(' ') } }];
    const target = { namespace: 'payments' };
    const errors = await failureOf(() => new Telemetry('telemetry', { mesh, target, accessLogs }));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[telemetry/filter]'));
  });
});
