import type { KubeClient } from './kube-client';
import type { KubernetesObject, Manifest, StoredObject } from './kubernetes-object';

/**
 * Does what a kubelet and the controllers of endpoints and load balancers would do for a Pod that has become ready: its
 * status, an EndpointSlice for each Service that selects it, and an address for those of type LoadBalancer.
 */
export async function publishPod(client: KubeClient, pod: StoredObject, address: string): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  await client.patchStatus(pod, {
    phase: 'Running',
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: now,
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now }],
  });
  const services = await client.list('v1', 'Service', pod.metadata.namespace);
  for (const service of services.filter((candidate) => selects(candidate, pod))) {
    await client.mustApply(endpointSlice(service, pod, address));
    if ((service.spec as ServiceSpec).type === 'LoadBalancer') {
      await client.patchStatus(service, { loadBalancer: { ingress: [{ ip: address }] } });
    }
  }
}

interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol?: string;
    readonly targetPort?: number | string;
  }[];
}

interface PodSpec {
  readonly containers: readonly {
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

function selects(service: KubernetesObject, pod: KubernetesObject): boolean {
  const selector = Object.entries((service.spec as ServiceSpec).selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

function endpointSlice(service: KubernetesObject, pod: StoredObject, address: string): Manifest {
  const { name, namespace } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${pod.metadata.name}`,
      namespace,
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType: 'IPv4',
    endpoints: [
      {
        addresses: [address],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', name: pod.metadata.name, namespace, uid: pod.metadata.uid },
      },
    ],
    ports: (service.spec as ServiceSpec).ports.map(({ name: portName, port, protocol, targetPort }) => ({
      name: portName ?? '',
      port: containerPort(pod, targetPort ?? port),
      protocol: protocol ?? 'TCP',
    })),
  };
}

function containerPort(pod: StoredObject, port: number | string): number {
  if (typeof port === 'number') return port;
  const ports = (pod.spec as PodSpec).containers.flatMap((container) => container.ports ?? []);
  const found = ports.find(({ name }) => name === port);
  if (found === undefined) throw new Error(`No container of Pod ${pod.metadata.name} has a port named ${port}.`);
  return found.containerPort;
}
