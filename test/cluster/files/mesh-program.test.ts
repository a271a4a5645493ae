import { meshProgram } from '../../../lib/cluster/files/mesh-program';
import type { InstalledMesh } from '../../../lib/cluster/installed-mesh';
import { readMesh } from '../../../lib/cluster/read-mesh';
import { asking, GOOD } from '../clusters';

let good: InstalledMesh;

beforeAll(async () => {
  good = await readMesh(asking(GOOD), { namespace: 'istio-system' });
});

test('writes the mesh of cdk8s', () => {
  expect(meshProgram(good, [], 'cdk8s')).toBe(`// Read from istiod in the namespace istio-system, Kubernetes 1.34.
import { Mesh } from 'meshvm';

const mesh = new Mesh({
  meshId: 'acme',
  clusterName: 'prod',
  network: 'vpc',
  istioVersion: '1.31.1',
  proxy: {
    holdApplicationUntilProxyStarts: false,
    dnsCapture: false,
  },
});
`);
});

const other = (): InstalledMesh => ({
  ...good,
  revision: '1-31',
  tags: ['stable'],
  trustDomain: 'acme.example',
  clusterDomain: 'k8s.acme.internal',
  customHosts: ['istiod.acme.example'],
  proxy: {
    holdApplicationUntilProxyStarts: true,
    tracingSamplingPercent: 10,
    accessLog: true,
    proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true', ISTIO_META_DNS_AUTO_ALLOCATE: 'false', A: 'b' },
  },
});

test('writes what is not the default, and what machines need below it', () => {
  const needs = [
    { level: 'needed', text: 'a gateway', adds: ['new EastWestGateway();'] },
    { level: 'note', text: 'a\nb' },
  ] as const;
  expect(meshProgram(other(), needs, 'cdk8s')).toBe(`// Read from istiod in the namespace istio-system, Kubernetes 1.34.
import { IstiodAccess, Mesh, Revision } from 'meshvm';

const mesh = new Mesh({
  meshId: 'acme',
  clusterName: 'prod',
  network: 'vpc',
  trustDomain: 'acme.example',
  clusterDomain: 'k8s.acme.internal',
  revision: Revision.tag('stable'),
  istioVersion: '1.31.1',
  istiodAccess: IstiodAccess.dnsName('istiod.acme.example'),
  proxy: {
    holdApplicationUntilProxyStarts: true,
    dnsCapture: true,
    dnsAutoAllocate: false,
    tracingSamplingPercent: 10,
    accessLog: true,
    proxyMetadata: { 'A': 'b' },
  },
});

// Machines need:
// - a gateway
//     new EastWestGateway();

// Worth knowing:
// - a
//   b
`);
});

test('writes the arguments of Pulumi', () => {
  const text = meshProgram(other(), [], 'pulumi');
  expect(text).toContain("import type { MeshArgs } from 'meshvm/pulumi';\n\nconst mesh: MeshArgs = {\n");
  expect(text).toContain("  revision: { tag: 'stable' },\n");
  expect(text).toContain("  istiodAccess: { dnsName: 'istiod.acme.example' },\n");
});

test('hostile text in the cluster stays a literal or a comment', () => {
  const evil = "'}); process.exit(); //\n\u2028*/";
  const text = meshProgram(
    { ...good, meshId: evil, clusterName: evil, proxy: { proxyMetadata: { [evil]: evil } } },
    [{ level: 'needed', text: evil, adds: [evil] }],
    'cdk8s',
  );
  const outside = text
    .split('\n')
    .filter((line) => !line.startsWith('//') && !line.includes("\\'}); process.exit(); //\\u000a"));
  expect(outside.join('\n')).not.toContain('process.exit');
});
