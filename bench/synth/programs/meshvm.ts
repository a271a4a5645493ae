/** A fleet of groups of machines with meshvm: `meshvm.js <MeshVmApp|App> <groups> <one|many charts> <output folder>`. */
import { App, Chart } from 'cdk8s';
import { GroupNamespace, Mesh, MeshVmApp, MeshVmGroup, Network, Probe } from 'meshvm';
import { fleet } from '../fleet';

const [appClass, groups, charts, outdir] = process.argv.slice(2);
const app = appClass === 'MeshVmApp' ? new MeshVmApp({ outdir }) : new App({ outdir });
const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });
const shared = charts === 'one' ? new Chart(app, 'fleet') : undefined;

for (const { name, namespace } of fleet(Number(groups))) {
  const group = new MeshVmGroup(shared ?? new Chart(app, `chart-of-${name}`), name, {
    mesh,
    namespace: GroupNamespace.create(namespace),
    ports: [
      { name: 'http', port: 8080 },
      { name: 'http-admin', port: 9090 },
    ],
    probe: Probe.httpGet('/healthz', { port: 8080 }),
    network: Network.flat(['10.0.0.0/8']),
    services: [
      { name, ports: [{ name: 'http', port: 80 }] },
      { name: `${name}-admin`, ports: [{ name: 'http-admin', port: 80 }] },
    ],
  });
  group.requireMutualTls();
}
app.synth();
