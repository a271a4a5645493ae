import { InstanceType } from '@pulumi/aws/types/enums/ec2';
import { MachineArchitecture } from 'meshvm/pulumi/aws';
import { architectureOf, checkInstanceTypes } from '../../../../lib/pulumi/aws/private/instance-types';
import { notedBy } from '../fleet';

const { Arm64, X86_64 } = MachineArchitecture;

describe('architectureOf', () => {
  test.each([
    ['a1.medium', Arm64],
    ['t4g.micro', Arm64],
    ['m7gd.metal', Arm64],
    ['im4gn.large', Arm64],
    ['is4gen.8xlarge', Arm64],
    ['g5g.xlarge', Arm64],
    ['hpc7g.4xlarge', Arm64],
    ['x2gd.large', Arm64],
    ['p6e-gb200.36xlarge', Arm64],
    ['t3.micro', X86_64],
    ['m7i-flex.large', X86_64],
    ['g4dn.xlarge', X86_64],
    ['g6.xlarge', X86_64],
    ['gr6.4xlarge', X86_64],
    ['p6-b200.48xlarge', X86_64],
    ['u7i-12tb.224xlarge', X86_64],
    ['u-6tb1.metal', X86_64],
    ['mac2.metal', undefined],
    ['mac-m4pro.metal', undefined],
    ['m7i', undefined],
    ['M7I.large', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is for %s', (type, architecture) => {
    expect(architectureOf(type)).toBe(architecture);
  });

  test('knows every type that the provider knows, but for those of macOS', () => {
    const unknown = Object.values(InstanceType).filter((type) => architectureOf(type) === undefined);
    expect(unknown.filter((type) => !type.startsWith('mac'))).toStrictEqual([]);
  });
});

describe('checkInstanceTypes', () => {
  const image = { architecture: X86_64, path: 'image.ami' };
  const check = (type: string, of?: typeof image) =>
    notedBy((problems) => checkInstanceTypes(problems, [{ path: 'instanceTypes[0]', type }], of));

  test("lets types of the image's processor pass", () => {
    expect(check('m7i.large', image)).toStrictEqual([]);
  });

  test('refuses a type of another processor, and says what to change', () => {
    expect(check('m7g.large', image)).toStrictEqual([
      'instanceTypes[0]: m7g.large is for arm64, but the image (image.ami) for x86_64; ' +
        'fix: choose an instance type for x86_64, or give an image for arm64 (image)',
    ]);
  });

  test('refuses what is no type, whatever the image', () => {
    expect(check('large')).toStrictEqual([
      'instanceTypes[0]: "large" is not allowed; allowed: an instance type that runs Linux, such as m7g.large',
    ]);
  });
});
