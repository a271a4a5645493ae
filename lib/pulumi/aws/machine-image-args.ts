import type * as pulumi from '@pulumi/pulumi';

/**
 * The image that machines start from. Exactly one property must be set.
 *
 * The vendors' images are found when the program runs, so a vendor's release shows as a change of the image at the next `pulumi up`, and
 * an autoscaling group then replaces its machines. Pin `version` or `imageId` where that is not wanted.
 *
 * Each image is looked up in EC2, too: an image of another architecture than the declared one is refused. The parameter names, owners and
 * name patterns follow the vendors' documentation and were not tried against AWS.
 */
export interface MachineImageArgs {
  /**
   * Ubuntu 24.04 LTS by Canonical: SSM parameter `/aws/service/canonical/ubuntu/server/24.04/...`. A `version` is the serial of a release,
   * such as `20250305`.
   * @default - another property is set
   */
  readonly ubuntu2404?: VendorImageArgs;

  /**
   * Debian 12: SSM parameter `/aws/service/debian/release/12/...`. A `version` is a release, such as `20250316-2053`.
   * @default - another property is set
   */
  readonly debian12?: VendorImageArgs;

  /**
   * Amazon Linux 2023 with its default kernel: SSM parameter `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-...`. A
   * `version` is a version number of that parameter, such as `42`.
   * @default - another property is set
   */
  readonly amazonLinux2023?: VendorImageArgs;

  /**
   * Red Hat Enterprise Linux 9, billed by the hour: the newest image of Red Hat's accounts. A `version` is a minor release, such as `9.4`.
   * @default - another property is set
   */
  readonly rhel9?: VendorImageArgs;

  /**
   * An image of your own.
   * @default - another property is set
   */
  readonly ami?: OwnImageArgs;
}

/** An image of a Linux vendor. */
export interface VendorImageArgs {
  /** Processor of the machines. It must fit their instance types. */
  readonly architecture: MachineArchitecture;

  /**
   * Release to stay with; its form is told at the vendor's property of MachineImageArgs. Not together with `imageId`.
   * @default - the newest
   */
  readonly version?: pulumi.Input<string>;

  /**
   * Image to stay with, such as `ami-0123456789abcdef0`: an image of this vendor in the program's region. Not together with `version`.
   * @default - found by the vendor's release
   */
  readonly imageId?: pulumi.Input<string>;
}

/** An image of your own. */
export interface OwnImageArgs {
  /** Image, such as `ami-0123456789abcdef0`. */
  readonly id: pulumi.Input<string>;

  /** Processor of the machines. It must fit their instance types. */
  readonly architecture: MachineArchitecture;

  /**
   * Whether the image holds the sidecar's package and what it needs already. Machines then install nothing, and have no way out to package
   * mirrors: another version of Istio comes with another image.
   * @default false
   */
  readonly preinstalled?: boolean;

  /**
   * Whether the package mirrors that the image knows are reached over plain HTTP, as those of Ubuntu and Debian are (packages are signed).
   * Machines may then open connections to port 80, too.
   * @default false
   */
  readonly httpMirrors?: boolean;
}

/** Processor architectures that Istio publishes sidecars for. */
export enum MachineArchitecture {
  /** Intel and AMD (`x86_64`, `amd64`). */
  X86_64 = 'x86_64',
  /** AWS Graviton (`arm64`, `aarch64`). */
  Arm64 = 'arm64',
}
