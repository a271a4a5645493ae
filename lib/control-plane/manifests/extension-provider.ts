import { compact, nonEmpty } from '../../core/kubernetes-object';
import type { PlainData } from '../../core/plain-data';
import type { ExtensionProvider } from '../extension-provider';

/** A provider of Istio's mesh configuration. */
export interface ProviderSettings {
  /** Its kind, such as `opentelemetry`. */
  readonly kind: string;
  readonly settings: PlainData;
}

/** A provider as Istio's mesh configuration has it. */
export function providerSettings(provider: ExtensionProvider): ProviderSettings {
  const { openTelemetryTracing, zipkinTracing, fileAccessLog, openTelemetryAccessLog, custom } = provider;
  if (openTelemetryTracing !== undefined) {
    const { httpPath, ...backend } = openTelemetryTracing;
    // istiod passes the timeout on as it is, and Envoy refuses a whole listener without one. 5 s is istiod's own default for Zipkin.
    const http = httpPath === undefined ? undefined : { path: httpPath, timeout: '5s' };
    return { kind: 'opentelemetry', settings: compact({ ...backend, http }) };
  }
  if (zipkinTracing !== undefined) return { kind: 'zipkin', settings: compact({ ...zipkinTracing }) };
  if (fileAccessLog !== undefined) {
    const { path = '/dev/stdout', text, json } = fileAccessLog;
    const logFormat = nonEmpty(compact({ text, labels: json }));
    return { kind: 'envoyFileAccessLog', settings: compact({ path, logFormat }) };
  }
  if (openTelemetryAccessLog !== undefined) {
    return { kind: 'envoyOtelAls', settings: compact({ ...openTelemetryAccessLog }) };
  }
  return custom ?? { kind: '', settings: {} };
}

/** An element of `extensionProviders`. */
export function meshConfigProvider(provider: ExtensionProvider): PlainData {
  const { kind, settings } = providerSettings(provider);
  return { name: provider.name, [kind]: settings };
}
