import type { AuthorizationPolicySpec } from '../../../imports/security.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact } from '../../core/kubernetes-object';

/** An AuthorizationPolicy as the builder sees it, every default filled in. Lists and keys are plain. */
export interface AuthorizationPolicySettings {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the workloads, or undefined for the whole namespace; for the mesh, in its root namespace. */
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
  /** ALLOW or DENY; undefined, with no rules, allows nothing. */
  readonly action: string | undefined;
  /** Whether proxies only say what they would do. */
  readonly dryRun: boolean;
  readonly rules: readonly AuthorizationRuleSettings[];
}

/** A rule: one of the sources, and all of the rest. Empty lists say nothing. */
export interface AuthorizationRuleSettings {
  readonly sources: readonly AuthorizationSourceSettings[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly ports: readonly number[];
  readonly conditions: readonly AuthorizationConditionSettings[];
}

/** Who calls: one of each list. */
export interface AuthorizationSourceSettings {
  readonly principals?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly ipBlocks?: readonly string[];
  readonly requestPrincipals?: readonly string[];
}

/** An attribute of the request, and the values that it may have. */
export interface AuthorizationConditionSettings {
  readonly key: string;
  readonly values: readonly string[];
}

type Spec = Plain<AuthorizationPolicySpec>;
type Rule = NonNullable<Spec['rules']>[number];

/** Builds the AuthorizationPolicy that says who may call workloads. */
export function authorizationPolicy(policy: AuthorizationPolicySettings): KubernetesObject<Spec> {
  const { name, namespace, matchLabels, action, rules } = policy;
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: compact({
      name,
      namespace,
      annotations: policy.dryRun ? { 'istio.io/dry-run': 'true' } : undefined,
    }),
    spec: compact({
      selector: matchLabels && { matchLabels },
      action: action as Spec['action'],
      rules: action === undefined ? undefined : rules.map(ruleOf),
    }),
  };
}

function ruleOf({ sources, methods, paths, ports, conditions }: AuthorizationRuleSettings): Rule {
  const operation = compact({ methods: some(methods), paths: some(paths), ports: some(ports.map(String)) });
  return compact({
    from: some(sources.map((source) => ({ source }))),
    to: Object.keys(operation).length > 0 ? [{ operation }] : undefined,
    when: some(conditions),
  });
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
