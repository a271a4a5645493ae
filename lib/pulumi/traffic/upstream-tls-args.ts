import type * as pulumi from '@pulumi/pulumi';

/** The TLS that callers speak to a host. Exactly one property must be set. */
export interface UpstreamTlsArgs {
  /**
   * `true`: mutual TLS of the mesh, also to endpoints that look as if they had no sidecar. Without a word Istio decides by endpoint.
   * @default - another property is set
   */
  readonly istioMutual?: boolean;

  /**
   * `true`: plain text, also to endpoints with a sidecar: those that require mutual TLS refuse it.
   * @default - another property is set
   */
  readonly disable?: boolean;

  /**
   * The sidecar of the caller turns plain text into TLS, such as for a host outside the mesh.
   * @default - another property is set
   */
  readonly simple?: ServerVerificationArgs;

  /**
   * As `simple`, and the caller shows a certificate that isn't the mesh's.
   * @default - another property is set
   */
  readonly mutual?: ClientCertificateArgs;
}

/** How callers check the server that they speak TLS to. */
export interface ServerVerificationArgs {
  /**
   * Server name that callers ask for.
   * @default - the host of the request
   */
  readonly sni?: pulumi.Input<string>;

  /**
   * Names of which the server's certificate must have one.
   * @default - the server name
   */
  readonly subjectAltNames?: pulumi.Input<string>[];

  /**
   * File of the certificate authorities that callers trust, on each caller: in the pod's sidecar and on the machine.
   * @default - those of the caller's operating system
   */
  readonly caCertificates?: pulumi.Input<string>;
}

/** The certificate that callers show. */
export interface ClientCertificateArgs extends ServerVerificationArgs {
  /** File of the certificate, on each caller: in the pod's sidecar and on the machine. */
  readonly clientCertificate: pulumi.Input<string>;

  /** File of the private key, on each caller. */
  readonly privateKey: pulumi.Input<string>;
}
