import type { EnvoySpec } from './spec';

/** Paths of the certificate, its key and the roots. The first two may be one file. */
export function certificatePaths({ tls }: EnvoySpec): readonly string[] {
  return [tls.certificateChain, tls.privateKey, tls.rootCertificates].map((name) => `${tls.directory}/${name}`);
}

/** Every file that the secrets of an Envoy name, each once. */
function secretPaths(spec: EnvoySpec): readonly string[] {
  const { tls, clients } = spec;
  const { certificateChain, privateKey, clientRoots } = clients?.certificates ?? {};
  const others = [certificateChain, privateKey, clientRoots].filter((name) => name !== undefined);
  return [...new Set([...certificatePaths(spec), ...others.map((name) => `${tls.directory}/${name}`)])];
}

/**
 * Lines for a shell that waits for the certificate and becomes Envoy. An Envoy that starts without certificates listens and says so, but does
 * not reliably take up those that come first while it runs; it does take up those that replace others.
 */
export function startScript(spec: EnvoySpec, envoy: string): string {
  return `set -u
for file in ${secretPaths(spec).join(' ')}; do
  told=
  until [ -s "$file" ] && [ -r "$file" ]; do
    [ -n "$told" ] || echo "meshvm: waiting for $file"
    told=yes
    sleep 1
  done
done
exec ${envoy} --disable-hot-restart --log-level warning -c ${spec.directory}/envoy.yaml
`;
}
