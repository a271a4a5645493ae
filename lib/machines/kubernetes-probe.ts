/**
 * How often a probe runs and how many answers it takes to change a machine's health.
 * @argsInline
 */
export interface ProbeThresholds {
  /**
   * Seconds after the sidecar's start before the first probe.
   * @default 0
   */
  readonly initialDelaySeconds?: number;

  /**
   * Seconds after which a probe counts as failed.
   * @default 1
   */
  readonly timeoutSeconds?: number;

  /**
   * Seconds between two probes.
   * @default 10
   */
  readonly periodSeconds?: number;

  /**
   * Successes in a row before an unhealthy machine counts as healthy.
   * @default 1
   */
  readonly successThreshold?: number;

  /**
   * Failures in a row before a healthy machine counts as unhealthy and leaves its Services.
   * @default 1
   */
  readonly failureThreshold?: number;
}

/** An HTTP or HTTPS probe. */
export interface HttpProbeOptions extends ProbeThresholds {
  /** Port that the application listens on. */
  readonly port: number;

  /**
   * Address that the probe dials. An application bound to 127.0.0.1 alone needs `127.0.0.1` here.
   * @default - the machine's registered address
   */
  readonly host?: string;

  /**
   * Headers sent with the probe, by name.
   * @default {}
   */
  readonly httpHeaders?: Readonly<Record<string, string>>;
}

/** A TCP probe. */
export interface TcpProbeOptions extends ProbeThresholds {
  /**
   * Address that the probe dials. An application bound to 127.0.0.1 alone needs `127.0.0.1` here.
   * @default - the machine's registered address
   */
  readonly host?: string;
}

/**
 * How the sidecar finds out whether the application on the machine is ready: the form of a Pod's `readinessProbe`. Exactly one of
 * `httpGet`, `tcpSocket` and `exec` must be set. There is no gRPC probe: Istio's webhook refuses it on a WorkloadGroup.
 * @args ProbeArgs
 */
export interface KubernetesProbe extends ProbeThresholds {
  /**
   * HTTP GET; 200 to 399 is ready.
   * @default - another method
   */
  readonly httpGet?: KubernetesHttpGet;
  /**
   * TCP connection.
   * @default - another method
   */
  readonly tcpSocket?: KubernetesTcpSocket;
  /**
   * Command on the machine, as the sidecar's user; exit code 0 is ready.
   * @default - another method
   */
  readonly exec?: KubernetesExec;
  /**
   * gRPC health check: always refused, because Istio's webhook refuses it on a WorkloadGroup.
   * @default - another method
   * @argsOmit
   */
  readonly grpc?: KubernetesGrpc;
}

/**
 * An HTTP probe.
 * @args HttpGetArgs
 */
export interface KubernetesHttpGet {
  /** Port that the application listens on. Names do not exist on a machine. */
  readonly port: number;
  /**
   * Path of the request.
   * @default '/'
   */
  readonly path?: string;
  /**
   * Address that the probe dials. An application bound to 127.0.0.1 alone needs `127.0.0.1` here.
   * @default - the machine's registered address
   */
  readonly host?: string;
  /**
   * `HTTP` or `HTTPS`. HTTPS verifies the certificate, unlike the kubelet: a self-signed one fails.
   * @default 'HTTP'
   * @argsPlain
   */
  readonly scheme?: string;
  /**
   * Headers of the request.
   * @default []
   */
  readonly httpHeaders?: readonly KubernetesHttpHeader[];
}

/**
 * A header of an HTTP probe.
 * @args HttpHeaderArgs
 */
export interface KubernetesHttpHeader {
  /**
   * Letters, digits and "-".
   * @argsPlain
   */
  readonly name: string;
  /** Value of the header. */
  readonly value: string;
}

/**
 * A TCP probe.
 * @args TcpSocketArgs
 */
export interface KubernetesTcpSocket {
  /** Port that the application listens on. Names do not exist on a machine. */
  readonly port: number;
  /**
   * Address that the probe dials. An application bound to 127.0.0.1 alone needs `127.0.0.1` here.
   * @default - the machine's registered address
   */
  readonly host?: string;
}

/**
 * A probe by command.
 * @args ExecArgs
 */
export interface KubernetesExec {
  /** Command and its arguments; no shell. */
  readonly command: readonly string[];
}

/** A probe by gRPC's health check. */
export interface KubernetesGrpc {
  /** Port number. */
  readonly port: number;
  /**
   * Name of the gRPC service to ask for.
   * @default - the server's overall health
   */
  readonly service?: string;
}
