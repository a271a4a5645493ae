import { type Problems, rule } from '../problems';

const SPIFFE_ID = rule({
  id: 'identity/spiffe-id',
  origin: 'ignored',
  allowed:
    'spiffe://, a trust domain of a-z, 0-9, ".", "-" and "_", and a path of letters, digits, ".", "-", "_" and "/"',
  remedy: 'give the whole URI of the certificate, such as spiffe://cluster.local/ns/shop/sa/catalog',
  source: 'SPIFFE-ID specification, section 2; Envoy compares the URI byte by byte',
});

const FORM = /^spiffe:\/\/[a-z0-9._-]{1,255}(\/[A-Za-z0-9._-]+)+$/;

/** A whole SPIFFE ID; without wildcard: Envoy compares it as it is. */
export function checkSpiffeId(problems: Problems, property: string, value: unknown): void {
  problems.check(SPIFFE_ID, property, value, isSpiffeId);
}

function isSpiffeId(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 2048 && FORM.test(value) && !/\/\.{1,2}(\/|$)/.test(value);
}
