import type * as pulumi from '@pulumi/pulumi';

/**
 * How the sidecar finds out whether the application on the machine is ready: the form of a Pod's `readinessProbe`. Exactly one of
 * `httpGet`, `tcpSocket` and `exec` must be set. There is no gRPC probe: Istio's webhook refuses it on a WorkloadGroup.
 */
export interface ProbeArgs {
  /**
   * HTTP GET; 200 to 399 is ready.
   * @default - another method
   */
  readonly httpGet?: HttpGetArgs;

  /**
   * TCP connection.
   * @default - another method
   */
  readonly tcpSocket?: TcpSocketArgs;

  /**
   * Command on the machine, as the sidecar's user; exit code 0 is ready.
   * @default - another method
   */
  readonly exec?: ExecArgs;

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

/** An HTTP probe. */
export interface HttpGetArgs {
  /** Port that the application listens on. */
  readonly port: number;

  /**
   * Path of the request.
   * @default '/'
   */
  readonly path?: pulumi.Input<string>;

  /**
   * Address that the probe dials. An application bound to 127.0.0.1 alone needs `127.0.0.1` here.
   * @default - the machine's registered address
   */
  readonly host?: pulumi.Input<string>;

  /**
   * `HTTP` or `HTTPS`. HTTPS verifies the certificate, unlike the kubelet: a self-signed one fails.
   * @default 'HTTP'
   */
  readonly scheme?: string;

  /**
   * Headers of the request.
   * @default []
   */
  readonly httpHeaders?: HttpHeaderArgs[];
}

/** A header of an HTTP probe. */
export interface HttpHeaderArgs {
  /** Letters, digits and "-". */
  readonly name: string;

  /** Value of the header. */
  readonly value: pulumi.Input<string>;
}

/** A TCP probe. */
export interface TcpSocketArgs {
  /** Port that the application listens on. */
  readonly port: number;

  /**
   * Address that the probe dials.
   * @default - the machine's registered address
   */
  readonly host?: pulumi.Input<string>;
}

/** A probe by command. */
export interface ExecArgs {
  /** Command and its arguments; no shell. */
  readonly command: pulumi.Input<string>[];
}
