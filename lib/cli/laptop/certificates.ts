import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { EnvoySpec } from '../../standalone/envoy/spec';
import { certificatePaths } from '../../standalone/envoy/start-script';

/** What the certificate of a machine is like. */
export interface CertificateReport {
  /** Whole days until the certificate ends; undefined when it can't be read. */
  readonly daysLeft?: number;
  /** What keeps Envoy from using it, each with what to do. */
  readonly problems: readonly string[];
}

const DAY = 24 * 60 * 60 * 1000;

/** Checks the files of a machine's certificate as the mesh will. */
export function checkCertificates(spec: EnvoySpec, now: Date): CertificateReport {
  const paths = certificatePaths(spec);
  const read = paths.map(readText);
  const unreadable = read.flatMap(({ error }) => error ?? []);
  if (unreadable.length > 0) return { problems: unreadable };
  const [chain, key, roots] = read.map(({ text = '' }) => text);
  const problems: string[] = [];
  const [chainPath, keyPath, rootsPath] = paths;
  const leaf = certificate(chain);
  if (leaf === undefined) problems.push(`${chainPath} holds no certificate in PEM\n  fix: ${WHERE_FROM}`);
  if (certificate(roots) === undefined) {
    problems.push(`${rootsPath} holds no certificate in PEM\n  fix: put the root certificates of the mesh there`);
  }
  const mode = statSync(keyPath).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    problems.push(
      `${keyPath} may be read by others: its mode is 0${mode.toString(8)}\n  allowed: 0600\n  fix: chmod 0600 ${keyPath}`,
    );
  }
  if (leaf !== undefined) problems.push(...leafProblems(spec, leaf, key, chainPath, keyPath, now));
  return { problems, daysLeft: leaf && Math.floor((Date.parse(leaf.validTo) - now.getTime()) / DAY) };
}

const WHERE_FROM = 'whoever issues certificates for the mesh gives you one for this identity';

function leafProblems(
  { identity }: EnvoySpec,
  leaf: X509Certificate,
  key: string,
  chainPath: string,
  keyPath: string,
  now: Date,
): readonly string[] {
  const uris = (leaf.subjectAltName ?? '')
    .split(', ')
    .flatMap((name) => (name.startsWith('URI:') ? [name.slice(4)] : []));
  const problems: string[] = [];
  if (uris.length !== 1 || uris[0] !== identity) {
    problems.push(
      `${chainPath} is a certificate of ${uris.length === 0 ? 'no identity' : uris.join(' and ')}\n  allowed: the URI ${identity} and no other\n  fix: get a certificate for it, or correct name, namespace, serviceAccount or trustDomain in the machine file`,
    );
  }
  if (Date.parse(leaf.validTo) <= now.getTime()) {
    problems.push(`${chainPath} ended on ${leaf.validTo}\n  fix: renew the certificate`);
  }
  if (Date.parse(leaf.validFrom) > now.getTime()) {
    problems.push(`${chainPath} is valid from ${leaf.validFrom} only\n  fix: check the clock of this computer`);
  }
  if (!matches(leaf, key)) {
    problems.push(`${keyPath} is not the key of ${chainPath}\n  fix: put the two files there that were made together`);
  }
  return problems;
}

function matches(leaf: X509Certificate, key: string): boolean {
  try {
    return leaf.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** The first certificate of a text. */
function certificate(text: string): X509Certificate | undefined {
  const [pem] = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(text) ?? [];
  try {
    return pem === undefined ? undefined : new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function readText(path: string): { readonly text?: string; readonly error?: string } {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { error: `${path} can't be read: ${(error as Error).message}\n  fix: put the file there; ${WHERE_FROM}` };
  }
}
