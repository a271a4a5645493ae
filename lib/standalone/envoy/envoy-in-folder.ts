import type { EnvoySpec } from './spec';

/** The same Envoy with all that it reads and writes in another folder: to try a configuration on a machine that it is not meant for. */
export function envoyInFolder(spec: EnvoySpec, directory: string): EnvoySpec {
  const { accessLogPath, tls } = spec;
  const isFile = accessLogPath !== undefined && !accessLogPath.startsWith('/dev/');
  return {
    ...spec,
    directory,
    adminSocket: `${directory}/admin.sock`,
    tls: { ...tls, directory: `${directory}/certificates` },
    accessLogPath: isFile ? `${directory}/access.log` : accessLogPath,
  };
}
