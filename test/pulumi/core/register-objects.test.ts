import { ComponentResource, type ComponentResourceOptions, output } from '@pulumi/pulumi';
import type { KubernetesObject } from '../../../lib/core/kubernetes-object';
import { dependencies, registerObjects } from '../../../lib/pulumi/core/register-objects';
import { later, registered } from '../fixtures';

class Team extends ComponentResource {
  public constructor(
    name: string,
    objects: Readonly<Record<string, KubernetesObject>>,
    options?: ComponentResourceOptions,
  ) {
    super('acme:index:Team', name, {}, options);
    registerObjects(this, name, { shape: { objects }, result: output({ objects }) }, options);
  }
}

/** With what some kinds must have. */
function object(apiVersion: string, kind: string): KubernetesObject {
  const named = { apiVersion, kind, metadata: { name: 'x' } };
  if (kind === 'RoleBinding') return { ...named, roleRef: { name: 'x' } } as KubernetesObject;
  return ['ConfigMap', 'Secret', 'ServiceAccount', 'Role'].includes(kind) ? named : { ...named, spec: { of: kind } };
}

describe('registerObjects', () => {
  test.each([
    ['v1', 'ConfigMap', 'kubernetes:core/v1:ConfigMap'],
    ['v1', 'Namespace', 'kubernetes:core/v1:Namespace'],
    ['v1', 'Secret', 'kubernetes:core/v1:Secret'],
    ['v1', 'Service', 'kubernetes:core/v1:Service'],
    ['v1', 'ServiceAccount', 'kubernetes:core/v1:ServiceAccount'],
    ['apps/v1', 'Deployment', 'kubernetes:apps/v1:Deployment'],
    ['autoscaling/v2', 'HorizontalPodAutoscaler', 'kubernetes:autoscaling/v2:HorizontalPodAutoscaler'],
    ['policy/v1', 'PodDisruptionBudget', 'kubernetes:policy/v1:PodDisruptionBudget'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'kubernetes:rbac.authorization.k8s.io/v1:Role'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'kubernetes:rbac.authorization.k8s.io/v1:RoleBinding'],
    ['networking.istio.io/v1', 'WorkloadGroup', 'kubernetes:networking.istio.io/v1:WorkloadGroup'],
    ['gateway.networking.k8s.io/v1', 'Gateway', 'kubernetes:gateway.networking.k8s.io/v1:Gateway'],
  ])('registers a %s %s by its own resource', async (apiVersion, kind, type) => {
    const [, child] = await registered(() => new Team('team', { Id: object(apiVersion, kind) }));
    const { inputs, custom, parent, name } = child;
    expect({ type: child.type, custom, parent, name }).toStrictEqual({
      type,
      custom: true,
      parent: 'team',
      name: 'team-Id',
    });
    expect(inputs).toStrictEqual(object(apiVersion, kind));
  });

  test('lets objects wait for what they need, in whatever order they come', async () => {
    const objects = {
      Binding: object('rbac.authorization.k8s.io/v1', 'RoleBinding'),
      Pods: object('apps/v1', 'Deployment'),
      GuardBinding: object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding'),
      Guard: object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'),
      Role: object('rbac.authorization.k8s.io/v1', 'Role'),
      Account: object('v1', 'ServiceAccount'),
      Namespace: object('v1', 'Namespace'),
    };
    const resources = await registered(() => new Team('team', objects));
    const waits = Object.fromEntries(
      resources.slice(1).map(({ name, dependencies }) => [name, [...dependencies].sort()]),
    );
    expect(waits).toStrictEqual({
      'team-Namespace': [],
      'team-Account': ['team-Namespace'],
      'team-Role': ['team-Namespace'],
      'team-Guard': ['team-Namespace'],
      'team-GuardBinding': ['team-Guard', 'team-Namespace'],
      'team-Pods': ['team-Account', 'team-Namespace'],
      'team-Binding': ['team-GuardBinding', 'team-Namespace', 'team-Role'],
    });
  });
});

describe('dependencies', () => {
  const resource = {} as ComponentResource;
  test.each<[string, ComponentResourceOptions | undefined, readonly unknown[]]>([
    ['no options', undefined, []],
    ['options without any', {}, []],
    ['one', { dependsOn: resource }, [resource]],
    ['several', { dependsOn: [resource, resource] }, [resource, resource]],
  ])('of %s', (_, options, expected) => {
    expect(dependencies(options)).toStrictEqual(expected);
  });

  test('of a list that is known only later', async () => {
    const resources = await registered(() => {
      const first = new Team('first', { Map: object('v1', 'ConfigMap') });
      new Team('second', { Map: object('v1', 'Secret') }, { dependsOn: later([first]) });
    });
    expect(resources.at(-1)?.dependencies).toContain('first-Map');
  });
});
