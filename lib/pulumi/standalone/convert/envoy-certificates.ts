import type * as pulumi from '@pulumi/pulumi';
import { readSpec } from '../../../core/spec/spec';
import type { MachineIdentity } from '../../../join/machine-identity';
import shapes from '../../../join/shapes.json';
import { CertificateIssuer } from '../../../standalone/certificate-issuer';
import type { CertManagerCertificatesOptions, VaultCertificatesOptions } from '../../../standalone/certificate-options';
import { EnvoyCertificates } from '../../../standalone/envoy-certificates';
import { VaultAuth } from '../../../standalone/vault-auth';
import type { ArgumentProblems } from '../../core/arguments';
import type { MachineIdentityArgs } from '../../join/machine-identity-args';
import type {
  CertificateIssuerArgs,
  CertManagerCertificatesArgs,
  EnvoyCertificatesArgs,
  VaultCertificatesArgs,
} from '../envoy-certificates-args';
import type { VaultAuthArgs } from '../vault-auth-args';

/** Where the certificate is from, by a component's arguments; undefined for what is wrong, which is noted. */
export function certificatesOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<EnvoyCertificatesArgs>,
): EnvoyCertificates | undefined {
  // What only the machine's identity shows is told of the certificates as a whole.
  problems.rename('certificates.role', 'certificates.vault.role');
  problems.rename('certificates.secretName', 'certificates.certManager.secretName');
  return problems.one<pulumi.Unwrap<EnvoyCertificatesArgs>, EnvoyCertificates>('certificates', args, {
    files: (options) => EnvoyCertificates.files(options),
    vault: (options, path) => EnvoyCertificates.vault(vaultOptionsOf(problems, path, options)),
    certManager: (options, path) => EnvoyCertificates.certManager(certManagerOptionsOf(problems, path, options)),
  });
}

function vaultOptionsOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<VaultCertificatesArgs>,
): VaultCertificatesOptions {
  return {
    ...args,
    auth: authOf(problems, `${path}.auth`, args.auth),
  };
}

function certManagerOptionsOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<CertManagerCertificatesArgs>,
): CertManagerCertificatesOptions {
  const { identity } = args;
  return {
    ...args,
    issuer: issuerOf(problems, `${path}.issuer`, args.issuer),
    identity: identityOf(problems, `${path}.identity`, identity),
  };
}

function authOf(problems: ArgumentProblems, path: string, args: pulumi.Unwrap<VaultAuthArgs>): VaultAuth {
  const auth = problems.one<pulumi.Unwrap<VaultAuthArgs>, VaultAuth>(path, args, {
    awsIam: (options) => VaultAuth.awsIam(options),
    appRole: (options) => VaultAuth.appRole(options),
    kubernetes: (options) => VaultAuth.kubernetes(options),
    jwt: (options) => VaultAuth.jwt(options),
    tokenFile: (file) => VaultAuth.tokenFile(file),
  });
  return auth ?? VaultAuth.tokenFile('/stand-in');
}

function issuerOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<CertificateIssuerArgs>,
): CertificateIssuer {
  const issuer = problems.one<pulumi.Unwrap<CertificateIssuerArgs>, CertificateIssuer>(path, args, {
    issuer: (name) => CertificateIssuer.issuer(name),
    clusterIssuer: (name) => CertificateIssuer.clusterIssuer(name),
    external: (options) => CertificateIssuer.external(options),
  });
  return issuer ?? CertificateIssuer.issuer('stand-in');
}

/** Of one whose shape is wrong, which is noted, another of the same sort: a kubeconfig says where the API server is. */
function identityOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<MachineIdentityArgs>,
): MachineIdentity {
  const identity = problems.convert(path, () => readSpec<MachineIdentity>(path, args, shapes, 'MachineIdentity'));
  if (identity !== undefined) return identity;
  const standIn = { path: '/stand-in', subject: { user: 'stand-in' } };
  return args?.kubeconfig === undefined ? { eks: { cluster: 'stand-in' } } : { kubeconfig: standIn };
}
