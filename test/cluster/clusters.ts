import type { Answer, Ask } from '../../lib/cluster/ask';

const SYSTEM = 'istio-system';

/** The paths that are read of a cluster with one istiod. */
export const PATHS = {
  version: '/version',
  deployments: `/apis/apps/v1/namespaces/${SYSTEM}/deployments?labelSelector=app%3Distiod`,
  namespace: `/api/v1/namespaces/${SYSTEM}`,
  webhooks: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations?labelSelector=app%3Dsidecar-injector',
  istioApi: '/apis/networking.istio.io/v1',
  admissionApi: '/apis/admissionregistration.k8s.io/v1',
  services: '/api/v1/services',
  gateways: '/apis/networking.istio.io/v1/gateways',
  apiGateways: '/apis/gateway.networking.k8s.io/v1/gateways',
  mesh: `/api/v1/namespaces/${SYSTEM}/configmaps/istio`,
  injection: `/api/v1/namespaces/${SYSTEM}/configmaps/istio-sidecar-injector`,
} as const;

/** Answers by path; a path that is none of them is missing. */
export type Answers = Readonly<Record<string, object | undefined>>;

/** A cluster that has everything that machines need, with a default installation in the network `vpc`. */
export const GOOD: Answers = {
  [PATHS.version]: { major: '1', minor: '34+' },
  [PATHS.deployments]: { items: [istiod({})] },
  [PATHS.namespace]: { metadata: { labels: { 'topology.istio.io/network': 'vpc' } } },
  [PATHS.webhooks]: { items: [] },
  [PATHS.istioApi]: kinds(
    'WorkloadGroup',
    'WorkloadEntry',
    'ServiceEntry',
    'Gateway',
    'VirtualService',
    'DestinationRule',
  ),
  [PATHS.admissionApi]: kinds('ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'),
  [PATHS.services]: { items: [gatewayService({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } })] },
  [PATHS.gateways]: {
    items: [{ spec: { selector: { istio: 'eastwestgateway' }, servers: [{ port: { number: 15012 } }] } }],
  },
  [PATHS.mesh]: { data: { mesh: 'defaultConfig:\n  meshId: acme\ntrustDomain: cluster.local\n' } },
  [PATHS.injection]: {
    data: { values: JSON.stringify({ global: { network: 'vpc', multiCluster: { clusterName: 'prod' } } }) },
  },
};

export function istiod(options: {
  readonly env?: Readonly<Record<string, string>>;
  readonly revision?: string;
  readonly image?: string;
}) {
  const {
    env = { CLUSTER_ID: 'prod' },
    revision = 'default',
    image = 'docker.io/istio/pilot:1.31.1-distroless',
  } = options;
  return {
    metadata: { labels: { app: 'istiod', 'istio.io/rev': revision } },
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'discovery', image, env: Object.entries(env).map(([name, value]) => ({ name, value })) },
          ],
        },
      },
    },
  };
}

export function gatewayService(more: object) {
  return {
    metadata: {
      namespace: SYSTEM,
      name: 'istio-eastwestgateway',
      annotations: { 'meta.helm.sh/release-name': 'istio-eastwestgateway' },
    },
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'istio-eastwestgateway', istio: 'eastwestgateway' },
      ports: [{ port: 15021 }, { port: 15012 }],
    },
    ...more,
  };
}

export function kinds(...names: readonly string[]) {
  return { resources: names.map((kind) => ({ kind })) };
}

/** Asks such a cluster; whoever asks may not read the forbidden paths. */
export function asking(answers: Answers, forbidden: readonly string[] = []): Ask {
  return (path): Promise<Answer> => {
    if (forbidden.includes(path)) return Promise.resolve({ forbidden: 'may not' });
    const body = answers[path];
    return Promise.resolve(body === undefined ? { missing: true } : { body });
  };
}
