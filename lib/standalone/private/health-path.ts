import { type Problems, rule } from '../../core/problems';

const PATH = rule({
  id: 'standalone/health-path',
  origin: 'meshvm',
  allowed: 'a path that starts with "/", without white space and control characters',
  remedy: 'give the path alone, such as /healthz',
  source: 'Envoy: health checks with another path are refused by servers, or by Envoy itself',
});

/** The path of a health check by HTTP. */
export function checkHealthPath(problems: Problems, property: string, value: string | undefined): void {
  problems.check(PATH, property, value, (path) => /^\/[!-~]*$/.test(path));
}
