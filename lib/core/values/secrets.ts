import { gunzipSync } from 'node:zlib';
import { type Problems, rule } from '../problems';

const SECRET = rule({
  id: 'user-data/secret',
  origin: 'meshvm',
  allowed: 'text without keys, tokens or passwords',
  remedy:
    'fetch it on the machine, with the identity that the cloud gives it; user-data stays readable to every process there',
  source: 'AWS, Google Cloud and Azure serve user-data from the metadata service, unencrypted',
});

/** What gives a secret away, whatever text it stands in. */
const SIGNS: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/],
  ['a private key', /AGE-SECRET-KEY-1/],
  ['a JSON web token', /eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+/],
  ['a token for an EKS cluster', /k8s-aws-v1\.[A-Za-z0-9_-]{8,}/],
  ['a key of a kubeconfig', /\bclient-key-data\b/],
  [
    'a kubeconfig with a token or password',
    /\bkind\W+Config\b[\s\S]*\b(token|password)\b|\b(token|password)\b[\s\S]*\bkind\W+Config\b/,
  ],
  ['an AWS access key', /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['an AWS secret key', /aws_secret_access_key|AWS_SECRET_ACCESS_KEY/],
  ['a Google access token', /\bya29\.[A-Za-z0-9_-]{8,}/],
  ["a Google service account's key", /"private_key(_id)?"\s*:/],
  ['a GitHub token', /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/],
  // The length of the scheme is bounded: else the time grows with the square of a text that has no space, such as base64.
  ['a password in a URL', /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/@:'"]*:[^\s/@'"$]+@/],
];

/** Adds a problem for each text in `value` that holds a secret, in plain or encoded; the secret itself is not repeated. */
export function checkNoSecret(problems: Problems, property: string, value: unknown): void {
  if (typeof value === 'string') {
    const found = signOf(value);
    if (found !== undefined) problems.add(SECRET, property, found);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => void checkNoSecret(problems, `${property}[${index}]`, item));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) checkNoSecret(problems, `${property}.${key}`, item);
  }
}

/** What kind of secret stands in a text, if one does. */
export function signOf(text: string, depth = 0): string | undefined {
  const sign = SIGNS.find(([, pattern]) => pattern.test(text))?.[0];
  if (sign !== undefined || depth === MAX_DEPTH) return sign;
  for (const [encoded] of text.matchAll(
    /[A-Za-z0-9+/]{20,}={0,2}|(?:[A-Za-z0-9+/]{60,}={0,2}\s+)+[A-Za-z0-9+/]*={0,2}/g,
  )) {
    const inner = signOf(decoded(encoded), depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** base64 of gzip of base64 is as far as anybody goes by accident. */
const MAX_DEPTH = 3;

function decoded(encoded: string): string {
  const bytes = Buffer.from(encoded.replaceAll(/\s/g, ''), 'base64');
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('latin1');
  try {
    return gunzipSync(bytes, { maxOutputLength: 1024 * 1024 }).toString('latin1');
  } catch {
    return '';
  }
}
