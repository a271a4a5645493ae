/**
 * A complete environment for a payment service that runs on virtual machines, in one AWS region next to the cluster.
 *
 * dist/ gets one file a chart, to apply in the order of their numbers, and dist/control-plane/ what installs Istio itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Yaml } from 'cdk8s';
import {
  ControlPlane,
  EastWestGateway,
  GroupNamespace,
  LoadBalancer,
  Mesh,
  MeshVmApp,
  MeshVmGroup,
  Network,
  Probe,
  ServiceEntryProtocol,
  TargetPort,
  VmServiceEndpoints,
  VmServiceEntry,
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
const machineSubnets = ['10.20.0.0/16'];

// 1. A control plane that accepts machines: values for Helm, and a file for `istioctl install`.
const controlPlane = new ControlPlane({ mesh, disconnectGracePeriodSeconds: 10 });

// 2. The gateway through which machines reach istiod: an internal load balancer, open to the machines' subnets on 15012.
const platform = new Chart(app, 'platform');
new EastWestGateway(platform, 'gateway', {
  mesh,
  loadBalancer: LoadBalancer.awsNlb({ sourceRanges: machineSubnets }),
});

// 3. The payment service: machines that register by themselves when their sidecar connects (two of them, today), and an old one on
//    which no sidecar can run: callers reach it in plain text.
const payments = new Chart(app, 'payments', { namespace: 'payments' });
payments.addDependency(platform);
const paymentService = new MeshVmGroup(payments, 'payment-service', {
  mesh,
  version: 'v1',
  ports: [
    { name: 'http', port: 8080 },
    { name: 'grpc-ledger', port: 9090 },
  ],
  services: [
    { name: 'payment-service', ports: [{ name: 'http', port: 80, targetPort: TargetPort.named('http') }] },
    { name: 'ledger', ports: [{ name: 'grpc', port: 9090, targetPort: TargetPort.named('grpc-ledger') }] },
  ],
  probe: Probe.httpGet('/healthz', { port: 8080, periodSeconds: 5, failureThreshold: 3 }),
  network: Network.flat(machineSubnets),
});
paymentService.addMachine('legacy-1', { address: '10.20.7.11', sidecar: false });
paymentService.requireMutualTls();

// 4. Another version behind the same Services, ready for a canary.
new MeshVmGroup(payments, 'payment-service-v2', {
  mesh,
  namespace: GroupNamespace.existing(),
  canonicalService: 'payment-service',
  version: 'v2',
  ports: [
    { name: 'http', port: 8080 },
    { name: 'grpc-ledger', port: 9090 },
  ],
  services: [],
  probe: Probe.httpGet('/healthz', { port: 8080, periodSeconds: 5, failureThreshold: 3 }),
  network: Network.flat(machineSubnets),
});

// 5. Names that are no Kubernetes Service: what old clients call the service, and the database that it needs.
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

app.synth();

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
