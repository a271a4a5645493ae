import { certificatesOf } from '../control-plane/trusted-roots-checks';
import type { KubernetesObject } from '../core/kubernetes-object';
import type { Problems } from '../core/problems';
import { checkDnsSubdomain } from '../core/values/names';
import { agentSource } from '../join/agent-source';
import { credentialOf, subjectOf } from '../join/known-identity';
import type { CertificateIssuer } from './certificate-issuer';
import type { CertManagerCertificatesOptions, VaultCertificatesOptions } from './certificate-options';
import { type CertificateAgentSettings, certificateAgentUnits, settingsText } from './envoy/certificate-agent';
import type { TlsFiles } from './envoy/spec';
import { type VaultSpec, vaultAgentConfig, vaultAgentUnit } from './envoy/vault';
import type { EnvoyCertificates } from './envoy-certificates';
import { type CertificateSpec, certificate, certificateRole, certificateRoleBinding } from './manifests/certificate';
import { checkSource } from './private/certificate-options';
import { resolveVaultAuth } from './private/vault-auth';
import { checkVaultRole } from './private/vault-names';

/** Whose certificate it is, and where it goes. */
export interface CertificateOwner {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The SPIFFE ID. */
  readonly identity: string;
  readonly tls: TlsFiles;
  /** Folder of the configuration. */
  readonly directory: string;
}

/** How a program that fetches certificates runs on the machine. */
export interface CertificateProgram {
  /** User of the Envoy. */
  readonly user: string;
}

/** Everything about the certificate's source that its issuer or the machine would refuse. */
export function checkCertificates(problems: Problems, certificates: EnvoyCertificates, owner: CertificateOwner): void {
  checkSource(problems, certificates);
  const vault = vaultSpec(certificates, owner);
  if (vault !== undefined) checkVaultRole(problems, 'vault.role', vault.role);
  const { certManager } = certificates;
  if (certManager === undefined) return;
  checkDnsSubdomain(problems, 'certManager.secretName', certificateSpec(certManager, owner).secretName);
}

/** Objects of the certificate in the cluster, by the ids of their constructs. */
export function certificateObjects(
  { certManager: options }: EnvoyCertificates,
  owner: CertificateOwner,
): Readonly<Record<string, KubernetesObject>> {
  if (options === undefined) return {};
  const spec = certificateSpec(options, owner);
  return {
    Certificate: certificate(spec),
    CertificateRole: certificateRole(spec),
    CertificateRoleBinding: certificateRoleBinding(spec, subjectOf(options.identity, owner.namespace, owner.name)),
  };
}

/** Files of the program that fetches the certificate, by their names in the folder of the configuration. */
export function certificateFiles(
  certificates: EnvoyCertificates,
  owner: CertificateOwner,
  { user }: CertificateProgram,
): Readonly<Record<string, string>> {
  const { certManager } = certificates;
  const vault = vaultSpec(certificates, owner);
  if (vault !== undefined) {
    const config = `${owner.directory}/vault-agent.hcl`;
    const binary = certificates.vault?.binary ?? '/usr/bin/vault';
    return {
      'vault-agent.hcl': vaultAgentConfig(vault),
      'meshvm-certificate.service': vaultAgentUnit(vault, { binary, config, user }),
    };
  }
  if (certManager === undefined) return {};
  const settings = agentSettings(certManager, owner);
  return {
    'certificate.json': settingsText(settings),
    'meshvm-certificate.py': agentSource().certificate,
    ...certificateAgentUnits(settings, { folder: owner.directory, user }),
  };
}

/** What Vault has to know of the machine, or undefined where it has its certificate from elsewhere. */
export function vaultSpec({ vault }: EnvoyCertificates, owner: CertificateOwner): VaultSpec | undefined {
  return vault && resolveVault(vault, owner);
}

function resolveVault(options: VaultCertificatesOptions, owner: CertificateOwner): VaultSpec {
  const { tls } = owner;
  return {
    identity: owner.identity,
    address: options.address,
    namespace: options.vaultNamespace,
    caFile: options.caFile,
    pkiMount: options.pkiMount ?? 'pki',
    // A namespace has no ".", so no two identities share a name.
    role: options.role ?? `${owner.namespace}.${owner.serviceAccount}`,
    lifetimeSeconds: options.lifetimeSeconds ?? 86400,
    auth: resolveVaultAuth(options.auth),
    identityFile: `${tls.directory}/${tls.certificateChain}`,
    rootsFile: `${tls.directory}/${tls.rootCertificates}`,
    roots: certificatesOf(options.meshRoots),
  };
}

function certificateSpec(options: CertManagerCertificatesOptions, owner: CertificateOwner): CertificateSpec {
  const durationSeconds = options.durationSeconds ?? 86400;
  return {
    name: owner.name,
    namespace: owner.namespace,
    secretName: options.secretName ?? `${owner.name}-certificate`,
    identity: owner.identity,
    issuer: issuerOf(options.issuer),
    durationSeconds,
    renewBeforeSeconds: options.renewBeforeSeconds ?? Math.floor(durationSeconds / 3),
    readsRoots: options.meshRoots === undefined,
  };
}

function issuerOf({ issuer, clusterIssuer, external }: CertificateIssuer): CertificateSpec['issuer'] {
  if (external !== undefined) return external;
  const kind = issuer === undefined ? 'ClusterIssuer' : 'Issuer';
  return { group: 'cert-manager.io', kind, name: issuer ?? clusterIssuer ?? '' };
}

function agentSettings(options: CertManagerCertificatesOptions, owner: CertificateOwner): CertificateAgentSettings {
  const { secretName, renewBeforeSeconds } = certificateSpec(options, owner);
  const { identity, apiServer, caCertificate, meshRoots } = options;
  const { tls } = owner;
  return {
    identity: owner.identity,
    namespace: owner.namespace,
    certificate: owner.name,
    secret: secretName,
    apiServer,
    caCertificate,
    credential: credentialOf(identity),
    roots: meshRoots && certificatesOf(meshRoots).join(''),
    identityFile: `${tls.directory}/${tls.certificateChain}`,
    rootsFile: `${tls.directory}/${tls.rootCertificates}`,
    renewBeforeSeconds,
  };
}
