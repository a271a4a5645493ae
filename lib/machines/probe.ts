import { Problems } from '../core/problems';
import type { HttpProbeOptions, KubernetesProbe, ProbeThresholds, TcpProbeOptions } from './kubernetes-probe';
import { checkProbe } from './private/probe';

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
