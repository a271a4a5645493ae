import * as pulumi from '@pulumi/pulumi';
import type { EksClusterArgs } from '../../../../lib/pulumi/aws/eks-cluster-args';
import { checkCluster, resolveCluster } from '../../../../lib/pulumi/aws/private/eks-cluster';
import { ArgumentProblems } from '../../../../lib/pulumi/core/arguments';
import { unknown } from '../../fixtures';
import { runProgram } from '../../program';
import { ANSWERS, CERTIFICATE, FakeProvider, settledOrError } from '../provider';

const GET_CLUSTER = 'aws:eks/getCluster:getCluster';
const COMPLETE = {
  name: 'prod-eu',
  endpoint: 'https://api.example.com',
  certificateAuthority: Buffer.from(CERTIFICATE).toString('base64'),
  securityGroupId: 'sg-mine',
  authenticationMode: 'API_AND_CONFIG_MAP',
  vpcId: 'vpc-mine',
};

/** The resolved cluster, each part as its value or the error's text. */
async function resolve(args: EksClusterArgs, provider = new FakeProvider(), preview = false) {
  const { value } = await runProgram(
    async () => {
      const parts = Object.entries(resolveCluster(args)).map(
        async ([key, output]) => [key, await settledOrError(output as pulumi.Output<string>)] as const,
      );
      return Object.fromEntries(await Promise.all(parts));
    },
    { call: provider.call, preview },
  );
  return value;
}

function problemsOf(args: EksClusterArgs): string {
  const problems = new ArgumentProblems();
  checkCluster(problems, 'cluster', args);
  try {
    problems.throwIfAny('X');
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('resolveCluster', () => {
  test('asks EKS once for what is not given', async () => {
    const provider = new FakeProvider();
    expect(await resolve({ name: 'prod-eu' }, provider)).toStrictEqual({
      name: 'prod-eu',
      endpoint: 'https://0123.gr7.eu-west-1.eks.amazonaws.com',
      caCertificate: CERTIFICATE,
      securityGroupId: 'sg-cluster',
      authenticationMode: 'API',
      vpcId: 'vpc-cluster',
    });
    expect(provider.calls).toStrictEqual([{ token: GET_CLUSTER, inputs: { name: 'prod-eu' } }]);
  });

  test('asks nothing when all is given, as Inputs or not', async () => {
    const provider = new FakeProvider();
    const args = { ...COMPLETE, endpoint: pulumi.output(COMPLETE.endpoint), vpcId: Promise.resolve('vpc-mine') };
    const { certificateAuthority: _, ...rest } = COMPLETE;
    expect(await resolve(args, provider)).toStrictEqual({ ...rest, caCertificate: CERTIFICATE });
    expect(provider.calls).toStrictEqual([]);
  });

  test('takes what is given before what EKS says', async () => {
    const found = await resolve({ name: 'prod-eu', endpoint: 'https://proxy.example.com', vpcId: 'vpc-other' });
    expect([found.endpoint, found.vpcId, found.securityGroupId]).toStrictEqual([
      'https://proxy.example.com',
      'vpc-other',
      'sg-cluster',
    ]);
  });

  test.each([
    ['said by EKS', { accessConfigs: [{ authenticationMode: 'CONFIG_MAP' }] }],
    ['of a cluster from before access entries', { accessConfigs: [] }],
  ])('refuses the mode CONFIG_MAP %s, and says what to do', async (_, answer) => {
    const provider = new FakeProvider({ [GET_CLUSTER]: { ...ANSWERS[GET_CLUSTER], ...answer } });
    const { authenticationMode } = await resolve({ name: 'prod-eu' }, provider);
    expect(authenticationMode).toBe(
      'Error: cluster.authenticationMode: "CONFIG_MAP" is not allowed; allowed: API, API_AND_CONFIG_MAP; fix: set ' +
        "the cluster's authentication mode to API_AND_CONFIG_MAP (accessConfig.authenticationMode, or aws eks " +
        'update-cluster-config --access-config), since machines join by an access entry; aws-auth goes on working, ' +
        'and EKS does not let you change back',
    );
  });

  test('says which argument to give for what EKS does not tell', async () => {
    const provider = new FakeProvider({ [GET_CLUSTER]: { ...ANSWERS[GET_CLUSTER], certificateAuthorities: [] } });
    const { caCertificate } = await resolve({ name: 'prod-eu' }, provider);
    expect(caCertificate).toMatch(/^Error: cluster.certificateAuthority: EKS did not tell it.*; give it$/);
  });

  test('keeps secret what is given as a secret', async () => {
    const certificateAuthority = pulumi.secret(COMPLETE.certificateAuthority);
    const { value } = await runProgram(() => {
      const { caCertificate, endpoint } = resolveCluster({ ...COMPLETE, certificateAuthority });
      return Promise.all([pulumi.isSecret(caCertificate), pulumi.isSecret(endpoint)]);
    });
    expect(value).toStrictEqual([true, false]);
  });

  test('leaves open in a preview what depends on a cluster that is not there yet', async () => {
    const provider = new FakeProvider();
    const { vpcId, authenticationMode } = await resolve({ name: unknown() }, provider, true);
    expect([vpcId, authenticationMode, provider.calls]).toStrictEqual([undefined, undefined, []]);
  });
});

describe('checkCluster', () => {
  test('accepts a name alone, all of it, and Inputs', () => {
    expect(problemsOf({ name: 'prod-eu' })).toBe('');
    expect(problemsOf(COMPLETE)).toBe('');
    expect(problemsOf({ name: pulumi.output(''), authenticationMode: pulumi.output('CONFIG_MAP') })).toBe('');
  });

  test('notes everything that is wrong at once', () => {
    const wrong = {
      name: '',
      endpoint: '0123.gr7.eu-west-1.eks.amazonaws.com',
      certificateAuthority: CERTIFICATE,
      securityGroupId: '',
      authenticationMode: 'CONFIG_MAP',
    };
    expect(problemsOf(wrong).split('\n')).toStrictEqual([
      'X: 5 problems',
      '  cluster.name: "" is not allowed; allowed: a non-empty string',
      '  cluster.endpoint: "0123.gr7.eu-west-1.eks.amazonaws.com" is not allowed; allowed: https:// and a host, as EKS gives it',
      '  cluster.certificateAuthority: it is no certificate in PEM encoded as base64; give what EKS gives as ' +
        'certificateAuthority.data, without decoding it',
      '  cluster.securityGroupId: "" is not allowed; allowed: a non-empty string',
      expect.stringMatching(/^ {2}cluster.authenticationMode: "CONFIG_MAP" is not allowed; .*fix: set the cluster's/),
    ]);
  });

  test('misses the name', () => {
    expect(problemsOf({} as EksClusterArgs)).toBe(
      'X: 1 problem\n  cluster.name: it is missing; give the name of the EKS cluster',
    );
  });
});
