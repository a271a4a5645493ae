/** How callers check the server that they speak TLS to. */
export interface ServerVerification {
  /**
   * Server name that callers ask for.
   * @default - the host of the request
   */
  readonly sni?: string;

  /**
   * Names of which the server's certificate must have one.
   * @default - the server name
   */
  readonly subjectAltNames?: readonly string[];

  /**
   * File of the certificate authorities that callers trust, on each caller: in the pod's sidecar and on the machine.
   * @default - those of the caller's operating system
   */
  readonly caCertificates?: string;
}

/** The certificate that callers show. */
export interface ClientCertificate extends ServerVerification {
  /** File of the certificate, on each caller: in the pod's sidecar and on the machine. */
  readonly clientCertificate: string;

  /** File of the private key, on each caller. */
  readonly privateKey: string;
}

/** The TLS that callers speak to a host. */
export class UpstreamTls {
  /**
   * Mutual TLS of the mesh, also to endpoints that look as if they had no sidecar. Without a word Istio decides by endpoint.
   *
   * @param server Who must answer: `subjectAltNames` are SPIFFE IDs here, by default those of the endpoints' ServiceAccounts; the server
   * name by default is the one that Istio makes of the host and the port.
   */
  public static istioMutual(server: Omit<ServerVerification, 'caCertificates'> = {}): UpstreamTls {
    return new UpstreamTls({ istioMutual: server });
  }

  /** Plain text, also to endpoints with a sidecar: those that require mutual TLS refuse it. */
  public static disable(): UpstreamTls {
    return new UpstreamTls({ disable: true });
  }

  /** The sidecar of the caller turns plain text into TLS, such as for a host outside the mesh. */
  public static simple(server: ServerVerification = {}): UpstreamTls {
    return new UpstreamTls({ simple: server });
  }

  /** As `simple`, and the caller shows a certificate that isn't the mesh's. */
  public static mutual(certificate: ClientCertificate): UpstreamTls {
    return new UpstreamTls({ mutual: certificate });
  }

  /**
   * {@link UpstreamTls.istioMutual}
   * @args IstioMutualArgs
   */
  declare public readonly istioMutual?: {
    /**
     * Server name that callers ask for.
     * @default - the one that Istio makes of the host and the port
     */
    readonly sni?: string;

    /**
     * SPIFFE IDs of which the server must have one.
     * @default - those of the endpoints' ServiceAccounts
     */
    readonly subjectAltNames?: readonly string[];
  };
  /** {@link UpstreamTls.disable} */
  declare public readonly disable?: true;
  /** {@link UpstreamTls.simple} */
  declare public readonly simple?: ServerVerification;
  /** {@link UpstreamTls.mutual} */
  declare public readonly mutual?: ClientCertificate;

  private constructor(choice: UpstreamTls) {
    Object.assign(this, choice);
  }
}
