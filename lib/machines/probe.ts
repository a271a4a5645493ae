import { Problems } from '../core/problems';
import { checkProbe } from './private/probe';

/** How often a probe runs and how many answers it takes to change a machine's health. */
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

/** A readinessProbe as it stands in a Kubernetes Pod or an Istio WorkloadGroup. */
export interface KubernetesProbe extends ProbeThresholds {
  /**
   * HTTP GET.
   * @default - another method
   */
  readonly httpGet?: KubernetesHttpGet;
  /**
   * TCP connection.
   * @default - another method
   */
  readonly tcpSocket?: KubernetesTcpSocket;
  /**
   * Command on the machine.
   * @default - another method
   */
  readonly exec?: KubernetesExec;
  /**
   * gRPC health check: always refused, because Istio's webhook refuses it on a WorkloadGroup.
   * @default - another method
   */
  readonly grpc?: KubernetesGrpc;
}

/** The `httpGet` of a Kubernetes probe. */
export interface KubernetesHttpGet {
  /**
   * Path of the request.
   * @default '/'
   */
  readonly path?: string;
  /** Port number; names do not exist on a machine. */
  readonly port: number;
  /**
   * Address to dial.
   * @default - the machine's registered address
   */
  readonly host?: string;
  /**
   * `HTTP` or `HTTPS`. HTTPS verifies the certificate, unlike the kubelet: a self-signed one fails.
   * @default 'HTTP'
   */
  readonly scheme?: string;
  /**
   * Headers of the request.
   * @default []
   */
  readonly httpHeaders?: readonly KubernetesHttpHeader[];
}

/** A header of a Kubernetes HTTP probe. */
export interface KubernetesHttpHeader {
  /** Letters, digits and "-". */
  readonly name: string;
  /** Value of the header. */
  readonly value: string;
}

/** The `tcpSocket` of a Kubernetes probe. */
export interface KubernetesTcpSocket {
  /** Port number; names do not exist on a machine. */
  readonly port: number;
  /**
   * Address to dial.
   * @default - the machine's registered address
   */
  readonly host?: string;
}

/** The `exec` of a Kubernetes probe. */
export interface KubernetesExec {
  /** Command and its arguments; no shell. */
  readonly command: readonly string[];
}

/** The `grpc` of a Kubernetes probe. */
export interface KubernetesGrpc {
  /** Port number. */
  readonly port: number;
  /**
   * Name of the gRPC service to ask for.
   * @default - the server's overall health
   */
  readonly service?: string;
}

/**
 * How the sidecar finds out whether the application on the machine is ready. A machine with a probe takes no traffic before its
 * first success.
 *
 * Upstream: istio pkg/istio-agent/health. There is no gRPC probe: Istio's webhook refuses it on a WorkloadGroup.
 */
export class Probe {
  /**
   * Asks the application by HTTP; 200 to 399 is ready.
   * @param path Path of the request, such as `/healthz`.
   * @throws ValidationError with every problem of the options.
   */
  public static httpGet(path: string, options: HttpProbeOptions): Probe {
    return new Probe('Probe.httpGet', http('HTTP', path, options));
  }

  /**
   * Asks the application by HTTPS. The sidecar verifies the certificate (the kubelet would not): with a self-signed one use
   * `tcpSocket` or `exec`.
   * @param path Path of the request, such as `/healthz`.
   * @throws ValidationError with every problem of the options.
   */
  public static httpsGet(path: string, options: HttpProbeOptions): Probe {
    return new Probe('Probe.httpsGet', http('HTTPS', path, options));
  }

  /**
   * Opens a TCP connection to the application.
   * @param port Port that the application listens on.
   * @throws ValidationError with every problem of the options.
   */
  public static tcpSocket(port: number, options: TcpProbeOptions = {}): Probe {
    const { host, ...thresholds } = options;
    return new Probe('Probe.tcpSocket', { ...thresholds, tcpSocket: { port, host } });
  }

  /**
   * Runs a command on the machine as the sidecar's user; exit code 0 is ready.
   * @param command Command and its arguments; no shell.
   * @throws ValidationError with every problem of the options.
   */
  public static exec(command: readonly string[], options: ProbeThresholds = {}): Probe {
    return new Probe('Probe.exec', { ...options, exec: { command } });
  }

  /**
   * A probe as it stands in a Pod's `readinessProbe`, for an application that moves between pods and machines.
   * @throws ValidationError with every problem of the probe: none or several methods, `grpc`, port names, unknown schemes.
   */
  public static fromKubernetes(probe: KubernetesProbe): Probe {
    return new Probe('Probe.fromKubernetes', probe);
  }

  private constructor(
    path: string,
    /** The probe in Kubernetes' form. */
    public readonly spec: KubernetesProbe,
  ) {
    const problems = new Problems();
    checkProbe(problems, spec);
    problems.throwIfAny(path);
  }
}

function http(scheme: string, path: string, options: HttpProbeOptions): KubernetesProbe {
  const { port, host, httpHeaders, ...thresholds } = options;
  const headers = Object.entries(httpHeaders ?? {}).map(([name, value]) => ({ name, value }));
  return {
    ...thresholds,
    httpGet: { path, port, scheme, host, httpHeaders: headers.length > 0 ? headers : undefined },
  };
}
