import { getAmiOutput } from '@pulumi/aws/ec2';
import { getPartitionOutput } from '@pulumi/aws/getPartition';
import { getParameterOutput } from '@pulumi/aws/ssm';
import * as pulumi from '@pulumi/pulumi';
import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import { MachineArchitecture, type MachineImageArgs, type VendorImageArgs } from '../machine-image-args';
import { lateProblem, notAllowed } from './reasons';

/** An image as the arguments describe it, before anybody was asked. */
export interface ImageChoice {
  readonly architecture: MachineArchitecture;
  /** Whether machines install nothing when they join. */
  readonly preinstalled: boolean;
  /** Whether its package mirrors are reached over plain HTTP. */
  readonly httpMirrors: boolean;
  /** Argument that tells the image, for what turns out to be wrong later. */
  readonly path: string;
  /** Finds the image. */
  readonly find: (options: pulumi.InvokeOutputOptions) => pulumi.Output<FoundImage>;
}

/** What EC2 tells of an image. */
export interface FoundImage {
  readonly id: string;
  readonly architecture: string;
  readonly rootDeviceName: string;
}

/** An image that machines can start from. */
export interface ResolvedImage {
  readonly imageId: pulumi.Output<string>;
  readonly architecture: MachineArchitecture;
  /** Whether machines install nothing when they join. */
  readonly preinstalled: boolean;
  /** Whether its package mirrors are reached over plain HTTP. */
  readonly httpMirrors: boolean;
  /** Device of the root volume: under another name a block device mapping would add a second volume. */
  readonly rootDeviceName: pulumi.Output<string>;
}

/** The image of the arguments; undefined when they are wrong, which is noted. */
export function imageOf(problems: ArgumentProblems, path: string, args: MachineImageArgs): ImageChoice | undefined {
  const vendor = (kind: Vendor) => (image: VendorImageArgs, below: string) => vendorImage(problems, below, image, kind);
  return problems.one<MachineImageArgs, ImageChoice>(path, args, {
    ubuntu2404: vendor(UBUNTU),
    debian12: vendor(DEBIAN),
    amazonLinux2023: vendor(AMAZON_LINUX),
    rhel9: vendor(RHEL),
    ami: (image, below) => {
      const { id, architecture, preinstalled = false, httpMirrors = false } = image;
      checkArchitecture(problems, below, architecture);
      checkText(problems, `${below}.id`, id, IMAGE_ID);
      if (preinstalled && httpMirrors) {
        problems.add(`${below}.httpMirrors`, 'a preinstalled image uses no mirror; remove one of the two');
      }
      return { architecture, preinstalled, httpMirrors, path: below, find: (options) => imageById(id, options) };
    },
  });
}

/** Finds the image. One of another architecture than the arguments' makes its Outputs fail. */
export function resolveImage(image: ImageChoice, options: pulumi.InvokeOutputOptions = {}): ResolvedImage {
  const { architecture, preinstalled, httpMirrors, path, find } = image;
  const found = find(options).apply((ami) => {
    if (ami.architecture === architecture) return ami;
    const reason = `${ami.id} is an image for ${ami.architecture}; give an image for ${architecture}, or that architecture`;
    throw lateProblem(path, reason);
  });
  return {
    imageId: found.apply(({ id }) => id),
    architecture,
    preinstalled,
    httpMirrors,
    rootDeviceName: found.apply(({ rootDeviceName }) => rootDeviceName),
  };
}

interface Form {
  readonly pattern: RegExp;
  readonly allowed: string;
}

interface Vendor {
  readonly version: Form;
  readonly httpMirrors: boolean;
  readonly find: (
    architecture: MachineArchitecture,
    version: pulumi.Output<string> | undefined,
    options: pulumi.InvokeOutputOptions,
  ) => pulumi.Output<FoundImage>;
}

const IMAGE_ID: Form = { pattern: /^ami-[0-9a-z]+$/, allowed: 'the ID of an image, such as ami-0123456789abcdef0' };

/** Debian's and Ubuntu's words for the architectures. */
const DEB: Readonly<Record<string, string>> = {
  [MachineArchitecture.X86_64]: 'amd64',
  [MachineArchitecture.Arm64]: 'arm64',
};

/** Upstream: https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/ */
const UBUNTU: Vendor = {
  version: { pattern: /^\d{8}(\.\d+)?$/, allowed: 'the serial of a release, such as 20250305' },
  httpMirrors: true,
  find: byParameter(
    (architecture, serial = 'current') =>
      `/aws/service/canonical/ubuntu/server/24.04/stable/${serial}/${DEB[architecture]}/hvm/ebs-gp3/ami-id`,
  ),
};

