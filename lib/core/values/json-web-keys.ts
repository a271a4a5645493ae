import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { type Problems, rule } from '../problems';
import { checkRequired } from './names';

const JWKS = rule({
  id: 'request-authentication/jwks',
  origin: 'istio',
  allowed: 'a JSON Web Key Set: a JSON object whose "keys" is a list of keys (RFC 7517)',
  remedy: 'give the text that the address of the keys answers with',
  source: 'istio pkg/config/validation validateJwtRule: jwk.Parse',
});
const JWKS_KEY = rule({
  id: 'request-authentication/jwks-key',
  origin: 'ignored',
  allowed: 'a list "keys" of at least one public key (kty RSA, EC or OKP), with all of its parameters',
  remedy: 'give the keys as the issuer publishes them',
  source: 'Envoy: a token that none of the usable keys has signed is refused',
});
const JWKS_PRIVATE = rule({
  id: 'request-authentication/jwks-private-key',
  origin: 'ignored',
  allowed: 'public keys alone',
  remedy: 'remove the private parts (d, p, q, dp, dq, qi, k), and change the key: this text is no place for a secret',
  source: 'istio warnPrivateJwksKeys: only public keys are used',
});

/** A JSON Web Key Set. Private keys are not repeated in the message. */
export function checkJwks(problems: Problems, property: string, text: unknown): void {
  checkRequired(problems, property, text);
  problems.known(text, (known) => {
    if (typeof known === 'string' && known !== '') checkKeySet(problems, property, known);
  });
}

function checkKeySet(problems: Problems, property: string, text: string): void {
  const set = parsed(text);
  if (set === undefined) {
    problems.add(JWKS, property, `a text of ${text.length} characters`);
    return;
  }
  const keys = Array.isArray(set.keys) ? (set.keys as readonly unknown[]) : undefined;
  // Whatever else stands there may be a secret.
  if (!keys?.length) problems.add(JWKS_KEY, `${property}.keys`, keys ?? (set.keys === undefined ? undefined : {}));
  keys?.forEach((given, index) => {
    const key = isObject(given) ? (given as JsonWebKey) : {};
    const at = `${property}.keys[${index}]`;
    if ('d' in key || 'k' in key) problems.add(JWKS_PRIVATE, at, `a private key of type ${String(key.kty)}`);
    else if (!isPublicKey(key)) problems.add(JWKS_KEY, at, given);
  });
}

function parsed(text: string): { readonly keys?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPublicKey(key: JsonWebKey): boolean {
  try {
    createPublicKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
