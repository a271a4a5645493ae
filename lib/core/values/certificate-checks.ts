import { X509Certificate } from 'node:crypto';
import { isDeferred, type Problems, rule } from '../problems';

const PEM = rule({
  id: 'certificate/pem',
  origin: 'meshvm',
  allowed: 'one or more certificates in PEM and nothing else',
  remedy: 'give the text between and with the lines BEGIN CERTIFICATE and END CERTIFICATE, decoded from base64',
  source: 'meshvm: what is no certificate would be written to machines and objects, too',
});
const PRIVATE_KEY = rule({
  id: 'certificate/private-key',
  origin: 'meshvm',
  allowed: 'certificates alone; the value is not repeated here',
  remedy: 'remove the key, and replace it: who reads the program or its output has it',
  source: 'meshvm: nothing secret passes through the program',
});
const NO_AUTHORITY = rule({
  id: 'certificate/no-authority',
  origin: 'ignored',
  allowed: 'certificates of authorities (CA:TRUE)',
  remedy: 'give the certificate of who issues, not one that was issued',
  source: 'istio pilot/pkg/trustbundle verifyTrustAnchor',
});
const NO_ROOT = rule({
  id: 'certificate/no-root',
  origin: 'meshvm',
  allowed: 'roots: certificates that are signed with their own key',
  remedy: 'give the root that it leads to; what lies between is sent by who has the certificate',
  source: 'meshvm: Envoy follows a chain to its end',
});
const LEADS_NOWHERE = rule({
  id: 'certificate/untrusted-issuer',
  origin: 'ignored',
  allowed: 'a chain that leads to one of the roots that the mesh trusts',
  remedy:
    "let the root of the mesh sign the issuer, or add the issuer's root to additionalRoots here and of the ControlPlane",
  source: 'istio: sidecars and gateways refuse certificates that lead to another root',
});

/**
 * Adds a problem for a text that is anything but certificates in PEM.
 *
 * @returns The certificates; none of a text that is wrong, or not known yet.
 */
export function checkCertificates(problems: Problems, property: string, pem: unknown): readonly X509Certificate[] {
  const certificates = parse(pem);
  problems.known(pem, (known) => {
    if (typeof known === 'string' && known.includes('PRIVATE KEY-----')) problems.add(PRIVATE_KEY, property, 'a key');
    else if (certificates === undefined) problems.add(PEM, property, shown(known));
  });
  return certificates ?? [];
}

/** Like checkCertificates, for certificates of authorities. */
export function checkAuthorities(problems: Problems, property: string, pem: unknown): readonly X509Certificate[] {
  const certificates = checkCertificates(problems, property, pem);
  for (const { ca, subject } of certificates) if (!ca) problems.add(NO_AUTHORITY, property, named(subject));
  return certificates;
}

/** Like checkAuthorities, for roots. */
export function checkRoots(problems: Problems, property: string, pem: unknown): void {
  for (const each of checkAuthorities(problems, property, pem)) {
    if (each.ca && !signedBy(each, each)) problems.add(NO_ROOT, property, named(each.subject));
  }
}

/** That a chain leads to one of some roots, by its signatures; times are left alone: the program has no clock. */
export function checkChain(problems: Problems, property: string, chain: unknown, roots: readonly string[]): void {
  const [issuer, ...others] = checkAuthorities(problems, property, chain);
  if (issuer === undefined || roots.some(isDeferred)) return;
  const anchors = roots.flatMap((root) => parse(root) ?? []);
  if (!leadsTo(issuer, others, anchors)) problems.add(LEADS_NOWHERE, property, named(issuer.subject));
}

/** The certificates of a PEM text, one text each; none for a text that is no PEM. */
export function certificatesIn(pem: string): readonly string[] {
  return isDeferred(pem) ? [pem] : (parse(pem) ?? []).map((each) => each.toString());
}

function leadsTo(
  from: X509Certificate,
  between: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): boolean {
  if (anchors.some((anchor) => anchor.raw.equals(from.raw) || signedBy(from, anchor))) return true;
  // Each is used once: a loop of authorities that signed each other leads nowhere.
  return between.some(
    (next) =>
      signedBy(from, next) &&
      leadsTo(
        next,
        between.filter((each) => each !== next),
        anchors,
      ),
  );
}

function signedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** The certificates, or undefined when there is anything else, or nothing. */
function parse(pem: unknown): readonly X509Certificate[] | undefined {
  if (typeof pem !== 'string' || isDeferred(pem)) return undefined;
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  const rest = blocks.reduce((text, block) => text.replace(block, ''), pem);
  if (blocks.length === 0 || rest.trim() !== '') return undefined;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

/** What is no certificate may be a secret. */
function shown(value: unknown): unknown {
  return typeof value === 'string' ? `${value.length} characters` : value;
}

function named(subject: string): string {
  return subject.replaceAll('\n', ', ') || '(no subject)';
}
