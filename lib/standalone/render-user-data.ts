import { Problems, rule } from '../core/problems';
import { checkNoSecret } from '../core/values/secrets';
import { checkCloudConfig, cloudConfigContent } from '../join/cloud-config-content';
import { packUserData } from '../join/render-user-data';
import type { EnvoySpec } from './envoy/spec';
import { envoyCloudConfig, machineFiles } from './envoy/user-data';
import { checkPackage, programOf } from './private/envoy-package';
import type { StandaloneUserDataProps } from './standalone-user-data';

const OWN_FILE = rule({
  id: 'standalone/user-data-file-of-meshvm',
  origin: 'ignored',
  allowed: 'files that meshvm does not write',
  remedy: 'remove it; the properties of the machine say what stands in those files',
  source: 'cloud-init write_files: the later file of a path replaces the earlier one',
});

/**
 * The user-data of a machine with an Envoy of its own: always the same text for the same properties.
 *
 * @param certificateFiles What fetches the certificate.
 * @throws ValidationError with every problem of the properties.
 */
export function renderEnvoyUserData(
  path: string,
  spec: EnvoySpec,
  certificateFiles: Readonly<Record<string, string>>,
  props: StandaloneUserDataProps,
): string {
  const { envoy, target = { ec2: true }, cloudConfig } = props;
  const given = cloudConfig && cloudConfigContent('cloudConfig', cloudConfig);
  const content = {
    spec,
    envoy: programOf(envoy),
    binaries: envoy.binary,
    certificateFiles,
    cloudConfig: given?.content ?? {},
  };
  const files = machineFiles(content);
  const problems = new Problems();
  checkPackage(problems.at('envoy'), envoy);
  if (cloudConfig !== undefined) checkCloudConfig(problems, 'cloudConfig', cloudConfig);
  const own = new Set(files.map((file) => file.path));
  const { write_files = [] } = content.cloudConfig as { readonly write_files?: readonly { readonly path?: unknown }[] };
  write_files.forEach((file, index) => {
    const written = String(file?.path).replaceAll(/\/{2,}/g, '/');
    if (own.has(written)) problems.add(OWN_FILE, `${given?.property}.write_files[${index}].path`, file.path);
  });
  checkNoSecret(problems, given?.property ?? 'cloudConfig', content.cloudConfig);
  problems.throwIfAny(path);
  return packUserData(path, envoyCloudConfig(content, files), target, () => {
    const sizes = files.map((file) => `${file.path} ${Buffer.byteLength(file.content)}`);
    return [...sizes, `cloudConfig ${JSON.stringify(content.cloudConfig).length}`].join(', ');
  });
}
