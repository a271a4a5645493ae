import type { ConfigMapObject } from '../../core/config-map';
import type { Member } from '../../machines/member';

/** Name of the ConfigMap from which the machines of a group take their files. */
export function bootstrapConfigMapName(group: string): string {
  return `${group}-bootstrap`;
}

/** Name of the ConfigMap from which a new machine of a group takes its agent. */
export function agentConfigMapName(group: string): string {
  return `${group}-agent`;
}

/** The files that the machines of a group take from the cluster. Whoever may change them has root on the machines. */
export function bootstrapConfigMap(member: Member, files: Readonly<Record<string, string>>): ConfigMapObject {
  return configMap(bootstrapConfigMapName(member.name), member.namespace, files);
}

/** The agent. A machine runs it only when it is the one that its user-data knows by the SHA-256. */
export function agentConfigMap(member: Member, source: string): ConfigMapObject {
  return configMap(agentConfigMapName(member.name), member.namespace, { 'meshvm.py': source });
}

function configMap(name: string, namespace: string, data: Readonly<Record<string, string>>): ConfigMapObject {
  const labels = { 'app.kubernetes.io/managed-by': 'meshvm' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data };
}
