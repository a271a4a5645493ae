import { type Problems, rule } from '../../core/problems';
import { checkLabelValue } from '../../core/values/labels';
import {
  checkDnsLabel,
  checkHost,
  checkRequired,
  isDnsLabel,
  isDnsSubdomain,
  isTrustDomain,
} from '../../core/values/names';
import { isSupportedVersion } from '../istio-version';
import { IstiodAccess } from '../istiod-access';
import type { MeshProps } from '../mesh-props';
import type { ResolvedProxyDefaults } from '../proxy-defaults';
import { Revision } from '../revision';
import { DEFAULT_CLUSTER_DOMAIN } from '../service-host';
import { checkProxyDefaults, resolveProxyDefaults } from './proxy-defaults';

const ISTIO_VERSION = rule({
  id: 'mesh/istio-version',
  origin: 'meshvm',
  allowed: 'a release of at least 1.30, written major.minor.patch, such as 1.31.1',
  remedy: 'give the exact version of the control plane',
  source: 'meshvm is tested with 1.31; its rules were read in 1.30 and 1.31',
});
const KUBERNETES_VERSION = rule({
  id: 'mesh/kubernetes-version',
  origin: 'meshvm',
  allowed: 'a version of Kubernetes, such as 1.31 or v1.33.4',
  remedy: 'give what "kubectl version" says of the server',
  source: 'meshvm: what a cluster can guard depends on it',
});
const MESH_ID = rule({
  id: 'mesh/id',
  origin: 'ignored',
  allowed: 'a non-empty string without quotation marks, backslashes and line breaks',
  remedy: 'choose a plain name, such as that of the organization',
  source: "istio's chart and injection template put the value in quotes and escape nothing",
});
const NETWORK_NAME = rule({
  id: 'mesh/network-name',
  origin: 'ignored',
  allowed: 'a-z, 0-9 and "-", at most 63 characters, first and last a letter or digit',
  remedy: 'choose such a name; istiod appends it to the name of every machine it registers',
  source: 'istio pilot/pkg/autoregistration: the WorkloadEntry <group>-<address>-<network> must be a valid object name',
});
const TRUST_DOMAIN = rule({
  id: 'mesh/trust-domain',
  origin: 'istio',
  allowed: 'DNS labels joined by "."',
  remedy: 'give the trust domain alone, without spiffe:// and without a path',
  source: 'istio pkg/config/validation/agent ValidateTrustDomain',
});
const CLUSTER_DOMAIN = rule({
  id: 'mesh/cluster-domain',
  origin: 'kubernetes',
  allowed: 'a DNS name in lower case without a dot at the end, such as k8s.acme.internal',
  remedy: 'give the domain that the cluster was made with, without "svc."',
  source: 'kubelet --cluster-domain; istio pilot-discovery --domain',
});

/** A mesh with every default filled in. */
export type ResolvedMesh = Required<Omit<MeshProps, 'proxy' | 'kubernetesVersion'>> & {
  readonly proxy: ResolvedProxyDefaults;
  readonly kubernetesVersion?: string;
};

/** Fills in every default. Total. */
export function resolveMesh(props: MeshProps): ResolvedMesh {
  return {
    meshId: props.meshId,
    clusterName: props.clusterName,
    network: props.network,
    trustDomain: props.trustDomain ?? 'cluster.local',
    clusterDomain: props.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN,
    controlPlaneNamespace: props.controlPlaneNamespace ?? 'istio-system',
    revision: props.revision ?? Revision.default(),
    istioVersion: props.istioVersion,
    kubernetesVersion: props.kubernetesVersion,
    istiodAccess: props.istiodAccess ?? IstiodAccess.hostsEntry(),
    proxy: resolveProxyDefaults(props.proxy ?? {}),
  };
}

/** Everything about a mesh that Istio or Kubernetes would refuse, or take and then ignore. */
export function checkMesh(problems: Problems, mesh: ResolvedMesh): void {
  checkProxyDefaults(problems.at('proxy'), mesh.proxy);
  problems.check(MESH_ID, 'meshId', mesh.meshId, (id) => /^[^"\\\r\n]+$/.test(id));
  checkRequired(problems, 'clusterName', mesh.clusterName);
  checkLabelValue(problems, 'clusterName', mesh.clusterName);
  problems.check(NETWORK_NAME, 'network', mesh.network, isDnsLabel);
  problems.check(TRUST_DOMAIN, 'trustDomain', mesh.trustDomain, isTrustDomain);
  problems.check(CLUSTER_DOMAIN, 'clusterDomain', mesh.clusterDomain, isDnsSubdomain);
  checkDnsLabel(problems, 'controlPlaneNamespace', mesh.controlPlaneNamespace);
  const { named, tag } = mesh.revision;
  if (named !== undefined) checkDnsLabel(problems, 'revision.named', named);
  if (tag !== undefined) checkDnsLabel(problems, 'revision.tag', tag);
  problems.check(ISTIO_VERSION, 'istioVersion', mesh.istioVersion, isSupportedVersion);
  problems.check(KUBERNETES_VERSION, 'kubernetesVersion', mesh.kubernetesVersion, isKubernetesVersion);
  const { dnsName } = mesh.istiodAccess;
  if (dnsName !== undefined) checkHost(problems, 'istiodAccess.dnsName', dnsName);
}

function isKubernetesVersion(version: string): boolean {
  return /^v?1\.\d{1,3}(\.\d+)?([-+][0-9A-Za-z.+-]+)?$/.test(version);
}
