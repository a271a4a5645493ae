import { certificatesOf, checkTrustedRoots } from '../../control-plane/trusted-roots-checks';
import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkAuthorities, checkCertificates, checkChain } from '../../core/values/certificate-checks';
import { isWhole } from '../../core/values/counts';
import { checkDnsSubdomain, checkRequired } from '../../core/values/names';
import { checkIdentity } from '../../join/identity-checks';
import type { CertificateIssuer } from '../certificate-issuer';
import type {
  CertificateFilesOptions,
  CertManagerCertificatesOptions,
  VaultCertificatesOptions,
} from '../certificate-options';
import type { EnvoyCertificates } from '../envoy-certificates';
import { checkAbsolutePath, checkFileName } from './paths';
import { checkVaultAuth } from './vault-auth';
import { checkVaultAddress, checkVaultPath } from './vault-names';

const LIFETIME = rule({
  id: 'certificate/lifetime',
  origin: 'meshvm',
  allowed: 'a whole number of seconds from 3600 to 31536000',
  remedy: 'give at least an hour; a day lets nobody notice a short outage',
  source: 'cert-manager: minimum duration 1h; meshvm holds Vault to the same',
});
const RENEW_BEFORE = rule({
  id: 'certificate/renew-before',
  origin: 'ignored',
  allowed: 'a whole number of seconds from 300 on, less than durationSeconds',
  remedy: 'leave it out, or give less than the lifetime',
  source: 'cert-manager internal/apis/certmanager/validation ValidateDuration: minimum 5m',
});
const NO_ROOTS = rule({
  id: 'certificate/no-mesh-roots',
  origin: 'meshvm',
  allowed: 'at least one root',
  remedy: 'give the root of istiod: root-cert.pem of ConfigMap istio-ca-root-cert',
  source: 'meshvm: without a root the machine can trust nobody',
});
const SERVER = rule({
  id: 'certificate/api-server',
  origin: 'meshvm',
  allowed:
    'an https URL with a host, a port unless it is 443, and no user, query or trailing "/"; none with a kubeconfig',
  remedy: "give the cluster's endpoint as the machine reaches it",
  source: 'meshvm: the machine appends the path of what it asks for',
});
const SERVER_CA = rule({
  id: 'certificate/api-server-authority',
  origin: 'meshvm',
  allowed: "the API server's authority, PEM; none with a kubeconfig",
  remedy: "give the cluster's certificate authority, decoded from base64",
  source: 'meshvm: the machine trusts no other authority for the API server',
});

/** Everything about a certificate's source that needs nothing else to be seen. */
export function checkSource(problems: Problems, { files, vault, certManager }: EnvoyCertificates): void {
  if (files !== undefined) checkFiles(problems.at('files'), files);
  if (vault !== undefined) checkVaultOptions(problems.at('vault'), vault);
  if (certManager !== undefined) checkCertManagerOptions(problems.at('certManager'), certManager);
}

/** Names of the files of a certificate: those that somebody else chose, or one for all that meshvm has written. */
export function filesOf({ files, vault, certManager }: EnvoyCertificates): CertificateFilesOptions {
  const fetched = vault ?? certManager;
  if (fetched === undefined) return files ?? {};
  // Certificate, chain and key in one file: no reader ever sees two of them that do not fit together.
  return { directory: fetched.directory, certificateChain: 'identity.pem', privateKey: 'identity.pem' };
}

function checkFiles(problems: Problems, options: CertificateFilesOptions): void {
  checkAbsolutePath(problems, 'directory', options.directory);
  checkFileName(problems, 'certificateChain', options.certificateChain);
  checkFileName(problems, 'privateKey', options.privateKey);
  checkFileName(problems, 'rootCertificates', options.rootCertificates);
}

