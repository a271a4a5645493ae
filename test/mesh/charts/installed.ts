import { parse } from 'yaml';
import type { ControlPlane } from '../../../lib/control-plane/control-plane';
import type { Manifest } from '../harness';
import { find } from './istio-charts';

interface MeshData {
  readonly data: { readonly mesh: string; readonly meshNetworks: string };
}

interface PodTemplate {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: {
    readonly terminationGracePeriodSeconds?: number;
    readonly affinity: {
      readonly podAntiAffinity: {
        readonly preferredDuringSchedulingIgnoredDuringExecution: readonly {
          readonly podAffinityTerm: { readonly labelSelector: { readonly matchLabels: Record<string, string> } };
        }[];
      };
    };
    readonly containers: readonly {
      readonly args: readonly string[];
      readonly env: readonly { readonly name: string; readonly value?: string }[];
      readonly resources: { readonly requests: Record<string, string | number> };
    }[];
  };
}

/** The pods of a Deployment. */
export function templateOf(deployment: Manifest): PodTemplate {
  return (deployment.spec as { readonly template: PodTemplate }).template;
}

/** The one container of a Deployment, its environment as a map; fails when a variable is set twice. */
export function containerOf(deployment: Manifest) {
  const [{ args, env, resources }] = templateOf(deployment).spec.containers;
  expect(new Set(env.map(({ name }) => name)).size).toBe(env.length);
  return { args, resources, env: Object.fromEntries(env.map(({ name, value }) => [name, value])) };
}

/** The ports of a Service. */
export function portsOf(service: Manifest): readonly number[] {
  return (service.spec as { readonly ports: readonly { readonly port: number }[] }).ports.map(({ port }) => port);
}

/** The least number of pods of an autoscaler. */
export function minimum({ spec }: Manifest): unknown {
  return (spec as { readonly minReplicas: number }).minReplicas;
}

/** The greatest number of pods of an autoscaler. */
export function maximum({ spec }: Manifest): unknown {
  return (spec as { readonly maxReplicas: number }).maxReplicas;
}

/** The ConfigMap that istiod reads. */
export function configurationOf(objects: readonly Manifest[], control: ControlPlane) {
  const name = control.revision === '' ? 'istio' : `istio-${control.revision}`;
  const { data } = find(objects, 'ConfigMap', name) as Manifest & MeshData;
  return { mesh: parse(data.mesh) as unknown, networks: parse(data.meshNetworks) as unknown };
}
