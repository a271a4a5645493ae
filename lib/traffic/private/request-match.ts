import { isDeferred, type Problems, rule } from '../../core/problems';
import type { HeaderMatchSpec } from '../manifests/virtual-service';
import type { RequestMatch } from '../request-match';
import { isToken } from './load-balancing';

const HEADER_NAME = rule({
  id: 'request-match/header-name',
  origin: 'istio',
  allowed: "letters, digits and !#$%&'*+-.^_`|~, or one of :authority, :method, :path, :scheme",
  remedy: 'name the header',
  source: 'istio ValidateHTTPHeaderNameOrJwtClaimRoute',
});
const PREFIX_EMPTY = rule({
  id: 'request-match/prefix-empty',
  origin: 'istio',
  allowed: 'at least one character',
  remedy: 'use headerPresent for any value',
  source: 'istio validateStringMatch: prefix string match should not be empty',
});
const VALUE = rule({
  id: 'request-match/value',
  origin: 'ignored',
  allowed: 'a value that a header can have: no control characters, no white space at its ends, not empty',
  remedy: 'correct the value; headerPresent takes any',
  source: 'RFC 9110, section 5.5: proxies strip and refuse the others, so that no request would match',
});
const COOKIE = rule({
  id: 'request-match/cookie',
  origin: 'ignored',
  allowed:
    'name and value that a cookie can have: no white space, comma, semicolon, quote or backslash; the name no "="',
  remedy: 'correct the cookie; encode what it cannot hold',
  source: 'RFC 6265, section 4.1.1: no browser sends others',
});
const COOKIE_TOO_LONG = rule({
  id: 'request-match/cookie-too-long',
  origin: 'istio',
  allowed: 'a name and value that together with their escapes leave 32 of 1024 characters',
  remedy: 'match another cookie or header',
  source: 'istio validateStringRegexp: regex is too large, max length allowed is 1024',
});

const PSEUDO_HEADERS = new Set<unknown>([':method', ':scheme', ':authority', ':path', ':status']);
const COOKIE_VALUE = /^[!#-+\--:<-[\]-~]+$/;
const LONGEST_PATTERN = 1024;

/** The condition as Istio reads it. Envoy matches a pattern against the whole header. */
export function headerOf({ header, headerPrefix, headerPresent, cookie }: RequestMatch): HeaderMatchSpec {
  return {
    name: header?.name ?? headerPrefix?.name ?? headerPresent ?? 'cookie',
    exact: header?.value,
    prefix: headerPrefix?.prefix,
    regex: cookie && cookiePattern(cookie.name, cookie.value),
  };
}

/** Everything about a condition that Istio would refuse, or take and then never see match. */
export function checkRequestMatch(problems: Problems, match: RequestMatch): void {
  const { header, headerPrefix, headerPresent, cookie } = match;
  const names = { 'header.name': header?.name, 'headerPrefix.name': headerPrefix?.name, headerPresent };
  for (const [property, name] of Object.entries(names)) {
    problems.check(HEADER_NAME, property, name, (text) => isToken(text) || PSEUDO_HEADERS.has(text));
  }
  problems.check(VALUE, 'header.value', header?.value, isHeaderValue);
  problems.check(PREFIX_EMPTY, 'headerPrefix.prefix', headerPrefix?.prefix, (prefix) => prefix !== '');
  // A prefix may end where white space follows in the header.
  problems.check(VALUE, 'headerPrefix.prefix', headerPrefix?.prefix || undefined, (prefix) =>
    isHeaderValue(prefix.trimEnd()),
  );
  if (cookie === undefined || isDeferred(cookie.name) || isDeferred(cookie.value)) return;
  problems.check(COOKIE, 'cookie.name', cookie.name, isToken);
  problems.check(COOKIE, 'cookie.value', cookie.value, (value) => COOKIE_VALUE.test(value));
  if (cookiePattern(cookie.name, cookie.value).length > LONGEST_PATTERN) {
    problems.add(COOKIE_TOO_LONG, 'cookie', `${cookie.name}=${cookie.value}`);
  }
}

function isHeaderValue(text: string): boolean {
  return text !== '' && text.trim() === text && !hasControls(text);
}

function hasControls(text: string): boolean {
  return [...text].some((character) => (character < ' ' && character !== '\t') || character === '\x7f');
}

function cookiePattern(name: string, value: string): string {
  return `(.*;[ ]*)?${escaped(name)}=${escaped(value)}([ ]*;.*)?`;
}

/** RE2 takes a backslash before any of these for the character itself. */
function escaped(text: unknown): string {
  return String(text).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