/** Everything about the options that Vault or its agent would refuse, or that would leave the machine without trust. */
function checkVaultOptions(problems: Problems, options: VaultCertificatesOptions): void {
  const { pkiMount = 'pki', vaultNamespace, meshRoots, lifetimeSeconds } = options;
  checkVaultAddress(problems, 'address', options.address);
  checkVaultAuth(problems.at('auth'), options.auth);
  checkVaultPath(problems, 'pkiMount', pkiMount);
  if (vaultNamespace !== undefined) checkVaultPath(problems, 'vaultNamespace', vaultNamespace);
  checkAbsolutePath(problems, 'caFile', options.caFile);
  checkAbsolutePath(problems, 'binary', options.binary);
  checkAbsolutePath(problems, 'directory', options.directory);
  checkLifetime(problems, 'lifetimeSeconds', lifetimeSeconds);
  checkTrust(problems, options, meshRoots);
}

/** Everything about the options that cert-manager or the API server would refuse, or that would leave the machine outside. */
function checkCertManagerOptions(problems: Problems, options: CertManagerCertificatesOptions): void {
  const { identity, apiServer, caCertificate, durationSeconds, renewBeforeSeconds, meshRoots } = options;
  checkIssuer(problems.at('issuer'), options.issuer);
  checkIdentity(problems.at('identity'), identity);
  const kubeconfig = identity.kubeconfig !== undefined;
  if (kubeconfig ? apiServer !== undefined : !isDeferred(apiServer) && !isServer(apiServer)) {
    problems.add(SERVER, 'apiServer', withoutUser(apiServer));
  }
  if (kubeconfig ? caCertificate !== undefined : caCertificate === undefined) {
    problems.add(SERVER_CA, 'caCertificate', caCertificate === undefined ? undefined : 'a certificate');
  } else if (caCertificate !== undefined) checkCertificates(problems, 'caCertificate', caCertificate);
  checkAbsolutePath(problems, 'directory', options.directory);
  checkLifetime(problems, 'durationSeconds', durationSeconds);
  const longest = durationSeconds ?? 86400;
  const fits = (seconds: number) => isWhole(seconds, 300) && seconds < longest;
  problems.check(RENEW_BEFORE, 'renewBeforeSeconds', renewBeforeSeconds, fits);
  checkTrust(problems, options, meshRoots);
}

function checkTrust(
  problems: Problems,
  { issuerChain, additionalRoots = [] }: Pick<VaultCertificatesOptions, 'issuerChain' | 'additionalRoots'>,
  meshRoots: VaultCertificatesOptions['meshRoots'] | undefined,
): void {
  if (meshRoots?.length === 0) problems.add(NO_ROOTS, 'meshRoots', []);
  const told = problems.all.length;
  checkTrustedRoots(problems, 'meshRoots', meshRoots ?? []);
  checkTrustedRoots(problems, 'additionalRoots', additionalRoots);
  if (issuerChain === undefined) return;
  checkRequired(problems, 'issuerChain', issuerChain);
  const roots = certificatesOf([...(meshRoots ?? []), ...additionalRoots]);
  // Roots that only the machine will read are not known here, unless others are named; to one that is wrong nobody looks for the way.
  const unknown = meshRoots === undefined && roots.length === 0;
  if (unknown || problems.all.length > told) checkAuthorities(problems, 'issuerChain', issuerChain);
  else checkChain(problems, 'issuerChain', issuerChain, roots);
}

function checkIssuer(problems: Problems, { issuer, clusterIssuer, external }: CertificateIssuer): void {
  for (const [property, name] of Object.entries({ issuer, clusterIssuer })) {
    if (name !== undefined) checkDnsSubdomain(problems, property, name);
  }
  if (external === undefined) return;
  checkDnsSubdomain(problems, 'external.group', external.group);
  checkDnsSubdomain(problems, 'external.kind', external.kind.toLowerCase());
  checkDnsSubdomain(problems, 'external.name', external.name);
}

function checkLifetime(problems: Problems, property: string, value: number | undefined): void {
  problems.check(LIFETIME, property, value, (seconds) => isWhole(seconds, 3600, 31536000));
}

function isServer(value: string | undefined): boolean {
  const form = /^https:\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?(\/[A-Za-z0-9._~-]+)*$/;
  return value !== undefined && form.test(value);
}

function withoutUser(url: string | undefined): string | undefined {
  return url?.replace(/\/\/[^/@]*@/, '//...@').slice(0, 100);
}
