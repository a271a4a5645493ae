import { checkExtensionProvider } from '../../control-plane/extension-provider-checks';
import { ACCESS_LOG_KINDS, BUILT_IN_PROVIDERS, kindsOf, TRACING_KINDS } from '../../control-plane/provider-kinds';
import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkRequired } from '../../core/values/names';
import type { TelemetrySettings } from '../manifests/telemetry';
import type { TelemetryProps } from '../telemetry-props';

const UNKNOWN = rule({
  id: 'telemetry/provider-unknown',
  origin: 'ignored',
  allowed: 'an extension provider of the control plane',
  remedy: 'declare it in extensionProviders of ControlPlane',
  source: 'istio pilot/pkg/model Telemetries.fetchProvider: an unknown provider gets nothing',
});
const KIND = rule({
  id: 'telemetry/provider-kind',
  origin: 'ignored',
  allowed: 'a provider of that kind of telemetry',
  remedy: 'name another provider',
  source: 'istio pilot telemetryAccessLog, core/tracing configureFromProviderConfig: others get nothing',
});
const NO_TRACING_PROVIDER = rule({
  id: 'telemetry/no-tracing-provider',
  origin: 'ignored',
  allowed: "a provider, here or as the mesh's proxy.tracingProvider",
  remedy: 'say where the spans go',
  source: 'istio pilot/pkg/model Telemetries.Tracing: without a provider nothing is traced',
});

const METRICS_KINDS: ReadonlySet<string> = new Set(['prometheus']);

/** Whether somebody takes what the Telemetry tells: as far as the providers of the control plane are known. */
export function checkTelemetryProviders(
  problems: Problems,
  { mesh, controlPlane }: TelemetryProps,
  { accessLogs, tracing, metrics }: TelemetrySettings,
): void {
  const declared = controlPlane && kindsOf(controlPlane.extensionProviders);
  controlPlane?.extensionProviders.forEach((provider, index) => {
    checkExtensionProvider(problems.at(`controlPlane.extensionProviders[${index}]`), provider);
  });
  const known = new Map([...BUILT_IN_PROVIDERS, ...(declared ?? [])]);
  const check = (property: string, name: string, kinds: ReadonlySet<string>) => {
    checkRequired(problems, property, name);
    if (isDeferred(name) || name === '') return;
    const kind = known.get(name.toLowerCase());
    if (kind !== undefined && !kinds.has(kind)) {
      problems.add(KIND, property, name, {
        allowed: `a provider of kind ${[...kinds].join(', ')}; this one is ${kind}`,
      });
    }
    if (kind === undefined && declared !== undefined) {
      problems.add(UNKNOWN, property, name, { allowed: `one of ${[...known.keys()].join(', ')}` });
    }
  };
  accessLogs.forEach(({ provider }, index) => void check(`accessLogs[${index}].provider`, provider, ACCESS_LOG_KINDS));
  if (tracing?.provider !== undefined) check('tracing.provider', tracing.provider, TRACING_KINDS);
  else if (tracing !== undefined && !tracing.disabled && mesh.proxy.tracingProvider === undefined) {
    problems.add(NO_TRACING_PROVIDER, 'tracing.provider', undefined);
  }
  if (metrics !== undefined) check('metrics.provider', metrics.provider, METRICS_KINDS);
}
