import { compact, type KubernetesObject, nonEmpty } from '../../core/kubernetes-object';
import {
  CERTIFICATE_REFUSALS,
  MachineQueries,
  type MonitoredMachines,
  REGISTRATION_ERRORS,
  SKEWED_PROXIES,
} from './machine-queries';

/** Alert rules as the builder sees them, every default filled in. */
export interface AlertSettings {
  readonly machines: readonly MonitoredMachines[];
  readonly certificateHoursLeft: number;
  readonly rootCertificateDaysLeft: number;
  readonly versionSkewHours: number;
  readonly alertLabels: Readonly<Record<string, string>>;
  readonly runbookUrl: string | undefined;
}

/** A group of rules, as files of rules and PrometheusRules both have it. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly AlertRule[];
}

/** An alert rule. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What is particular to an alert. */
interface Alert {
  readonly name: string;
  readonly expr: string;
  readonly for?: string;
  readonly severity: string;
  readonly summary: string;
  readonly description: string;
}

/** Where the alerts are kept, for prometheus-operator. */
export interface RuleObjectSettings extends AlertSettings {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The PrometheusRule of prometheus-operator. */
export function prometheusRule(
  settings: RuleObjectSettings,
): KubernetesObject<{ readonly groups: readonly RuleGroup[] }> {
  const { name, namespace, labels } = settings;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: compact({ name, namespace, labels: nonEmpty(labels) }),
    spec: { groups: ruleGroups(settings) },
  };
}

/** Alerts about each group's machines, and about the control plane that they join. */
export function ruleGroups(settings: AlertSettings): readonly RuleGroup[] {
  const ofMachines = settings.machines.map((machines) => ({
    name: `meshvm/${machines.namespace}/${machines.workload}`,
    rules: machineAlerts(machines, settings).map((alert) =>
      ruleOf(alert, settings, { namespace: machines.namespace, workload: machines.workload }),
    ),
  }));
  const ofControlPlane = controlPlaneAlerts(settings).map((alert) => ruleOf(alert, settings, {}));
  return [...ofMachines, { name: 'meshvm/control-plane', rules: ofControlPlane }];
}

function ruleOf(alert: Alert, settings: AlertSettings, about: Readonly<Record<string, string>>): AlertRule {
  const { name, expr, summary, description, severity } = alert;
  const runbook = settings.runbookUrl && `${settings.runbookUrl}#${name.toLowerCase()}`;
  return {
    alert: name,
    expr,
    ...(alert.for === undefined ? {} : { for: alert.for }),
    labels: { ...settings.alertLabels, ...about, severity },
    annotations: { summary, description, ...(runbook && { runbook_url: runbook }) },
  };
}

