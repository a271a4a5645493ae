import * as pulumi from '@pulumi/pulumi';
import { MachineArchitecture, type MachineImageArgs } from '../../../../lib/pulumi/aws/machine-image-args';
import { checkedText, imageOf, redHatAccount, resolveImage } from '../../../../lib/pulumi/aws/private/machine-image';
import { ArgumentProblems } from '../../../../lib/pulumi/core/arguments';
import { runProgram } from '../../program';
import { FakeProvider, settledOrError } from '../provider';

const { X86_64, Arm64 } = MachineArchitecture;
const GET_PARAMETER = 'aws:ssm/getParameter:getParameter';
const GET_AMI = 'aws:ec2/getAmi:getAmi';

async function resolve(args: MachineImageArgs, provider = new FakeProvider()) {
  const problems = new ArgumentProblems();
  const choice = imageOf(problems, 'image', args);
  problems.throwIfAny('X');
  if (choice === undefined) throw new Error('no image, and no problem');
  const { value } = await runProgram(
    async () => {
      const { imageId, rootDeviceName, ...others } = resolveImage(choice);
      const [id, device] = await Promise.all([settledOrError(imageId), settledOrError(rootDeviceName)]);
      return { imageId: id, rootDeviceName: device, ...others };
    },
    { call: provider.call },
  );
  return value;
}

function problemsOf(args: MachineImageArgs): string[] {
  const problems = new ArgumentProblems();
  imageOf(problems, 'image', args);
  try {
    problems.throwIfAny('X');
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

/** A provider whose images are for the given architecture. */
function imagesFor(architecture: string, partition = 'aws') {
  return new FakeProvider({
    [GET_AMI]: { id: 'ami-0found', architecture, rootDeviceName: '/dev/xvda' },
    'aws:index/getPartition:getPartition': { partition },
  });
}

describe('vendors with an SSM parameter', () => {
  const ubuntu = '/aws/service/canonical/ubuntu/server/24.04/stable';
  const debian = '/aws/service/debian/release/12';
  const amazon = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default';

  test.each<[string, MachineImageArgs, string]>([
    ['Ubuntu', { ubuntu2404: { architecture: X86_64 } }, `${ubuntu}/current/amd64/hvm/ebs-gp3/ami-id`],
    [
      'a release of Ubuntu',
      { ubuntu2404: { architecture: X86_64, version: '20250305' } },
      `${ubuntu}/20250305/amd64/hvm/ebs-gp3/ami-id`,
    ],
    ['Debian', { debian12: { architecture: X86_64 } }, `${debian}/latest/amd64`],
    [
      'a release of Debian',
      { debian12: { architecture: X86_64, version: pulumi.output('20250316-2053') } },
      `${debian}/20250316-2053/amd64`,
    ],
    ['Amazon Linux', { amazonLinux2023: { architecture: X86_64 } }, `${amazon}-x86_64`],
    ['a version of Amazon Linux', { amazonLinux2023: { architecture: X86_64, version: '42' } }, `${amazon}-x86_64:42`],
  ])('finds %s', async (_, args, name) => {
    const provider = new FakeProvider();
    const { imageId, rootDeviceName, architecture } = await resolve(args, provider);
    expect(provider.calls).toStrictEqual([
      { token: GET_PARAMETER, inputs: { name } },
      {
        token: GET_AMI,
        inputs: { filters: [{ name: 'image-id', values: ['ami-0parameter'] }], includeDeprecated: true },
      },
    ]);
    expect([imageId, rootDeviceName, architecture]).toStrictEqual(['ami-0found', '/dev/sda1', X86_64]);
  });

  test.each<[MachineImageArgs, string]>([
    [{ ubuntu2404: { architecture: Arm64 } }, `${ubuntu}/current/arm64/hvm/ebs-gp3/ami-id`],
    [{ debian12: { architecture: Arm64 } }, `${debian}/latest/arm64`],
    [{ amazonLinux2023: { architecture: Arm64 } }, `${amazon}-arm64`],
  ])('uses the word for arm64 of the vendor of %j', async (args, name) => {
    const provider = imagesFor('arm64');
    expect((await resolve(args, provider)).imageId).toBe('ami-0found');
    expect(provider.callsOf(GET_PARAMETER)).toStrictEqual([{ name }]);
  });

  test('a pinned image needs no parameter', async () => {
    const provider = new FakeProvider();
    await resolve({ ubuntu2404: { architecture: X86_64, imageId: 'ami-0pinned' } }, provider);
    expect(provider.calls).toStrictEqual([
      { token: GET_AMI, inputs: { filters: [{ name: 'image-id', values: ['ami-0pinned'] }], includeDeprecated: true } },
    ]);
  });
});

describe('Red Hat', () => {
  test.each([
    ['aws', '309956199498'],
    ['aws-us-gov', '219670896067'],
    ['aws-cn', '841258680906'],
  ])('finds the newest image of its account in the partition %s', async (partition, owner) => {
    const provider = imagesFor('arm64', partition);
    const { imageId, rootDeviceName } = await resolve({ rhel9: { architecture: Arm64, version: '9.4' } }, provider);
    expect([imageId, rootDeviceName]).toStrictEqual(['ami-0found', '/dev/xvda']);
    expect(provider.callsOf(GET_AMI)).toStrictEqual([
      {
        owners: [owner],
        mostRecent: true,
        filters: [
          { name: 'name', values: ['RHEL-9.4.*_HVM-*-arm64-*-Hourly2-GP3'] },
          { name: 'architecture', values: ['arm64'] },
          { name: 'root-device-type', values: ['ebs'] },
          { name: 'virtualization-type', values: ['hvm'] },
        ],
      },
    ]);
  });

  test('takes any minor release unless told otherwise', async () => {
    const provider = imagesFor('x86_64');
    await resolve({ rhel9: { architecture: X86_64 } }, provider);
    expect(provider.callsOf(GET_AMI)).toMatchObject([
      { filters: expect.arrayContaining([{ name: 'name', values: ['RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3'] }]) },
    ]);
  });

  test('guesses no account in another partition', () => {
    expect(() => redHatAccount('aws-iso')).toThrow(
      'image.rhel9: no account of Red Hat is known in the partition aws-iso; give the image as imageId or ami',
    );
  });
});

describe('an image of your own', () => {
  test('is looked up, for its root device', async () => {
    const provider = new FakeProvider();
    const id = pulumi.output('ami-0own');
    const found = await resolve({ ami: { id, architecture: X86_64, preinstalled: true } }, provider);
    expect(found).toStrictEqual({
      imageId: 'ami-0found',
      rootDeviceName: '/dev/sda1',
      architecture: X86_64,
      preinstalled: true,
      httpMirrors: false,
    });
    expect(provider.callsOf(GET_AMI)).toStrictEqual([
      { filters: [{ name: 'image-id', values: ['ami-0own'] }], includeDeprecated: true },
    ]);
  });
});

test('only Ubuntu and Debian are installed over HTTP, and no vendor has the sidecar preinstalled', async () => {
  const kinds = ['ubuntu2404', 'debian12', 'amazonLinux2023', 'rhel9'];
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const choice = imageOf(new ArgumentProblems(), 'image', { [kind]: { architecture: X86_64 } });
      return [kind, choice?.preinstalled, choice?.httpMirrors];
    }),
  );
  expect(found).toStrictEqual([
    ['ubuntu2404', false, true],
    ['debian12', false, true],
    ['amazonLinux2023', false, false],
    ['rhel9', false, false],
  ]);
});