/** Upstream: https://wiki.debian.org/Cloud/AmazonEC2Image */
const DEBIAN: Vendor = {
  version: { pattern: /^\d{8}-\d+$/, allowed: 'a release, such as 20250316-2053' },
  httpMirrors: true,
  find: byParameter(
    (architecture, release = 'latest') => `/aws/service/debian/release/12/${release}/${DEB[architecture]}`,
  ),
};

/** Upstream: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html */
const AMAZON_LINUX: Vendor = {
  version: { pattern: /^[1-9]\d*$/, allowed: "a version number of the image's SSM parameter, such as 42" },
  httpMirrors: false,
  find: byParameter(
    (architecture, version) =>
      `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}${version ? `:${version}` : ''}`,
  ),
};

const RHEL: Vendor = {
  version: { pattern: /^9\.\d+$/, allowed: 'a minor release, such as 9.4' },
  httpMirrors: false,
  find: (architecture, version, options) => {
    const release = version ?? pulumi.output('9');
    return getAmiOutput(
      {
        owners: [getPartitionOutput({}, options).partition.apply(redHatAccount)],
        mostRecent: true,
        filters: [
          // A beta is named HVM_BETA.
          { name: 'name', values: [pulumi.interpolate`RHEL-${release}.*_HVM-*-${architecture}-*-Hourly2-GP3`] },
          { name: 'architecture', values: [architecture] },
          { name: 'root-device-type', values: ['ebs'] },
          { name: 'virtualization-type', values: ['hvm'] },
        ],
      },
      options,
    );
  },
};

/** Red Hat's accounts. Upstream: https://access.redhat.com/solutions/15356 */
export function redHatAccount(partition: string): string {
  const account = { aws: '309956199498', 'aws-us-gov': '219670896067', 'aws-cn': '841258680906' }[partition];
  if (account !== undefined) return account;
  const reason = `no account of Red Hat is known in the partition ${partition}; give the image as imageId or ami`;
  throw lateProblem('image.rhel9', reason);
}

function vendorImage(problems: ArgumentProblems, path: string, args: VendorImageArgs, vendor: Vendor): ImageChoice {
  const { architecture, version, imageId } = args;
  checkArchitecture(problems, path, architecture);
  if (version !== undefined) checkText(problems, `${path}.version`, version, vendor.version);
  if (imageId !== undefined) checkText(problems, `${path}.imageId`, imageId, IMAGE_ID);
  if (version !== undefined && imageId !== undefined) {
    problems.add(`${path}.imageId`, 'it can not be set together with version; remove one of the two');
  }
  return {
    architecture,
    preinstalled: false,
    httpMirrors: vendor.httpMirrors,
    path,
    find: (options) => {
      if (imageId !== undefined) return imageById(imageId, options);
      const release = version === undefined ? undefined : checkedText(`${path}.version`, version, vendor.version);
      return vendor.find(architecture, release, options);
    },
  };
}

function byParameter(name: (architecture: MachineArchitecture, version?: string) => string): Vendor['find'] {
  return (architecture, version, options) => {
    const parameter = version === undefined ? name(architecture) : version.apply((known) => name(architecture, known));
    return imageById(getParameterOutput({ name: parameter }, options).insecureValue, options);
  };
}

/** A vendor takes old images off its lists, which must not break who stays with one. */
function imageById(id: pulumi.Input<string>, options: pulumi.InvokeOutputOptions): pulumi.Output<FoundImage> {
  return getAmiOutput({ filters: [{ name: 'image-id', values: [id] }], includeDeprecated: true }, options);
}

function checkArchitecture(problems: ArgumentProblems, path: string, value: unknown): void {
  const allowed: unknown[] = Object.values(MachineArchitecture);
  if (!allowed.includes(value)) {
    problems.add(`${path}.architecture`, notAllowed(value, allowed.join(', ')));
  }
}

function checkText(problems: ArgumentProblems, path: string, value: unknown, form: Form): void {
  if (isDeferred(value)) return;
  const reason = textReason(value, form);
  if (reason !== undefined) problems.add(path, reason);
}

/** A value that is checked when it is known. */
export function checkedText(path: string, value: pulumi.Input<string>, form: Form): pulumi.Output<string> {
  return pulumi.output(value).apply((known) => {
    const reason = textReason(known, form);
    if (reason === undefined) return known;
    throw lateProblem(path, reason);
  });
}

function textReason(value: unknown, { pattern, allowed }: Form): string | undefined {
  if (typeof value === 'string' && pattern.test(value)) return undefined;
  return notAllowed(value, allowed);
}
