import { Role } from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { accessEntryUserName, registerAccessEntry } from '../../../../lib/pulumi/aws/private/access-entry';
import { resolveCluster } from '../../../../lib/pulumi/aws/private/eks-cluster';
import { unknown } from '../../fixtures';
import { runProgram, settled } from '../../program';
import { Parent } from '../component';
import { FakeProvider } from '../provider';

const GROUP = 'meshvm:payments:payment-service';

async function register(authenticationMode: pulumi.Input<string>, preview = false) {
  const seen: pulumi.CustomResourceOptions[] = [];
  const { resources } = await runProgram(
    () => {
      const before = new Role('before', { assumeRolePolicy: '{}' });
      const parent = new Parent('payments', {
        transformations: [
          ({ type, opts }) => {
            if (type === 'aws:eks/accessEntry:AccessEntry') seen.push(opts);
            return undefined;
          },
        ],
      });
      const role = new Role('role', { assumeRolePolicy: '{}' });
      const cluster = resolveCluster({ name: 'prod-eu', authenticationMode });
      registerAccessEntry(
        parent,
        'payments',
        { cluster, role, kubernetesGroup: pulumi.output(GROUP), tags: { team: 'shop' } },
        { dependsOn: [before] },
      );
    },
    {
      call: new FakeProvider().call,
      preview,
      state: ({ type }) => (type === 'aws:iam/role:Role' ? { arn: 'arn:role', uniqueId: 'AROA1' } : {}),
    },
  );
  return { entry: resources.find(({ type }) => type === 'aws:eks/accessEntry:AccessEntry'), seen };
}

test('the entry maps the role to the Kubernetes group, and names sessions after instances', async () => {
  const { entry } = await register('API_AND_CONFIG_MAP');
  expect(entry?.name).toBe('payments-access-entry');
  expect(entry?.parent).toBe('payments');
  expect(entry?.dependencies).toStrictEqual(expect.arrayContaining(['before', 'role']));
  expect(entry?.inputs).toStrictEqual({
    clusterName: 'prod-eu',
    principalArn: 'arn:role',
    type: 'STANDARD',
    kubernetesGroups: [GROUP],
    userName: 'vm:meshvm:payments:payment-service:{{SessionName}}',
    tags: { team: 'shop' },
  });
});

test('the entry is replaced when the role is another one of the same name, the old entry first', async () => {
  const { seen } = await register('API');
  expect(seen).toHaveLength(1);
  expect(seen[0].deleteBeforeReplace).toBe(true);
  expect(await settled(pulumi.output(seen[0].replacementTrigger))).toBe('AROA1');
});

test('the entry waits for the check of the authentication mode', async () => {
  const { entry } = await register(unknown<string>(), true);
  expect(pulumi.isUnknown(entry?.inputs.clusterName)).toBe(true);
  expect(entry?.inputs.kubernetesGroups).toStrictEqual([GROUP]);
});

test.each(['meshvm:a:b', 'eks:x', 'aws:x', 'amazon:x', 'iam:x', 'plain'])(
  'EKS admits the user name for %s',
  (group) => {
    const userName = accessEntryUserName(group);
    expect(userName).not.toMatch(/^(system|eks|aws|amazon|iam):/);
    expect(userName).toMatch(/:.*\{\{SessionName\}\}$/);
  },
);
