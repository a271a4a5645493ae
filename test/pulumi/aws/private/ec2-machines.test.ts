import { createHash } from 'node:crypto';
import { type Ec2MachineArgs, MachineArchitecture } from 'meshvm/pulumi/aws';
import { planMachines } from '../../../../lib/pulumi/aws/private/ec2-machines';
import { refusal } from '../../fixtures';
import { runProgram } from '../../program';
import { fleetArgs } from '../fleet';

async function plan(args: Partial<Ec2MachineArgs> = {}, type = 'm7i.large') {
  const all = { ...fleetArgs(), ...args };
  const types = [{ path: 'instanceType', type }];
  return (await runProgram(() => planMachines('Test', 'pay', all, types, undefined, () => {}))).value;
}

describe('the image', () => {
  test.each([
    ['m7i.large', 'x86_64'],
    ['m7g.large', 'arm64'],
  ])('is Ubuntu for the processor of %s, unless one is given', async (type, architecture) => {
    expect((await plan({ image: undefined }, type)).image).toMatchObject({ architecture, path: 'image.ubuntu2404' });
  });

  const baked = { ami: { id: 'ami-0own', architecture: MachineArchitecture.X86_64, preinstalled: true } };
  const published = { published: {} };

  test('that holds the sidecar makes machines download nothing', async () => {
    const { groupArgs } = await plan({ image: baked, bootstrap: { restartJitterSeconds: 7 } });
    expect(groupArgs.bootstrap).toStrictEqual({ restartJitterSeconds: 7, sidecarPackage: { preinstalled: true } });
  });

  test('does not decide where packages come from when that is said', async () => {
    const { groupArgs } = await plan({ image: baked, bootstrap: { sidecarPackage: published } });
    expect(groupArgs.bootstrap).toStrictEqual({ sidecarPackage: published });
    expect((await plan()).groupArgs.bootstrap).toBeUndefined();
  });
});

test('the group takes what tells who the machines are, and is named after the component', async () => {
  const { groupArgs } = await plan({ version: 'v2', canonicalService: 'till', services: [], weight: 7 });
  expect(groupArgs).toMatchObject({
    name: 'pay',
    namespace: 'payments',
    version: 'v2',
    canonicalService: 'till',
    services: [],
    weight: 7,
    ports: [{ name: 'http', port: 8080 }],
    gateway: { serviceName: 'istio-eastwestgateway' },
    identity: { eks: { cluster: 'prod-eu' } },
  });
  expect(groupArgs).not.toHaveProperty('subnetIds');
  expect((await plan({ name: 'till' })).groupArgs.name).toBe('till');
});

test('what is wrong with the group is told with the names of the arguments, before the cluster is known', async () => {
  const check = (args: Partial<Ec2MachineArgs>) =>
    refusal(() =>
      planMachines(
        'Test',
        'pay',
        { ...fleetArgs(), ...args },
        [{ path: 'instanceType', type: 'm7i.large' }],
        undefined,
        (problems) => problems.add('own', 'it is wrong, too'),
      ),
    );
  const own = 'own: it is wrong, too';
  expect(await check({})).toStrictEqual([own]);
  expect(await check({ application: { packages: ['a b'] } })).toStrictEqual([
    own,
    'application.packages[0] [user-data/package]',
  ]);
  expect(await check({ application: { files: [{ path: 'pay.conf', content: '' }] } })).toStrictEqual([
    own,
    'application.files[0].path [user-data/file]',
  ]);
  expect(await check({ application: { cloudConfig: 'packages: []' } })).toStrictEqual([
    own,
    'application.cloudConfig [user-data/cloud-config]',
  ]);
  expect(await check({ gateway: undefined })).toStrictEqual([own, 'gateway [group/identity-without-gateway]']);
});

test('user-data that is too large is refused with the sizes of its parts', async () => {
  // Nothing that compression could make smaller.
  const content = Array.from({ length: 700 }, (_, index) =>
    createHash('sha256').update(`${index}`).digest('base64'),
  ).join('');
  const messages = await runProgram(() => {
    try {
      const args = fleetArgs({ application: { files: [{ path: '/opt/pay.txt', content }] } });
      planMachines('Test', 'pay', args, [{ path: 'instanceType', type: 'm7i.large' }], undefined, () => {});
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(messages.value).toMatch(
    /^Test pay: 1 problem\n {2}application: "\d+ bytes: .*allowed: at most 16384 bytes for Amazon EC2; fix: .* \[user-data\/too-large\]\n.*docs\/rules\.md.*$/,
  );
  expect(content.length).toBeGreaterThan(30000);
});
