/** Domain of a cluster whose mesh says none. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/** The host of a Service, as istiod's registry has it. Upstream: istio pkg/kube/inject and serviceregistry/kube ServiceHostname. */
export function serviceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}