function machineAlerts(machines: MonitoredMachines, { certificateHoursLeft }: AlertSettings): readonly Alert[] {
  const query = new MachineQueries(machines);
  const group = `${machines.namespace}/${machines.workload}`;
  const { minimum } = machines;
  return [
    {
      name: 'MeshVmNoMachineRegistered',
      expr: `absent(${query.entries})`,
      for: '5m',
      severity: 'critical',
      summary: `No machine of ${group} is registered in the mesh`,
      description:
        `istiod has no WorkloadEntry of group ${group}: its Services have no machines. Either no machine runs, or machines do not reach ` +
        'istiod, or istiod refuses them, or kube-state-metrics does not tell of WorkloadEntries. Run `meshvm doctor` on a machine; ' +
        `\`kubectl get workloadentry -n ${machines.namespace}\` shows what istiod has registered.`,
    },
    ...(minimum < 2
      ? []
      : [
          {
            name: 'MeshVmTooFewRegistered',
            expr: `count(${query.entries}) < ${minimum}`,
            for: '10m',
            severity: 'warning',
            summary: `Fewer machines of ${group} are registered than there must be`,
            description:
              `{{ $value }} machines of group ${group} are registered, ${minimum} must be. Machines that run and are missing can not join: ` +
              'run `meshvm doctor` on one of them. Machines that do not run are for the cloud or for their owner to start.',
          },
        ]),
    {
      name: 'MeshVmTooFewInService',
      expr: `${query.inService} < ${minimum}`,
      for: '5m',
      severity: 'critical',
      summary: `Too few machines of ${group} get traffic`,
      description:
        `{{ $value }} machines of group ${group} get traffic, ${minimum} must. The others are registered, and their probe fails or was never ` +
        "reported. Run `meshvm doctor` on one of them: it tries the probe as the sidecar does; then see the application's own log.",
    },
    {
      name: 'MeshVmHealthFlapping',
      expr: `changes(${query.health}[30m]) > 5`,
      severity: 'warning',
      summary: 'The health of machine {{ $labels.workload_entry }} flaps',
      description:
        'The probe of {{ $labels.workload_entry }} has changed its answer {{ $value }} times in half an hour. The application is overloaded ' +
        'or restarts, or the probe is too strict: see its timeout and thresholds. Run `meshvm doctor` on the machine.',
    },
    {
      name: 'MeshVmNotScraped',
      expr: `${query.of('up')} == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'Machine {{ $labels.instance }} does not answer Prometheus',
      description:
        `Prometheus finds {{ $labels.instance }} as a machine of group ${group} and gets no metrics from it. The sidecar does not run, or a ` +
        'firewall refuses the port to Prometheus. Run `meshvm doctor` on the machine.',
    },
    {
      name: 'MeshVmCertificateExpiring',
      expr: `${query.of('istio_agent_cert_expiry_seconds', 'resource_name="default"')} < ${certificateHoursLeft * 3600}`,
      for: '10m',
      severity: 'critical',
      summary: 'The certificate of machine {{ $labels.instance }} is not renewed',
      description:
        'The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}. Sidecars renew it at half of its life, so this has ' +
        'failed for hours: the gateway or istiod is not reached, or istiod refuses the machine. After its end the machine can call nobody, and ' +
        'joins again only with a new token. Run `meshvm doctor` on the machine.',
    },
    {
      name: 'MeshVmConnectionErrors',
      expr: `${query.connectionErrors} > 5`,
      for: '5m',
      severity: 'warning',
      summary: 'Machine {{ $labels.instance }} loses istiod again and again',
      description:
        'The connection of {{ $labels.instance }} to istiod has failed {{ $value | humanize }} times in ten minutes: the gateway does not answer, ' +
        'or istiod refuses the machine. It keeps its last configuration, and is no longer registered. Run `meshvm doctor` on the machine.',
    },
    {
      name: 'MeshVmGatewayUnreachable',
      expr: `count(${query.connectionErrors} > 5) >= count(${query.agents})`,
      for: '5m',
      severity: 'critical',
      summary: `No machine of ${group} reaches istiod`,
      description:
        `All machines of group ${group} that answer Prometheus fail to connect to istiod: the gateway, its load balancer or its DNS name does not ` +
        'lead to istiod, a firewall refuses port 15012, or istiod refuses the group. Run `meshvm doctor` on any of them: it names the broken link.',
    },
  ];
}

function controlPlaneAlerts({ rootCertificateDaysLeft, versionSkewHours }: AlertSettings): readonly Alert[] {
  return [
    {
      name: 'MeshVmRegistrationsFailing',
      expr: `${REGISTRATION_ERRORS} > 0`,
      severity: 'warning',
      summary: 'istiod fails to register machines',
      description:
        'istiod could not write WorkloadEntries {{ $value | humanize }} times in ten minutes: the WorkloadGroup is not there, an admission policy ' +
        'refuses the entry, or the API server does not answer. The log of istiod says which (`auto-registration`); on the machine `meshvm doctor` ' +
        'says what of it is wrong.',
    },
    {
      name: 'MeshVmCertificateRequestsRefused',
      expr: `${CERTIFICATE_REFUSALS} > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'istiod refuses to make certificates',
      description:
        'istiod could not tell who asked for a certificate {{ $value | humanize }} times in ten minutes: a token has expired or is of another ' +
        'cluster, or a certificate is of another mesh. Pods ask here too. The log of istiod names the address; machines stand there with ' +
        'that of the gateway. Run `meshvm doctor` on machines that have MeshVmConnectionErrors.',
    },
    {
      name: 'MeshVmProxyVersionSkew',
      expr: SKEWED_PROXIES,
      for: `${versionSkewHours}h`,
      severity: 'warning',
      summary: 'Proxies run version {{ $labels.version }}, which no istiod has',
      description:
        '{{ $value }} connected proxies, of machines or pods, run Istio {{ $labels.version }}, and no istiod does. `istioctl proxy-status` names ' +
        'them. Machines of a group follow the Istio version of its Mesh: `meshvm doctor` on the machine says why one has not.',
    },
    {
      name: 'MeshVmRootCertificateExpiring',
      expr: `citadel_server_root_cert_expiry_timestamp - time() < ${rootCertificateDaysLeft * 86400}`,
      for: '1h',
      severity: 'warning',
      summary: 'The root certificate of the mesh ends soon',
      description:
        'The root certificate of istiod {{ $labels.instance }} ends in {{ $value | humanizeDuration }}; after it nothing in the mesh talks to ' +
        "anything. Bring in a new root beside the old one: see Istio's guide to plugging in certificates. `meshvm doctor` says which root a machine has.",
    },
  ];
}
