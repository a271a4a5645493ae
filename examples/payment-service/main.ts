/**
 * A complete environment for a payment service that runs on virtual machines, in one AWS region next to the cluster.
 *
 * dist/ gets one file a chart, to apply in the order of their numbers, dist/control-plane/ what installs Istio itself,
 * dist/user-data/ what machines boot with, and dist/monitoring/ what kube-state-metrics is told.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Yaml } from 'cdk8s';
import {
  Caller,
  CanaryRelease,
  ControlPlane,
  DenyByDefault,
  EastWestGateway,
  ExtensionProvider,
  GroupNamespace,
  LoadBalancer,
  MachineDiscovery,
  MachineIdentity,
  MachineScrapeConfig,
  Mesh,
  MeshVmAlerts,
  MeshVmApp,
  MeshVmDashboard,
  MeshVmGroup,
  Network,
  Probe,
  RequestMatch,
  ServiceEntryProtocol,
  SshAccess,
  TargetPort,
  Telemetry,
  VmServiceEndpoints,
  VmServiceEntry,
  WorkloadEntryMetrics,
  WorkloadTarget,
} from 'meshvm';

const app = new MeshVmApp();

// Names that control plane, gateway and machines must agree on stand here, and nowhere else.
const mesh = new Mesh({
  meshId: 'acme',
  clusterName: 'prod-eu',
  network: 'vpc-prod',
  trustDomain: 'acme.example',
  istioVersion: '1.31.1',
  proxy: { accessLog: true },
});
const machineSubnets = ['10.20.0.0/16', '10.213.0.0/16'];

// 1. A control plane that accepts machines, and knows where spans go: values for Helm, and a file for `istioctl install`.
const spans = ExtensionProvider.openTelemetryTracing('otel', {
  service: 'otel-collector.observability.svc.cluster.local',
  port: 4317,
});
const controlPlane = new ControlPlane({ mesh, disconnectGracePeriodSeconds: 10, extensionProviders: [spans] });

// 2. The gateway through which machines reach istiod: an internal load balancer, open to the machines' subnets on 15012.
const platform = new Chart(app, 'platform');
const gateway = new EastWestGateway(platform, 'gateway', {
  mesh,
  loadBalancer: LoadBalancer.awsNlb({ sourceRanges: machineSubnets }),
});

// 3. The payment service: machines that boot, prove who they are by their IAM role, and register by themselves; and an old one on which
//    no sidecar can run: callers reach it in plain text.
const payments = new Chart(app, 'payments', { namespace: 'payments' });
payments.addDependency(platform);
const machines = {
  mesh,
  gateway,
  identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
  ports: [
    { name: 'http', port: 8080 },
    { name: 'grpc-ledger', port: 9090 },
  ],
  probe: Probe.httpGet('/healthz', { port: 8080, periodSeconds: 5, failureThreshold: 3 }),
  network: Network.flat(machineSubnets),
  // What mutual TLS promises holds while the sidecar is stopped, too. SSH comes from the bastion's subnet, Prometheus from the pods'.
  bootstrap: { hostFirewall: { ssh: SshAccess.from(['10.20.250.0/28']), monitoringCidrs: ['10.0.0.0/16'] } },
};
const paymentService = new MeshVmGroup(payments, 'payment-service', {
  ...machines,
  version: 'v1',
  services: [
    { name: 'payment-service', ports: [{ name: 'http', port: 80, targetPort: TargetPort.named('http') }] },
    { name: 'ledger', ports: [{ name: 'grpc', port: 9090, targetPort: TargetPort.named('grpc-ledger') }] },
  ],
});
paymentService.addMachine('legacy-1', { address: '10.20.7.11', sidecar: false });

// 4. Another version behind the same Services gets a tenth of the calls, and all that ask for it.
const canary = new MeshVmGroup(payments, 'payment-service-v2', {
  ...machines,
  namespace: GroupNamespace.existing(),
  canonicalService: 'payment-service',
  version: 'v2',
  services: [],
});
new CanaryRelease(payments, 'release', {
  versions: [
    { group: paymentService, percent: 90 },
    { group: canary, percent: 10 },
  ],
  routes: [{ match: RequestMatch.header('x-canary', 'true'), group: canary }],
  timeoutSeconds: 10,
  retries: { attempts: 2, perTryTimeoutSeconds: 4 },
});

// 5. Mutual TLS alone, and nobody may call but the checkout of the shop. That the old machine takes plain text all the same is known.
for (const group of [paymentService, canary]) {
  group.requireMutualTls({ acknowledge: ['mutual-tls/machine-without-sidecar'] });
  group.allowFrom(Caller.serviceAccount('shop', 'checkout'));
}
new DenyByDefault(payments, 'deny-by-default', { mesh, target: WorkloadTarget.namespace() });

// 6. Names that are no Kubernetes Service: what old clients call the service, and the database that it needs.
new VmServiceEntry(payments, 'legacy-name', {
  mesh,
  hosts: ['payments.acme.example'],
  ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: ServiceEntryProtocol.HTTP }],
  endpoints: VmServiceEndpoints.group(paymentService),
});
new VmServiceEntry(payments, 'payments-db', {
  mesh,
  hosts: ['payments-db.acme.example'],
  ports: [{ name: 'tcp-postgres', port: 5432, protocol: ServiceEntryProtocol.TCP }],
  endpoints: VmServiceEndpoints.static([{ address: '10.20.9.5' }]),
});

// 7. Access logs on every machine, and a span of each tenth call.
new Telemetry(payments, 'telemetry', {
  mesh,
  controlPlane,
  target: WorkloadTarget.namespace(),
  tracing: { provider: spans.name, samplingPercent: 10 },
});

// 8. Machines in Prometheus, alerts and a dashboard, for the chart kube-prometheus-stack in namespace `monitoring`, which brings
//    prometheus-operator. Machines are found by the tag Name of their launch templates.
const monitoring = new Chart(app, 'monitoring', { namespace: 'monitoring' });
const labels = { release: 'kube-prometheus-stack' };
const monitored = [{ group: paymentService, minimumMachines: 2 }, { group: canary }];
for (const { group } of monitored) {
  const discovery = MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: group.groupName } });
  new MachineScrapeConfig(monitoring, group.groupName, { group, discovery, labels });
}
new MeshVmAlerts(monitoring, 'alerts', { groups: monitored, labels });
new MeshVmDashboard(monitoring, 'dashboard', { groups: monitored });

app.synth();

// Values of the chart kube-state-metrics, which tells Prometheus who is registered and healthy.
const monitoringFolder = join(app.outdir, 'monitoring');
mkdirSync(monitoringFolder, { recursive: true });
Yaml.save(join(monitoringFolder, 'kube-state-metrics.values.yaml'), [
  {
    customResourceState: { enabled: true, config: WorkloadEntryMetrics.customResourceState() },
    rbac: { extraRules: WorkloadEntryMetrics.clusterRoleRules() },
  },
]);

const controlPlaneFolder = join(app.outdir, 'control-plane');
mkdirSync(controlPlaneFolder, { recursive: true });
const { base, istiod } = controlPlane.helmValues;
Yaml.save(join(controlPlaneFolder, 'base.values.yaml'), [base]);
Yaml.save(join(controlPlaneFolder, 'istiod.values.yaml'), [istiod]);
Yaml.save(join(controlPlaneFolder, 'istio-operator.yaml'), [controlPlane.istioOperator()]);
writeFileSync(
  join(controlPlaneFolder, 'README.txt'),
  [
    'Install Istio with one of the two, before kubectl apply:',
    '',
    '  istioctl install -f istio-operator.yaml',
    '',
    '  kubectl create namespace istio-system',
    ...Object.entries(controlPlane.namespaceLabels).map(([k, v]) => `  kubectl label namespace istio-system ${k}=${v}`),
    '  helm install istio-base istio/base -n istio-system -f base.values.yaml',
    '  helm install istiod istio/istiod -n istio-system -f istiod.values.yaml --wait',
    '',
  ].join('\n'),
);

// 9. What the launch templates of the two versions hand to new machines: no secret, and an agent that joins, stays in, and knows what is
//    wrong.
const cluster = {
  apiServer: 'https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
  caCertificate: readFileSync(join(__dirname, 'cluster-ca.pem'), 'utf8'),
};
const userDataFolder = join(app.outdir, 'user-data');
mkdirSync(userDataFolder, { recursive: true });
for (const group of [paymentService, canary]) {
  writeFileSync(join(userDataFolder, `${group.groupName}.cloud-config`), group.userData(cluster));
}
