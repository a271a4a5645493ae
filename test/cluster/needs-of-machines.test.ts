import { App, Chart } from 'cdk8s';
import * as meshvm from 'meshvm';
import type { InstalledMesh } from '../../lib/cluster/installed-mesh';
import { needsOfMachines } from '../../lib/cluster/needs-of-machines';
import { readMesh } from '../../lib/cluster/read-mesh';
import { aMesh } from '../fixtures';
import { asking, GOOD } from './clusters';

let good: InstalledMesh;

beforeAll(async () => {
  good = await readMesh(asking(GOOD), { namespace: 'istio-system' });
});

const needed = (changes: Partial<InstalledMesh>) =>
  needsOfMachines({ ...good, ...changes })
    .filter(({ level }) => level === 'needed')
    .map(({ text, adds }) => [text, ...(adds ?? [])]);

test('a cluster that has everything needs nothing, and its gateway is told', () => {
  expect(needsOfMachines(good)).toStrictEqual([
    { level: 'note', text: 'machines reach istiod through istio-system/istio-eastwestgateway, at 192.0.2.7' },
  ]);
});

test('an old Istio or Kubernetes is told, and one that cannot be told', () => {
  expect(needed({ istioVersion: '1.29.4', kubernetes: '1.30' })).toStrictEqual([
    ['istiod is 1.29.4; meshvm needs 1.30 or later'],
    [
      'Kubernetes is 1.30, which takes the rights of machines and refuses the ValidatingAdmissionPolicies that guard registration and bundles: 1.31 or later takes both',
    ],
  ]);
  expect(needed({ istioVersion: undefined })).toStrictEqual([
    [
      "the version of istiod can't be told by its image, docker.io/istio/pilot:1.31.1-distroless: write it as istioVersion",
    ],
  ]);
});

test('a network that is missing, or said in two ways, is told', () => {
  expect(needed({ network: '', networkLabel: '' })).toStrictEqual([
    [
      expect.stringMatching(/^the mesh was installed without a network, so istiod takes every pod and machine/),
      'kubectl label namespace istio-system topology.istio.io/network=<name>',
      expect.stringContaining('--set global.network=<name>'),
    ],
  ]);
  expect(needed({ networkLabel: '' })).toStrictEqual([
    [
      'sidecars say that their network is "vpc" (global.network), and the label topology.istio.io/network of the namespace istio-system says none: istiod needs both, and alike',
      'kubectl label --overwrite namespace istio-system topology.istio.io/network=vpc',
    ],
  ]);
  expect(needed({ network: 'VPC', networkLabel: 'VPC' })).toStrictEqual([
    [expect.stringMatching(/^the network is called "VPC", and no machine registers in it/)],
  ]);
});

test('a gateway that is missing, passes nothing on, or has no address is told', () => {
  const [gateway] = good.gateways;
  expect(needed({ gateways: [] })).toStrictEqual([
    [
      expect.stringMatching(/^no gateway passes port 15012/),
      expect.stringMatching(/^const gateway = new EastWestGateway/),
    ],
  ]);
  expect(needed({ gateways: [{ ...gateway, passesIstiod: false }] })).toStrictEqual([
    [
      'the gateway istio-system/istio-eastwestgateway has port 15012, and no Gateway passes it on to istiod',
      "const gateway = EastWestGateway.fromHelmRelease(chart, 'gateway', { mesh, namespace: 'istio-system', releaseName: 'istio-eastwestgateway' });",
    ],
  ]);
  expect(needed({ gateways: [{ ...gateway, addresses: [] }] })).toStrictEqual([
    [expect.stringMatching(/^the gateway istio-system\/istio-eastwestgateway \(LoadBalancer\) has no address/)],
  ]);
});

test('switches and kinds are told by name', () => {
  const [off] = needed({ switchedOff: ['PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS'] });
  expect(off[0]).toBe(
    'istiod runs with PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS=false: no probe of a machine counts. Take the variable away, or set it to true',
  );
  const [kind] = needed({ missingKinds: ['networking.istio.io/v1 WorkloadGroup'] });
  expect(kind[0]).toBe("the cluster serves no networking.istio.io/v1 WorkloadGroup: Istio's chart base brings it");
});

test('lines of a program are what the library takes', () => {
  const [gateway] = good.gateways;
  const lacking = [
    { switchedOff: ['PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS'] },
    { gateways: [] },
    { gateways: [{ ...gateway, passesIstiod: false }] },
  ];
  const lines = lacking.flatMap((changes) => needed(changes).flatMap(([, ...adds]) => adds));
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const app = new App();
    const scope = { ...meshvm, mesh: aMesh(), chart: new Chart(app, 'platform', { namespace: 'istio-system' }) };
    expect(() => new Function(...Object.keys(scope), line)(...Object.values(scope))).not.toThrow();
  }
});

test('what was not seen is told last', () => {
  expect(needsOfMachines({ ...good, unseen: ['/api/v1/services: may not'] }).at(-1)).toStrictEqual({
    level: 'note',
    text: 'not seen, so nothing is said of it: /api/v1/services: may not',
  });
});
