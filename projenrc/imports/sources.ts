/** A Go module whose files the imports are made from. */
export interface GoModule {
  readonly path: string;
  readonly version: string;
}

/** Istio's API definitions. */
export const ISTIO_API: GoModule = { path: 'istio.io/api', version: 'v1.31.1' };

/** Kubernetes itself, for its OpenAPI document. */
export const KUBERNETES: GoModule = { path: 'k8s.io/kubernetes', version: 'v1.36.1' };

/** Gateway API, at the version that Istio's go.mod asks for. */
export const GATEWAY_API: GoModule = { path: 'sigs.k8s.io/gateway-api', version: 'v1.6.0' };

/** Custom resource definitions to import: which kinds, from which files of which module. */
export interface CrdSource {
  readonly module: GoModule;
  readonly files: readonly string[];
  /** Kinds used by lib/manifests; add here, run `npx projen imports`. */
  readonly kinds: readonly string[];
}

/** Every custom resource definition that meshvm has types for. */
export const CRD_SOURCES: readonly CrdSource[] = [
  {
    module: ISTIO_API,
    files: ['kubernetes/customresourcedefinitions.gen.yaml'],
    kinds: [
      'AuthorizationPolicy',
      'DestinationRule',
      'Gateway',
      'PeerAuthentication',
      'RequestAuthentication',
      'ServiceEntry',
      'Sidecar',
      'Telemetry',
      'VirtualService',
      'WorkloadEntry',
      'WorkloadGroup',
    ],
  },
  {
    module: GATEWAY_API,
    files: [
      'config/crd/standard/gateway.networking.k8s.io_gateways.yaml',
      'config/crd/standard/gateway.networking.k8s.io_tlsroutes.yaml',
    ],
    kinds: ['Gateway', 'TLSRoute'],
  },
];

/** Kubernetes' own kinds that meshvm has types for: names of definitions in the OpenAPI document. */
export const KUBERNETES_KINDS: readonly string[] = [
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  'io.k8s.api.apps.v1.Deployment',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'io.k8s.api.core.v1.ConfigMap',
  'io.k8s.api.core.v1.Namespace',
  'io.k8s.api.core.v1.Service',
  'io.k8s.api.core.v1.ServiceAccount',
  'io.k8s.api.policy.v1.PodDisruptionBudget',
  'io.k8s.api.rbac.v1.Role',
  'io.k8s.api.rbac.v1.RoleBinding',
];
