/**
 * SHA-256 of the four `istio-sidecar` packages of one Istio version, in hexadecimal.
 * @argsInline
 */
export interface SidecarChecksums {
  /**
   * `istio-sidecar.deb`, for x86-64.
   * @default - machines of that kind refuse to install
   * @argsPlain
   */
  readonly debAmd64?: string;
  /**
   * `istio-sidecar-arm64.deb`.
   * @default - machines of that kind refuse to install
   * @argsPlain
   */
  readonly debArm64?: string;
  /**
   * `istio-sidecar.rpm`, for x86-64.
   * @default - machines of that kind refuse to install
   * @argsPlain
   */
  readonly rpmAmd64?: string;
  /**
   * `istio-sidecar-arm64.rpm`.
   * @default - machines of that kind refuse to install
   * @argsPlain
   */
  readonly rpmArm64?: string;
}
