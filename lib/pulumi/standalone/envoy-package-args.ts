import type * as pulumi from '@pulumi/pulumi';

/** Where a machine has the program Envoy from. Exactly one property must be set. */
export interface EnvoyPackageArgs {
  /**
   * A program that the machine downloads, and checks before it runs it.
   * @default - another property is set
   */
  readonly binary?: EnvoyBinariesArgs;

  /**
   * A program that is on the machine's image, or that a package of the cloud-config brings.
   * @default - another property is set
   */
  readonly preinstalled?: PreinstalledEnvoyArgs;
}

/** Envoy for each kind of machine: at least one. */
export interface EnvoyBinariesArgs {
  /**
   * For x86-64.
   * @default - machines of that kind refuse to start Envoy
   */
  readonly amd64?: EnvoyBinaryArgs;

  /**
   * For 64-bit ARM.
   * @default - machines of that kind refuse to start Envoy
   */
  readonly arm64?: EnvoyBinaryArgs;
}

/** A program to download, and what it must be. */
export interface EnvoyBinaryArgs {
  /** Where the program itself lies, no archive: http or https. Firewalls follow from its port. */
  readonly url: string;

  /** SHA-256 of the program, 64 hexadecimal digits in lower case. Nothing else is ever run, whoever serves it. */
  readonly sha256: pulumi.Input<string>;
}

/** A program that is there. */
export interface PreinstalledEnvoyArgs {
  /**
   * Where the program is, an absolute path.
   * @default '/usr/local/bin/envoy'
   */
  readonly path?: string;
}
