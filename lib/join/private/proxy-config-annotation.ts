import { type Problems, rule } from '../../core/problems';
import { PROXY_CONFIG_ANNOTATION } from '../files/machine-bundle';

const PROXY_CONFIG = rule({
  id: 'annotation/proxy-config',
  origin: 'ignored',
  allowed: 'a ProxyConfig in YAML: a map of its fields, proxyMetadata a map of strings without line breaks',
  remedy: 'correct the text; see the ProxyConfig of Istio',
  source: 'istio istioctl/pkg/workload: the text is read when the files of a machine are made, and an error stops that',
});

/** The annotation that changes how machines join. */
export function checkProxyConfigAnnotation(problems: Problems, annotations: Readonly<Record<string, unknown>>): void {
  const property = `annotations["${PROXY_CONFIG_ANNOTATION}"]`;
  const isProxyConfig = () => parseProxyConfigAnnotation(annotations) !== undefined;
  problems.check(PROXY_CONFIG, property, annotations[PROXY_CONFIG_ANNOTATION], isProxyConfig);
}

/** The ProxyConfig of the annotation; empty without one, undefined when it is none. */
export function parseProxyConfigAnnotation(
  annotations: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const text = annotations[PROXY_CONFIG_ANNOTATION];
  if (typeof text !== 'string') return {};
  const value = parseYaml11(text);
  if (!isMap(value)) return undefined;
  const metadata = value.proxyMetadata ?? value.proxy_metadata ?? {};
  const isText = (item: unknown) => typeof item === 'string' && !/[\r\n\0]/.test(item);
  return isMap(metadata) && Object.values(metadata).every(isText) ? value : undefined;
}

/** Go's YAML reads yes and on as true. The parser is loaded when first needed: few groups need it, and it is not small. */
function parseYaml11(text: string): unknown {
  const { parse } = require('yaml') as typeof import('yaml');
  try {
    return parse(text, { version: '1.1', logLevel: 'error' });
  } catch {
    return undefined;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
