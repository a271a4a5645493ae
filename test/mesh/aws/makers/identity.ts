import { type Maker, parameters, pick, tagList, to, withTags } from '../api';
import type { AwsValue } from '../sdk';

/** IAM roles with their policies and instance profiles, and access entries of EKS. */
export const IDENTITY_MAKERS: Readonly<Record<string, Maker>> = {
  'aws:iam/role:Role': async (sdk, { name, inputs }) => {
    const RoleName = `${name}-in-aws`;
    const sent = parameters(name, inputs, {
      description: to('Description'),
      assumeRolePolicy: to('AssumeRolePolicyDocument', JSON.parse),
      permissionsBoundary: to('PermissionsBoundary'),
      tags: to('Tags', tagList),
    });
    const { Role } = await sdk.call('iam', 'create_role', {
      ...sent,
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify(sent.AssumeRolePolicyDocument),
    });
    const stored = (await sdk.call('iam', 'get_role', { RoleName })).Role;
    return {
      names: { [`arn:${name}`]: Role.Arn },
      sent,
      stored: withTags(
        {
          ...pick(stored, ['Description', 'AssumeRolePolicyDocument']),
          ...(stored.PermissionsBoundary && { PermissionsBoundary: stored.PermissionsBoundary.PermissionsBoundaryArn }),
        },
        stored,
      ),
    };
  },

  'aws:iam/instanceProfile:InstanceProfile': async (sdk, { name, inputs }) => {
    const InstanceProfileName = `${name}-in-aws`;
    const { RoleName, ...others } = parameters(name, inputs, { role: to('RoleName'), tags: to('Tags', tagList) });
    const { InstanceProfile } = await sdk.call('iam', 'create_instance_profile', { InstanceProfileName, ...others });
    await sdk.call('iam', 'add_role_to_instance_profile', { InstanceProfileName, RoleName });
    const stored = (await sdk.call('iam', 'get_instance_profile', { InstanceProfileName })).InstanceProfile;
    return {
      names: { [`arn:${name}`]: InstanceProfile.Arn },
      sent: { RoleName, ...others },
      stored: withTags({ RoleName: stored.Roles.map((role: AwsValue) => role.RoleName).join() }, stored),
    };
  },

  'aws:iam/rolePolicy:RolePolicy': async (sdk, { name, inputs }) => {
    const sent = parameters(name, inputs, { role: to('RoleName'), policy: to('PolicyDocument', JSON.parse) });
    const key = { RoleName: sent.RoleName, PolicyName: name };
    await sdk.call('iam', 'put_role_policy', { ...key, PolicyDocument: JSON.stringify(sent.PolicyDocument) });
    const stored = await sdk.call('iam', 'get_role_policy', key);
    return { names: {}, sent, stored: pick(stored, ['RoleName', 'PolicyDocument']) };
  },

  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': async (sdk, { name, inputs }) => {
    const sent = parameters(name, inputs, { role: to('RoleName'), policyArn: to('PolicyArn') });
    await sdk.call('iam', 'attach_role_policy', sent);
    const { RoleName } = sent;
    const { AttachedPolicies } = await sdk.call('iam', 'list_attached_role_policies', { RoleName });
    return {
      names: {},
      sent,
      stored: { RoleName, PolicyArn: AttachedPolicies.map((one: AwsValue) => one.PolicyArn).join() },
    };
  },

  // moto has no access entries: held against the SDK's model, not sent.
  'aws:eks/accessEntry:AccessEntry': async (sdk, { name, inputs }) => {
    const sent = parameters(name, inputs, {
      clusterName: to('clusterName'),
      principalArn: to('principalArn'),
      type: to('type'),
      kubernetesGroups: to('kubernetesGroups'),
      userName: to('username'),
      tags: to('tags'),
    });
    await sdk.check('eks', 'create_access_entry', sent);
    return { names: {}, sent, stored: sent };
  },
};
