import { createSign, type KeyLike } from 'node:crypto';

/** A JSON web token, signed with the key that its issuer publishes as `key`. It is good for an hour, unless the claims say otherwise. */
export function webToken(claims: object, key: KeyLike): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = part({ iat: now, exp: now + 3600, ...claims });
  const content = `${part({ alg: 'RS256', kid: 'key', typ: 'JWT' })}.${body}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(key, 'base64url')}`;
}
