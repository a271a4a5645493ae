/** A program to download, and what it must be. */
export interface EnvoyBinary {
  /**
   * Where the program itself lies, no archive: http or https, such as a mirror's or that of a release of Envoy on GitHub.
   * @argsDoc Where the program itself lies, no archive: http or https. Firewalls follow from its port.
   * @argsPlain
   */
  readonly url: string;

  /** SHA-256 of the program, 64 hexadecimal digits in lower case. Nothing else is ever run, whoever serves it. */
  readonly sha256: string;
}

/** Envoy for each kind of machine: at least one. */
export interface EnvoyBinaries {
  /**
   * For x86-64.
   * @default - machines of that kind refuse to start Envoy
   */
  readonly amd64?: EnvoyBinary;

  /**
   * For 64-bit ARM.
   * @default - machines of that kind refuse to start Envoy
   */
  readonly arm64?: EnvoyBinary;
}
