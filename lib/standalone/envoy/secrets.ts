import type { EnvoySpec } from './spec';

/** Name of the secret that is the machine's own certificate. */
export const CERTIFICATE = 'certificate';
/** Name of the secret that is the mesh's roots. */
export const ROOTS = 'roots';

/**
 * The two files that say where certificates lie. Envoy looks for new certificates only in what a secret by file names, and only when
 * something is moved into the watched folder: envoy/api TlsCertificate.watched_directory.
 */
export function secretFiles({ tls }: EnvoySpec): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    'certificate.yaml': certificateSecret(CERTIFICATE, tls.directory, tls.certificateChain, tls.privateKey),
    'roots.yaml': rootsSecret(ROOTS, tls.directory, tls.rootCertificates),
  };
}

/** A certificate and its key, by the names of their files. */
export function certificateSecret(
  name: string,
  directory: string,
  certificateChain: string,
  privateKey: string,
): Readonly<Record<string, unknown>> {
  return secret(name, {
    tls_certificate: {
      certificate_chain: { filename: `${directory}/${certificateChain}` },
      private_key: { filename: `${directory}/${privateKey}` },
      watched_directory: { path: directory },
    },
  });
}

/** Roots, by the name of their file. */
export function rootsSecret(name: string, directory: string, file: string): Readonly<Record<string, unknown>> {
  return secret(name, {
    validation_context: { trusted_ca: { filename: `${directory}/${file}` }, watched_directory: { path: directory } },
  });
}

/** How a TLS context names a secret. */
export function secretConfig(spec: EnvoySpec, name: string): Readonly<Record<string, unknown>> {
  return {
    name,
    sds_config: { path_config_source: { path: `${spec.directory}/${name}.yaml` }, resource_api_version: 'V3' },
  };
}

function secret(name: string, content: object): Readonly<Record<string, unknown>> {
  const type = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
  return { resources: [{ '@type': type, name, ...content }] };
}
