import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkDnsSubdomain } from '../../core/values/names';
import type { Mesh } from '../../mesh/mesh';
import type { AuthorizationPolicyProps, AuthorizationRule, JwtRequirement } from '../authorization-policy-props';
import type { Caller } from '../caller';
import { type KnownCaller, knownCaller } from '../caller-checks';
import type { DenyByDefaultProps } from '../deny-by-default-props';
import {
  type AuthorizationConditionSettings,
  type AuthorizationPolicySettings,
  type AuthorizationRuleSettings,
  type AuthorizationSourceSettings,
  authorizationPolicy,
} from '../manifests/authorization-policy';
import { checkTarget, describeTarget, type PolicyScope, resolveTarget, targetName } from '../policy-scope';
import { principalOf } from '../principal';
import { checkAuthorizationRule } from './authorization-rules';

const NO_RULES = rule({
  id: 'authorization/no-rules',
  origin: 'ignored',
  allowed: 'at least one rule',
  remedy: 'use DenyByDefault to allow nothing; leave a policy that denies nothing out',
  source: 'istio: an ALLOW policy without rules matches no call, so that all are refused',
});
const TOO_MANY_RULES = rule({
  id: 'authorization/too-many-rules',
  origin: 'kubernetes',
  allowed: 'at most 512 rules',
  remedy: 'split the policy: policies for the same workloads add up',
  source: 'CRD of AuthorizationPolicy: maxItems',
});
const CLOSES_GATEWAYS = rule({
  id: 'authorization/closes-gateways',
  origin: 'ignored',
  allowed: 'groups, machines and namespaces; of a policy for the whole mesh DENY rules alone',
  remedy: 'make one policy for each namespace',
  source:
    'istio buildCompleteNetworkFilters: a policy of the mesh holds on gateways too, and one that allows only some calls cuts machines off from istiod',
});

/** All that an AuthorizationPolicy consists of. */
export interface PlannedAuthorization extends PolicyScope {
  readonly name: string;
  /** By the ids of their constructs. */
  readonly objects: Readonly<Record<string, KubernetesObject>>;
}

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planAuthorizationPolicy(
  spec: AuthorizationPolicyProps,
  { path, id, program, namespace, problems }: Place,
): PlannedAuthorization {
  const policy = resolveAuthorizationPolicy(spec, id, namespace);
  checkAuthorizationPolicy(problems, program, spec, policy);
  problems.throwIfAny(path);
  return planned(policy);
}

/** The same of a policy that allows nothing. */
export function planDenyByDefault(
  spec: DenyByDefaultProps,
  { path, program, namespace, problems }: Place,
): PlannedAuthorization {
  const policy = resolveDenyByDefault(spec, namespace);
  checkDenyByDefault(problems, program, spec, policy);
  problems.throwIfAny(path);
  return planned(policy);
}

