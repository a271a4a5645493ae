/** The same objects as bare cdk8s ApiObjects: `bare.js <groups> <output folder>`. */
import { ApiObject, type ApiObjectProps, App, Chart } from 'cdk8s';
import { fleet } from '../fleet';

const [groups, outdir] = process.argv.slice(2);
const app = new App({ outdir });
const chart = new Chart(app, 'fleet');

for (const { name, namespace } of fleet(Number(groups))) {
  const labels = {
    app: name,
    version: 'latest',
    'service.istio.io/canonical-name': name,
    'service.istio.io/canonical-revision': 'latest',
  };
  const template = { ports: { http: 8080, 'http-admin': 9090 }, serviceAccount: name, network: 'vpc-prod' };
  const object = (id: string, manifest: ApiObjectProps & { readonly spec?: unknown }) =>
    new ApiObject(chart, `${id}-${name}`, manifest);
  object('namespace', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } },
  });
  object('account', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
    ...{ automountServiceAccountToken: false },
  });
  object('group', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadGroup',
    metadata: { name, namespace },
    spec: { metadata: { labels }, template, probe: { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' } } },
  });
  for (const [service, portName, targetPort] of [
    [name, 'http', 8080],
    [`${name}-admin`, 'http-admin', 9090],
  ] as const) {
    object(`service-${portName}`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service, namespace },
      spec: { selector: { app: name }, ports: [{ name: portName, port: 80, targetPort, protocol: 'TCP' }] },
    });
  }
  object('policy', {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: { app: name, version: 'latest' } }, mtls: { mode: 'STRICT' } },
  });
}
app.synth();
