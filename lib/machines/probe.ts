import type { HttpProbeOptions, KubernetesProbe, ProbeThresholds, TcpProbeOptions } from './kubernetes-probe';

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
   */
  public static httpGet(path: string, options: HttpProbeOptions): KubernetesProbe {
    return http('HTTP', path, options);
  }

  /**
   * Asks the application by HTTPS. The sidecar verifies the certificate (the kubelet would not): with a self-signed one use
   * `tcpSocket` or `exec`.
   * @param path Path of the request, such as `/healthz`.
   */
  public static httpsGet(path: string, options: HttpProbeOptions): KubernetesProbe {
    return http('HTTPS', path, options);
  }

  /**
   * Opens a TCP connection to the application.
   * @param port Port that the application listens on.
   */
  public static tcpSocket(port: number, options: TcpProbeOptions = {}): KubernetesProbe {
    const { host, ...thresholds } = options ?? {};
    return { ...thresholds, tcpSocket: { port, host } };
  }

  /**
   * Runs a command on the machine as the sidecar's user; exit code 0 is ready.
   * @param command Command and its arguments; no shell.
   */
  public static exec(command: readonly string[], options: ProbeThresholds = {}): KubernetesProbe {
    return { ...options, exec: { command } };
  }

  /**
   * A probe as it stands in a Pod's `readinessProbe`, for an application that moves between pods and machines. The same as the probe itself.
   */
  public static fromKubernetes(probe: KubernetesProbe): KubernetesProbe {
    return probe;
  }

  private constructor() {}
}

/** @param options Plain JavaScript may leave them out: what is missing then, whoever takes the probe tells. */
function http(scheme: string, path: string, options: HttpProbeOptions | undefined): KubernetesProbe {
  const { port, host, httpHeaders, ...thresholds }: Partial<HttpProbeOptions> = options ?? {};
  const headers = Object.entries(httpHeaders ?? {}).map(([name, value]) => ({ name, value }));
  return {
    ...thresholds,
    httpGet: { path, port: port as number, scheme, host, httpHeaders: headers.length > 0 ? headers : undefined },
  };
}
