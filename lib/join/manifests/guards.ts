import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Subject } from '../../core/rbac';
import type { Member } from '../../machines/member';
import { admissionPolicyBinding } from './admission-policy';
import { applicationAdmissionPolicy, applicationPolicyName } from './application-admission-policy';

import { configAdmissionPolicy, configPolicyName } from './config-admission-policy';
import { registrationAdmissionPolicy, registrationPolicyName } from './registration-admission-policy';
import { tokenAdmissionPolicy, tokenPolicyName } from './token-admission-policy';

/** What the guards of a group depend on. */
export interface GuardOptions {
  /** Who the API server takes the machines for. */
  readonly subject: Subject;
  /** Who changes the group's ConfigMaps, besides whoever may change the guards. */
  readonly editors: readonly Subject[];
  /** Audience of the machines' tokens. */
  readonly audience: string;
  /** Address ranges of the machines. */
  readonly cidrs: readonly string[];
  /** Whether the group has a probe. */
  readonly probed: boolean;
}

/** The policies that close what rights can't say, each with its binding, by the ids of their constructs. */
export function guards(member: Member, options: GuardOptions): Readonly<Record<string, KubernetesObject>> {
  const { subject, editors, audience, cidrs, probed } = options;
  return {
    TokenPolicy: tokenAdmissionPolicy(member, subject, audience),
    TokenPolicyBinding: admissionPolicyBinding(tokenPolicyName(member)),
    RegistrationPolicy: registrationAdmissionPolicy(member, cidrs, probed),
    RegistrationPolicyBinding: admissionPolicyBinding(registrationPolicyName(member)),
    ApplicationPolicy: applicationAdmissionPolicy(member),
    ApplicationPolicyBinding: admissionPolicyBinding(applicationPolicyName(member)),
    ConfigPolicy: configAdmissionPolicy(member, editors),
    ConfigPolicyBinding: admissionPolicyBinding(configPolicyName(member)),
  };
}

/** Names of the policies, and of their bindings. */
export function guardNames(member: Member): readonly string[] {
  return [tokenPolicyName, registrationPolicyName, applicationPolicyName, configPolicyName].map((name) => name(member));
}
