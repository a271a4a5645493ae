import { type Problems, rule } from '../problems';

const PATH = rule({
  id: 'authorization/path',
  origin: 'ignored',
  allowed:
    'a path that starts with "/", "*" last for a prefix; "*" and an end for a suffix; no query, "\\", "." or ".." segments, spaces',
  remedy: 'write the path as the application sees it, without its query; for one segment of any name write {*}',
  source:
    'istio authz/matcher StringMatcher: "*" means something at one end alone; Envoy matches the normalized path without its query',
});
const PATH_TEMPLATE = rule({
  id: 'authorization/path-template',
  origin: 'istio',
  allowed: "{*} or a last {**} as whole segments, beside segments of letters, digits and -._~%!$&'()+,;:@=",
  remedy: 'correct the template, or write "*" at one end',
  source: 'istio pkg/config/security CheckValidPathTemplate',
});

const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** A pattern of paths as an AuthorizationPolicy has it. */
export function checkPathPattern(problems: Problems, property: string, path: string): void {
  problems.check(PATH_TEMPLATE, property, path, (text) => !hasTemplate(text) || isTemplate(text));
  problems.check(PATH, property, path, (text) =>
    hasTemplate(text) ? !isTemplate(text) || text.startsWith('/') : isPattern(text),
  );
}

function hasTemplate(path: string): boolean {
  return /[{}]/.test(path);
}

/** Requests come with normalized paths, so that others never match. */
function isPattern(path: string): boolean {
  if (path === '*') return true;
  const stars = path.split('*').length - 1;
  if (stars > 1 || (stars === 1 && !path.startsWith('*') && !path.endsWith('*'))) return false;
  if (!path.startsWith('/') && !path.startsWith('*')) return false;
  return !/[?#\\\s]|\/\.\.?(\/|$)/.test(path);
}

function isTemplate(path: string): boolean {
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  const any = segments.indexOf('{**}');
  const templates = new Set(['{*}', '{**}']);
  return segments.every((segment, index) =>
    templates.has(segment) ? any === -1 || index <= any : LITERAL.test(segment),
  );
}
