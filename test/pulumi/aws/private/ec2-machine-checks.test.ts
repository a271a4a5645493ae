import { type Ec2MachineArgs, MachineArchitecture, type MachineImageArgs } from 'meshvm/pulumi/aws';
import { checkEc2Machine, checkSubnetId } from '../../../../lib/pulumi/aws/private/ec2-machine-checks';
import type { ImageChoice } from '../../../../lib/pulumi/aws/private/machine-image';
import { later } from '../../fixtures';
import { fleetArgs, notedBy, pathsNotedBy } from '../fleet';

const IMAGE: MachineImageArgs = { debian12: { architecture: MachineArchitecture.X86_64 } };
const TYPES = [{ path: 'instanceType', type: 'm7i.large' }];

const paths = (args: Partial<Ec2MachineArgs>) =>
  pathsNotedBy((problems) => void checkEc2Machine(problems, { ...fleetArgs(), ...args }, IMAGE, TYPES));

test('lets good arguments pass, and tells the image', () => {
  let image: ImageChoice | undefined;
  const args = fleetArgs({
    rootVolume: { sizeGib: 1, iops: 3000, throughputMibps: 125 },
    securityGroupIds: ['sg-1', later('x')],
    tags: { team: 'till' },
  });
  const noted = notedBy((problems) => {
    image = checkEc2Machine(problems, args, IMAGE, TYPES);
  });
  expect(noted).toStrictEqual([]);
  expect(image).toMatchObject({ architecture: 'x86_64', path: 'image.debian12' });
});

describe('refuses', () => {
  test.each<[string, Partial<Ec2MachineArgs>, string[]]>([
    ['no cluster', { cluster: undefined }, ['cluster']],
    [
      'a cluster without access entries',
      { cluster: { name: 'prod-eu', authenticationMode: 'CONFIG_MAP' } },
      ['cluster.authenticationMode'],
    ],
    ['no peers', { peers: undefined }, ['peers']],
    ['no way to istiod', { peers: { gateway: [] } }, ['peers.gateway']],
    [
      'callers from nowhere behind a gateway',
      { network: { behindGateway: { name: 'dc-1', cidrs: ['10.20.0.0/16'] } } },
      ['peers.gatewayPods'],
    ],
    ['a volume that is too small', { rootVolume: { sizeGib: 0 } }, ['rootVolume.sizeGib']],
    [
      'a volume that is too fast',
      { rootVolume: { iops: 80001, throughputMibps: 2001 } },
      ['rootVolume.iops', 'rootVolume.throughputMibps'],
    ],
    [
      'a volume that is too slow',
      { rootVolume: { iops: 100, throughputMibps: 1 } },
      ['rootVolume.iops', 'rootVolume.throughputMibps'],
    ],
    ['what is no security group', { securityGroupIds: ['sg-1', 'subnet-1'] }, ['securityGroupIds[1]']],
    ['hops that EC2 does not know', { metadataHops: 65 }, ['metadataHops']],
    ['no hop at all', { metadataHops: 0 }, ['metadataHops']],
    ['tags with which nothing starts', { tags: { 'a/b': 'c' } }, ['tags']],
  ])('%s', (_, args, expected) => {
    expect(paths(args)).toStrictEqual(expected);
  });

  test('an image for other machines, or no image', () => {
    const check = (image: MachineImageArgs) =>
      pathsNotedBy((problems) => void checkEc2Machine(problems, fleetArgs(), image, TYPES));
    expect(check({ debian12: { architecture: MachineArchitecture.Arm64 } })).toStrictEqual(['instanceType']);
    expect(check({})).toStrictEqual(['image']);
  });
});

test('checkSubnetId refuses what is no subnet', () => {
  expect(notedBy((problems) => checkSubnetId(problems, 'subnetId', 'subnet-1'))).toStrictEqual([]);
  expect(notedBy((problems) => checkSubnetId(problems, 'subnetId', 'vpc-1'))).toStrictEqual([
    'subnetId: "vpc-1" is not allowed; allowed: the ID of a subnet, such as subnet-0123456789abcdef0',
  ]);
});
