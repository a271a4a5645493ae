/**
 * Properties of StandaloneEnvoy.composeFile.
 * @argsDoc A Compose file that puts an Envoy beside a service of yours.
 */
export interface StandaloneComposeProps {
  /**
   * Image with Envoy at /usr/local/bin/envoy and with `sh` and `bash`, such as Envoy's own without `distroless`, by its digest:
   * `docker.io/envoyproxy/envoy:v1.38.3@sha256:…`.
   */
  readonly image: string;

  /**
   * Service of your Compose file whose containers call the mesh. Envoy shares its network: its listeners on loopback are that container's, and
   * nobody else's. So Envoy publishes no ports, and the names of the mesh's services are added to this service (`extra_hosts`).
   * @argsPlain
   */
  readonly service: string;

  /**
   * User that Envoy runs as, `uid:gid` in numbers: the owner of the private key, whose mode is 0600. Not root.
   * @argsPlain
   */
  readonly user: string;

  /**
   * Folder beside the Compose file with what `files()` gives, or `meshvm envoy --out`.
   * @default './meshvm-envoy'
   * @argsDoc Folder beside the Compose file with what the output `files` holds.
   * @argsPlain
   */
  readonly configuration?: string;

  /**
   * Folder beside the Compose file with the certificate. It must be there, or Compose refuses to start; its files may come later.
   * @default './certificates'
   * @argsPlain
   */
  readonly certificates?: string;
}
