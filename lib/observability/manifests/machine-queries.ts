/** The machines of a group, as metrics know them. */
export interface MonitoredMachines {
  readonly namespace: string;
  /** Name of the group: to Istio that of the workload. */
  readonly workload: string;
  /** How many machines there must be at least. */
  readonly minimum: number;
}

/** Expressions about the machines of one group, in Prometheus's query language. */
export class MachineQueries {
  private readonly labels: string;

  public constructor(readonly machines: MonitoredMachines) {
    this.labels = `namespace="${machines.namespace}",workload="${machines.workload}"`;
  }

  /** A metric that carries the labels of our scrape configuration, or those that WorkloadEntryMetrics tells kube-state-metrics. */
  public of(metric: string, matchers = ''): string {
    return `${metric}{${this.labels}${matchers === '' ? '' : `,${matchers}`}}`;
  }

  /** The machines that istiod has registered. */
  public get entries(): string {
    return this.of('meshvm_workload_entry_info');
  }

  /** What istiod knows of their health: 1 or 0; nothing before a machine's first report. */
  public get health(): string {
    return this.of('meshvm_workload_entry_condition', 'condition="Healthy"');
  }

  /** The machines that get no traffic. An entry with a probe is left out until its machine has reported that it is healthy. */
  public get outOfService(): string {
    const probed = this.of('meshvm_workload_entry_info', 'health_checks="true"');
    return `${probed} unless on (namespace, workload_entry) (${this.health} == 1)`;
  }

  /** How many machines get traffic: 0 when some are registered and none does, nothing when none is registered. */
  public get inService(): string {
    const serving = `count(${this.entries} unless on (namespace, workload_entry) (${this.outOfService}))`;
    return `(${serving} or count(${this.entries}) * 0)`;
  }

  /** The agents that answer Prometheus. */
  public get agents(): string {
    return this.of('istio_agent_scrapes_total');
  }

  /** How often each machine's connection to istiod has ended with an error, in ten minutes. */
  public get connectionErrors(): string {
    return `increase(${this.of('istio_agent_istiod_connection_terminations', 'type="error"')}[10m])`;
  }

  /** Requests that the machines have taken. Sidecars label these by themselves; Kiali reads the same labels. */
  public requests(matchers = '', metric = 'istio_requests_total'): string {
    const { namespace, workload } = this.machines;
    const more = matchers === '' ? '' : `,${matchers}`;
    return `${metric}{reporter="destination",destination_workload_namespace="${namespace}",destination_workload="${workload}"${more}}`;
  }
}

/** Connected proxies by version, of those whose version no istiod has. */
export const SKEWED_PROXIES =
  'sum by (version) (pilot_xds{version!=""} > 0) unless on (version) ' +
  'label_replace(istio_build{component="pilot"}, "version", "$1", "tag", "(.*)")';

/** How often istiod has failed to register, update or remove a machine, in ten minutes. The counter is not there before the first time. */
export const REGISTRATION_ERRORS = newlyCounted('auto_registration_errors_total');

/** How often istiod has refused to tell who asks for a certificate, in ten minutes. */
export const CERTIFICATE_REFUSALS = newlyCounted('citadel_server_authentication_failure_count');

/** `increase` misses the step from no counter to its first value. */
function newlyCounted(counter: string): string {
  return `sum(increase(${counter}[10m]) > 0 or ${counter} unless ${counter} offset 10m)`;
}