function planned(policy: AuthorizationPolicySettings): PlannedAuthorization {
  const { name, namespace, matchLabels } = policy;
  return { name, namespace, matchLabels, objects: { Resource: authorizationPolicy(policy) } };
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveAuthorizationPolicy(
  props: AuthorizationPolicyProps,
  id: string,
  chartNamespace: string,
): AuthorizationPolicySettings {
  return {
    ...resolveTarget(props.target, props.mesh, chartNamespace),
    name: props.name ?? id,
    action: props.action ?? 'ALLOW',
    dryRun: props.dryRun ?? false,
    rules: props.rules.map((given) => resolveRule(given, props.mesh)),
  };
}

/** The policy that allows nothing. */
function resolveDenyByDefault(props: DenyByDefaultProps, chartNamespace: string): AuthorizationPolicySettings {
  const machinesName = targetName(props.target);
  return {
    ...resolveTarget(props.target, props.mesh, chartNamespace),
    name: props.name ?? (machinesName === undefined ? 'deny-by-default' : `${machinesName}-deny-by-default`),
    action: undefined,
    dryRun: false,
    rules: [],
  };
}

/** Everything about a policy that Kubernetes or Istio would refuse, or take and then ignore. */
function checkAuthorizationPolicy(
  problems: Problems,
  program: Registry,
  props: AuthorizationPolicyProps,
  policy: AuthorizationPolicySettings,
): void {
  checkDnsSubdomain(problems, 'name', policy.name);
  checkTarget(problems, program, props.mesh, props.target, policy);
  const { action } = policy;
  if (action === 'ALLOW' && props.target.mesh) problems.add(CLOSES_GATEWAYS, 'target', describeTarget(policy));
  if (props.rules.length === 0) problems.add(NO_RULES, 'rules', []);
  if (props.rules.length > 512) problems.add(TOO_MANY_RULES, 'rules', props.rules.length);
  props.rules.forEach((given, index) => {
    checkAuthorizationRule(problems.at(`rules[${index}]`), program, given, policy);
  });
}

/** What a policy that allows nothing must not be about. */
function checkDenyByDefault(
  problems: Problems,
  program: Registry,
  { mesh, target }: DenyByDefaultProps,
  policy: AuthorizationPolicySettings,
): void {
  checkDnsSubdomain(problems, 'name', policy.name);
  checkTarget(problems, program, mesh, target, policy);
  if (target.mesh) problems.add(CLOSES_GATEWAYS, 'target', describeTarget(policy));
}

function resolveRule(given: AuthorizationRule, mesh: Mesh): AuthorizationRuleSettings {
  const { from = [], jwt, methods = [], paths = [], ports = [] } = given;
  return { sources: sourcesOf(from, jwt, mesh), methods, paths, ports, conditions: conditionsOf(jwt) };
}

/** Lists of one source must all match, so that each kind of caller has a source of its own. */
function sourcesOf(
  from: readonly Caller[],
  jwt: JwtRequirement | undefined,
  mesh: Mesh,
): readonly AuthorizationSourceSettings[] {
  const callers = from.map(knownCaller);
  const certified = callers.filter(({ cidr }) => cidr === undefined);
  const accounts = certified.filter(
    ({ namespace, serviceAccount }) => serviceAccount !== undefined || namespace === undefined,
  );
  const namespaces = certified.filter((caller) => !accounts.includes(caller));
  const kinds: readonly (readonly [keyof AuthorizationSourceSettings, readonly string[]])[] = [
    ['principals', accounts.map((caller) => principalOfCaller(caller, mesh))],
    ['namespaces', namespaces.map(({ namespace }) => namespace ?? '')],
    ['ipBlocks', callers.flatMap(({ cidr }) => cidr ?? [])],
  ];
  const sources = kinds.filter(([, values]) => values.length > 0).map(([kind, values]) => ({ [kind]: values }));
  if (jwt === undefined) return sources;
  const { issuer } = jwt.authentication;
  const requestPrincipals = (jwt.subjects ?? ['*']).map((subject) => `${issuer}/${subject}`);
  return sources.length === 0 ? [{ requestPrincipals }] : sources.map((source) => ({ ...source, requestPrincipals }));
}

/** Whoever has a certificate, unless the caller is one ServiceAccount. */
function principalOfCaller({ namespace, serviceAccount }: KnownCaller, mesh: Mesh): string {
  if (namespace === undefined || serviceAccount === undefined) return '*';
  return principalOf(mesh, namespace, serviceAccount);
}

function conditionsOf(jwt: JwtRequirement | undefined): readonly AuthorizationConditionSettings[] {
  const audiences = jwt?.audiences;
  return [
    ...(audiences === undefined ? [] : [{ key: 'request.auth.audiences', values: audiences }]),
    ...Object.entries(jwt?.claims ?? {}).map(([claim, values]) => ({ key: `request.auth.claims[${claim}]`, values })),
  ];
}
