import { isDeferred, type Problems, rule } from '../../core/problems';

export const PATH = rule({
  id: 'standalone/health-path',
  origin: 'meshvm',
  allowed: 'a path that starts with "/", without white space and control characters',
  remedy: 'give the path alone, such as /healthz',
  source: 'Envoy: health checks with another path are refused by servers, or by Envoy itself',
});

/** The path of a health check by HTTP. */
export function checkHealthPath(problems: Problems, property: string, value: unknown): void {
  if (isDeferred(value)) return;
  if (typeof value !== 'string' || !/^\/[!-~]*$/.test(value)) problems.add(PATH, property, value);
}
