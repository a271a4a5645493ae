import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { App, Chart, Testing } from 'cdk8s';
import { ArgoCdApplications } from '../../lib/control-plane/argo-cd-applications';
import type { ArgoCdApplicationsProps } from '../../lib/control-plane/argo-cd-applications-props';
import { ChartSource } from '../../lib/control-plane/chart-source';
import { ControlPlane } from '../../lib/control-plane/control-plane';
import type { ControlPlaneProps } from '../../lib/control-plane/control-plane-props';
import { FluxHelmReleases } from '../../lib/control-plane/flux-helm-releases';
import { NetworkEndpoints, NetworkGateway } from '../../lib/control-plane/mesh-network';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { ServiceExposure } from '../../lib/gateway/service-exposure';
import { IstiodAccess } from '../../lib/mesh/istiod-access';
import { Revision } from '../../lib/mesh/revision';
import { aMesh } from '../fixtures';
import { find, IstioCharts } from './charts/istio-charts';
import {
  type JsonObject,
  type KubernetesObject,
  objectsInFile,
  ControlPlane as RealControlPlane,
  waitUntil,
} from './harness';
import { allDefinitionsEstablished } from './harness/definitions';
import { toolFolder } from './tools/tools';

const PROPS: ControlPlaneProps = {
  mesh: aMesh({ revision: Revision.tag('prod'), istiodAccess: IstiodAccess.dnsName('istiod.mesh.example.com') }),
  revision: '1-31-1',
  meshNetworks: [
    {
      name: 'dc-1',
      endpoints: [NetworkEndpoints.fromCidr('10.20.0.0/16')],
      gateways: [NetworkGateway.address('10.20.0.1')],
    },
  ],
};
const controlPlane = new ControlPlane({
  ...PROPS,
  gateway: { loadBalancer: LoadBalancer.awsNlb(), exposeServices: ServiceExposure.istioApis() },
});

let cluster: RealControlPlane;

beforeAll(async () => {
  cluster = await RealControlPlane.start({ operator: new ControlPlane(PROPS).istioOperator() as JsonObject });
  const folder = await toolFolder('delivery-definitions');
  const definitions = readdirSync(folder).flatMap((file) => objectsInFile(join(folder, file)));
  await cluster.client.mustApply(definitions);
  await allDefinitionsEstablished(cluster.apiServer);
  await cluster.client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } });
});

afterAll(async () => {
  await cluster?.stop();
});

describe('istiod that istioctl installs from the IstioOperator', () => {
  it('has a certificate for the name that machines dial', async () => {
    const { address, port } = cluster.istiod;
    const socket = connect({
      host: address,
      port,
      servername: controlPlane.mesh.istiodHost,
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    const names = socket.getPeerCertificate().subjectaltname ?? '';
    socket.destroy();
    for (const name of controlPlane.mesh.istiodCertificateNames) expect(names).toContain(`DNS:${name}`);
  });

  it('runs with the settings of the properties', async () => {
    const mesh = (await cluster.istiod.debug.get('mesh')) as JsonObject;
    expect(mesh).toMatchObject({
      trustDomain: 'cluster.local',
      defaultConfig: { meshId: 'acme', holdApplicationUntilProxyStarts: true },
    });
    expect(await cluster.istiod.debug.networkGateways()).toMatchObject([{ Network: 'dc-1', Addr: '10.20.0.1' }]);
  });
});

describe.each([
  ['Helm repository', ChartSource.istioRelease()],
  ['OCI registry', ChartSource.istioReleaseOci()],
])('the API server, with charts from a %s', (_, chartSource) => {
  const delivered = new ControlPlane({
    ...PROPS,
    gateway: { loadBalancer: LoadBalancer.awsNlb() },
    chartSource,
  });

  it('accepts the Applications as Argo CD defines them', async () => {
    const objects = applications({ controlPlane: delivered });
    expect(objects).toHaveLength(3);
    for (const object of objects) {
      expect(await cluster.client.dryRun(object, 'apply')).toMatchObject({ outcome: 'accepted', warnings: [] });
    }
  });

  it('accepts the HelmReleases and their sources as Flux defines them', async () => {
    const chart = new Chart(new App(), 'flux');
    new FluxHelmReleases(chart, 'istio', { controlPlane: delivered });
    const objects = Testing.synth(chart) as KubernetesObject[];
    expect(objects.filter(({ kind }) => kind === 'HelmRelease')).toHaveLength(3);
    for (const object of objects) {
      expect(await cluster.client.dryRun(object, 'apply')).toMatchObject({ outcome: 'accepted', warnings: [] });
    }
  });
});

describe('the CRDs of Argo CD and Flux', () => {
  it('would refuse a field that they do not have', async () => {
    const [application] = applications({ controlPlane });
    const spec = { ...(application.spec as object), surprise: true };
    expect(await cluster.client.dryRun({ ...application, spec }, 'apply')).toMatchObject({ outcome: 'refused' });
  });
});

describe('what the gateway chart makes of our values', () => {
  it('is accepted, and istiod takes it for the gateway of the network', async () => {
    const charts = await IstioCharts.open();
    const release = controlPlane.releases.find(({ chart }) => chart === 'gateway');
    if (release === undefined) throw new Error('no gateway');
    const objects = await charts.render(release);
    await cluster.client.mustApply(objects);
    const service = find(objects, 'Service', 'istio-eastwestgateway');
    await cluster.client.patchStatus(service, { loadBalancer: { ingress: [{ ip: '10.99.0.9' }] } });
    await waitUntil('istiod knows the gateway', async () => {
      const gateways = (await cluster.istiod.debug.networkGateways()) as readonly JsonObject[];
      return gateways.some(
        ({ Network, Addr, Port }) => Network === 'vpc-prod' && Addr === '10.99.0.9' && Port === 15443,
      );
    });
  });
});

function applications(props: ArgoCdApplicationsProps): readonly KubernetesObject[] {
  const chart = new Chart(new App(), 'argo');
  new ArgoCdApplications(chart, 'istio', props);
  return Testing.synth(chart) as KubernetesObject[];
}
