import type { KubernetesObject } from '../../core/kubernetes-object';

/** A condition in CEL under a name. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** What must hold, and what is said when it doesn't. */
export interface Validation {
  readonly expression: string;
  readonly message: string;
}

/** What an admission policy looks at, and what it demands. */
export interface PolicyRules {
  readonly apiGroup: string;
  readonly apiVersions: readonly string[];
  readonly resource: string;
  readonly operations: readonly string[];
  /** All must hold for the policy to apply. They must not fail: a failure counts as a refusal. */
  readonly matchConditions: readonly NamedExpression[];
  readonly variables: readonly NamedExpression[];
  readonly validations: readonly Validation[];
}

/** What policies look at that judge the registration of machines: an entry is one object under all its versions. */
export const REGISTRATIONS = {
  apiGroup: 'networking.istio.io',
  apiVersions: ['*'],
  resource: 'workloadentries',
  operations: ['CREATE', 'UPDATE'],
} as const satisfies Partial<PolicyRules>;

/** The policy applies to what stands in a namespace. */
export function inNamespace(namespace: string): NamedExpression {
  return { name: 'namespace', expression: `request.namespace == ${cel(namespace)}` };
}

/** A ValidatingAdmissionPolicy that refuses what it can't judge. */
export function admissionPolicy(name: string, rules: PolicyRules): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [rules.apiGroup],
            apiVersions: rules.apiVersions,
            operations: rules.operations,
            resources: [rules.resource],
            scope: 'Namespaced',
          },
        ],
      },
      matchConditions: rules.matchConditions,
      ...(rules.variables.length > 0 ? { variables: rules.variables } : {}),
      validations: rules.validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
    },
  };
}

/** Puts a policy into force. */
export function admissionPolicyBinding(name: string): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
}

/** A string, a list or a map of strings as a CEL literal. CEL's string escapes are JSON's. */
export function cel(value: string | readonly string[] | Readonly<Record<string, string>>): string {
  return JSON.stringify(value);
}
