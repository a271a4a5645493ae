import { telemetry } from '../../../lib/observability/manifests/telemetry';

const SETTINGS = {
  name: 'default',
  namespace: 'payments',
  matchLabels: undefined,
  accessLogs: [],
  tracing: undefined,
  metrics: undefined,
};

describe('telemetry', () => {
  test('writes the parts that there are, and of them what is set', () => {
    expect(telemetry(SETTINGS).spec).toStrictEqual({});
    const tracing = { provider: undefined, samplingPercent: 0, tags: {}, disabled: true };
    expect(telemetry({ ...SETTINGS, tracing }).spec).toStrictEqual({
      tracing: [{ randomSamplingPercentage: 0, disableSpanReporting: true }],
    });
  });

  test('keeps apart what is switched off, switched on, and left as it is', () => {
    const override = { metric: 'ALL_METRICS', mode: 'SERVER', tags: {}, removedTags: [] };
    const overrides = [true, false, undefined].map((disabled) => ({ ...override, disabled }));
    const match = { metric: 'ALL_METRICS', mode: 'SERVER' };
    expect(telemetry({ ...SETTINGS, metrics: { provider: 'prometheus', overrides } }).spec).toStrictEqual({
      metrics: [
        {
          providers: [{ name: 'prometheus' }],
          overrides: [{ match, disabled: true }, { match, disabled: false }, { match }],
        },
      ],
    });
  });
});
