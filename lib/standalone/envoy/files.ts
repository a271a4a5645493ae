import { blockYaml } from '../../core/block-yaml';
import { envoyBootstrap } from './bootstrap';
import { clientSecretFiles } from './clients';
import { hostsBlock } from './hosts-block';
import { secretFiles } from './secrets';
import type { EnvoySpec } from './spec';

/**
 * Everything that the Envoy of a machine reads, by the names of its files in the folder of the configuration: `envoy.yaml`, what it reads
 * certificates by, and `hosts` where names resolve by /etc/hosts. Always the same text for the same machine, and nothing secret.
 */
export function envoyFiles(spec: EnvoySpec): Readonly<Record<string, string>> {
  const note = `# Envoy of ${spec.identity}. Made by meshvm, which replaces it.\n`;
  const documents = { 'envoy.yaml': envoyBootstrap(spec), ...secretFiles(spec), ...clientSecretFiles(spec) };
  const texts = Object.entries(documents).map(([name, document]) => [name, note + blockYaml(document)]);
  return { ...Object.fromEntries(texts), ...(spec.writesHosts ? { hosts: hostsBlock(spec) } : {}) };
}
