import { certificatesOf, checkTrustedRoots } from '../../control-plane/trusted-roots-checks';
import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkAuthorities, checkCertificates, checkChain } from '../../core/values/certificate-checks';
import { checkDnsSubdomain, checkRequired } from '../../core/values/names';
import { checkIdentity } from '../../join/identity-checks';
import type { CertManagerCertificatesOptions, VaultCertificatesOptions } from '../certificate-options';
import { checkAbsolutePath } from './paths';
import { checkVaultAddress, checkVaultPath, checkVaultRole } from './vault-names';

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

/** Everything about the options that Vault or its agent would refuse, or that would leave the machine without trust. */
export function checkVaultOptions(problems: Problems, options: VaultCertificatesOptions): void {
  const { pkiMount = 'pki', role, vaultNamespace, meshRoots, lifetimeSeconds } = options;
  checkVaultAddress(problems, 'address', options.address);
  checkVaultPath(problems, 'pkiMount', pkiMount);
  if (role !== undefined) checkVaultRole(problems, 'role', role);
  if (vaultNamespace !== undefined) checkVaultPath(problems, 'vaultNamespace', vaultNamespace);
  checkAbsolutePath(problems, 'caFile', options.caFile);
  checkAbsolutePath(problems, 'binary', options.binary);
  checkAbsolutePath(problems, 'directory', options.directory);
  checkLifetime(problems, 'lifetimeSeconds', lifetimeSeconds);
  checkTrust(problems, options, meshRoots);
}

/** Everything about the options that cert-manager or the API server would refuse, or that would leave the machine outside. */
export function checkCertManagerOptions(problems: Problems, options: CertManagerCertificatesOptions): void {
  const { identity, apiServer, caCertificate, secretName, durationSeconds, renewBeforeSeconds, meshRoots } = options;
  checkIdentity(problems.at('identity'), identity);
  const kubeconfig = identity.kubeconfig !== undefined;
  if (kubeconfig ? apiServer !== undefined : !isDeferred(apiServer) && !isServer(apiServer)) {
    problems.add(SERVER, 'apiServer', withoutUser(apiServer));
  }
  if (kubeconfig ? caCertificate !== undefined : caCertificate === undefined) {
    problems.add(SERVER_CA, 'caCertificate', caCertificate === undefined ? undefined : 'a certificate');
  } else if (caCertificate !== undefined) checkCertificates(problems, 'caCertificate', caCertificate);
  if (secretName !== undefined) checkDnsSubdomain(problems, 'secretName', secretName);
  checkAbsolutePath(problems, 'directory', options.directory);
  checkLifetime(problems, 'durationSeconds', durationSeconds);
  const longest = Number(isDeferred(durationSeconds) ? Number.POSITIVE_INFINITY : (durationSeconds ?? 86400));
  const fits = isWhole(renewBeforeSeconds, 300) && Number(renewBeforeSeconds) < longest;
  if (renewBeforeSeconds !== undefined && !isDeferred(renewBeforeSeconds) && !fits) {
    problems.add(RENEW_BEFORE, 'renewBeforeSeconds', renewBeforeSeconds);
  }
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

function checkLifetime(problems: Problems, property: string, value: unknown): void {
  if (value === undefined || isDeferred(value)) return;
  if (!isWhole(value, 3600) || Number(value) > 31536000) problems.add(LIFETIME, property, value);
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isInteger(value) && Number(value) >= least;
}

function isServer(value: unknown): boolean {
  const form = /^https:\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?(\/[A-Za-z0-9._~-]+)*$/;
  return typeof value === 'string' && form.test(value);
}

function withoutUser(url: unknown): unknown {
  return typeof url === 'string' ? url.replace(/\/\/[^/@]*@/, '//...@').slice(0, 100) : url;
}