test('refuses an image of another architecture', async () => {
  const args = { ami: { id: 'ami-0own', architecture: Arm64 } };
  const { imageId, rootDeviceName } = await resolve(args, imagesFor('x86_64'));
  const error = 'Error: image.ami: ami-0found is an image for x86_64; give an image for arm64, or that architecture';
  expect([imageId, rootDeviceName]).toStrictEqual([error, error]);
});

test('checks a version that is known later, then', async () => {
  const form = { pattern: /^\d+$/, allowed: 'a number' };
  const check = (value: string) => settledOrError(checkedText('image.x.version', pulumi.output(value), form));
  expect(await check('12')).toBe('12');
  expect(await check('bookworm')).toBe('Error: image.x.version: "bookworm" is not allowed; allowed: a number');
});

describe('imageOf', () => {
  test('wants exactly one image', () => {
    const choices = 'ubuntu2404, debian12, amazonLinux2023, rhel9, ami';
    expect(problemsOf({})).toStrictEqual([`  image: exactly one of ${choices} must be set, found none`]);
    expect(problemsOf({ rhel9: { architecture: X86_64 }, ubuntu2404: { architecture: X86_64 } })).toStrictEqual([
      `  image: exactly one of ${choices} must be set, found rhel9, ubuntu2404`,
    ]);
  });

  test('notes everything that is wrong at once', () => {
    const architecture = 'amd64' as MachineArchitecture;
    expect(problemsOf({ ubuntu2404: { architecture, version: '24.04', imageId: 'noble' } })).toStrictEqual([
      '  image.ubuntu2404.architecture: "amd64" is not allowed; allowed: x86_64, arm64',
      '  image.ubuntu2404.version: "24.04" is not allowed; allowed: the serial of a release, such as 20250305',
      '  image.ubuntu2404.imageId: "noble" is not allowed; allowed: the ID of an image, such as ami-0123456789abcdef0',
      '  image.ubuntu2404.imageId: it can not be set together with version; remove one of the two',
    ]);
    const own = { id: '/my/parameter', architecture: X86_64, preinstalled: true, httpMirrors: true };
    expect(problemsOf({ ami: own })).toStrictEqual([
      '  image.ami.id: "/my/parameter" is not allowed; allowed: the ID of an image, such as ami-0123456789abcdef0',
      '  image.ami.httpMirrors: a preinstalled image uses no mirror; remove one of the two',
    ]);
  });

  test.each<[string, MachineImageArgs]>([
    ['debian12', { debian12: { architecture: X86_64, version: '12' } }],
    ['amazonLinux2023', { amazonLinux2023: { architecture: X86_64, version: '2023.6' } }],
    ['rhel9', { rhel9: { architecture: X86_64, version: '8.9' } }],
  ])('knows the form of a version of %s', (kind, args) => {
    expect(problemsOf(args)).toStrictEqual([expect.stringContaining(`image.${kind}.version: "`)]);
  });
});
