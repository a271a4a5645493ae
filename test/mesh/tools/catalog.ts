import { CLUSTER } from './cluster';
import { DELIVERY_DEFINITIONS } from './delivery-definitions';
import { ENVOY } from './envoy';
import { ISTIO_FILES } from './istio-files';
import { PULUMI, PULUMI_KUBERNETES } from './pulumi';
import { SYSTEMD_RESOLVED } from './systemd-resolved';
import { goTool, pythonTool, type Tool } from './tool';
import { VAULT } from './vault';

/**
 * Every tool of the mesh tests: what `npm run test:mesh:tools` makes, in this order. One more is an entry here, and a folder with what pins
 * it; a test asks `toolFolder` for the place.
 */
export const TOOLS = {
  envoy: ENVOY,
  'pilot-discovery': goTool('pilot-discovery', {
    module: 'istio',
    target: 'istio.io/istio/pilot/cmd/pilot-discovery',
  }),
  'pilot-agent': goTool('pilot-agent', { module: 'istio', target: 'istio.io/istio/pilot/cmd/pilot-agent' }),
  istioctl: goTool('istioctl', { module: 'istio', target: 'istio.io/istio/istioctl/cmd/istioctl' }),
  'istio-files': ISTIO_FILES,
  'mesh-config': goTool('mesh-config', {
    module: 'istio',
    target: '../../oracles/mesh-config/main.go',
    sources: ['../../oracles/mesh-config/main.go'],
  }),
  'kube-apiserver': goTool('kube-apiserver', {
    module: 'kubernetes',
    target: 'k8s.io/kubernetes/cmd/kube-apiserver',
  }),
  kubectl: goTool('kubectl', { module: 'kubernetes', target: 'k8s.io/kubernetes/cmd/kubectl' }),
  etcd: goTool('etcd', { module: 'kubernetes', target: 'go.etcd.io/etcd/server/v3' }),
  cluster: CLUSTER,
  helm: goTool('helm', { module: 'helm', target: 'helm.sh/helm/v4/cmd/helm' }),
  coredns: goTool('coredns', { module: 'coredns', target: 'github.com/coredns/coredns' }),
  'cert-manager': goTool('cert-manager', {
    module: 'cert-manager',
    target: '.',
    sources: ['main.go'],
    crds: { dependency: 'github.com/cert-manager/cert-manager', folder: 'deploy/crds' },
  }),
  'kube-state-metrics': goTool('kube-state-metrics', {
    module: 'kube-state-metrics',
    target: 'k8s.io/kube-state-metrics/v2',
  }),
  'prometheus-operator': goTool('prometheus-operator', {
    module: 'prometheus-operator',
    target: 'github.com/prometheus-operator/prometheus-operator/cmd/operator',
    crds: {
      dependency: 'github.com/prometheus-operator/prometheus-operator',
      folder: 'example/prometheus-operator-crd',
    },
  }),
  'aws-iam-authenticator': goTool('aws-iam-authenticator', {
    module: 'authenticator',
    target: 'sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator',
  }),
  moto: pythonTool('moto/requirements.txt'),
  grpc: pythonTool('grpc/requirements.txt'),
  'systemd-resolved': SYSTEMD_RESOLVED,
  'delivery-definitions': DELIVERY_DEFINITIONS,
  'kube-controller-manager': goTool('kube-controller-manager', {
    module: 'kube-controller-manager',
    target: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    onDemand: true,
  }),
  // Half an hour on two cores that have never built them.
  pulumi: { ...PULUMI, onDemand: true },
  'pulumi-resource-kubernetes': { ...PULUMI_KUBERNETES, onDemand: true },
  'pulumi-language-yaml': goTool('pulumi-language-yaml', {
    module: 'pulumi-yaml',
    target: 'github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml',
    onDemand: true,
  }),
  'pulumi-sdk': goTool('pulumi-sdk', { module: 'pulumi-sdk', target: '.', sources: ['main.go'], onDemand: true }),
  'pulumi-python': { ...pythonTool('pulumi-python/requirements.txt'), onDemand: true },
  vault: VAULT,
  fortio: goTool('fortio', { module: 'fortio', target: 'fortio.org/fortio', onDemand: true }),
} satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof TOOLS;
