import type * as pulumi from '@pulumi/pulumi';
import { KubernetesSubject } from '../../../join/kubernetes-subject';
import { MachineIdentity } from '../../../join/machine-identity';
import { CertificateIssuer } from '../../../standalone/certificate-issuer';
import type { CertManagerCertificatesOptions, VaultCertificatesOptions } from '../../../standalone/certificate-options';
import { EnvoyCertificates } from '../../../standalone/envoy-certificates';
import { VaultAuth } from '../../../standalone/vault-auth';
import type { ArgumentProblems } from '../../core/arguments';
import { identityOf } from '../../join/convert/identity';
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
    identity: identityOf(problems, identity, `${path}.identity`) ?? identityStandIn(identity),
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

/** Of the same sort, because a kubeconfig says where the API server is. */
function identityStandIn(args: pulumi.Unwrap<MachineIdentityArgs>): MachineIdentity {
  if (args?.kubeconfig === undefined) return MachineIdentity.eks({ cluster: 'stand-in' });
  return MachineIdentity.kubeconfig({ path: '/stand-in', subject: KubernetesSubject.user('stand-in') });
}
