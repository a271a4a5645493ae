import { MeshVm, MeshVmGroup } from 'meshvm';
import { Problems } from '../../lib/core/problems';
import { checkAnnotationsOfIstio, checkLabelsOfIstio } from '../../lib/machines/keys-of-istio';
import { aChart, groupProps, problemsOf } from '../fixtures';

/** What is taken of people must arrive: what Istio sets of a machine itself, or reads of Pods alone, is refused with the property to use. */
function told(check: (problems: Problems) => void): readonly (readonly [string, string])[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, remedy }) => [property, remedy]);
}

test.each([
  ['istio-locality', 'remove it and set locality'],
  ['topology.kubernetes.io/region', 'remove it and set locality'],
  ['topology.istio.io/subzone', 'remove it and set locality'],
  ['topology.istio.io/cluster', "remove it and set the mesh's clusterName"],
  ['istio.io/rev', "remove it and set the mesh's revision"],
  ['sidecar.istio.io/inject', 'remove it: Istio sets it itself, or reads it of Pods alone'],
  ['networking.istio.io/tunnel', 'remove it: Istio sets it itself, or reads it of Pods alone'],
  ['istio.io/dataplane-mode', 'remove it: Istio sets it itself, or reads it of Pods alone'],
  ['istio.io/use-waypoint', 'remove it: Istio sets it itself, or reads it of Pods alone'],
  ['gateway.istio.io/managed', 'remove it: Istio sets it itself, or reads it of Pods alone'],
])('the label %s is refused: %s', (key, remedy) => {
  expect(told((problems) => checkLabelsOfIstio(problems, { [key]: 'x' }, {}))).toStrictEqual([
    [`labels["${key}"]`, remedy],
  ]);
});

test.each(['team', 'acme.example/istio.io', 'notistio.io/x', 'kubernetes.io/os'])('the label %s is taken', (key) => {
  expect(told((problems) => checkLabelsOfIstio(problems, { [key]: 'x' }, {}))).toStrictEqual([]);
});

test.each([
  ['traffic.sidecar.istio.io/excludeOutboundPorts', 'remove it and set bootstrap.excludeOutboundPorts'],
  ['traffic.sidecar.istio.io/excludeInboundPorts', 'remove it and set bootstrap.excludeInboundPorts'],
  ['traffic.sidecar.istio.io/excludeInterfaces', 'remove it and set bootstrap.excludeInterfaces'],
  ['sidecar.istio.io/proxyCPU', 'remove it: Istio reads it of Pods alone'],
])('the annotation %s is refused: %s', (key, remedy) => {
  expect(told((problems) => checkAnnotationsOfIstio(problems, { [key]: '1' }))).toStrictEqual([
    [`annotations["${key}"]`, remedy],
  ]);
});

test('the annotation of proxies, and those of others, are taken', () => {
  const annotations = { 'proxy.istio.io/config': '{}', 'acme.example/owner': 'x' };
  expect(told((problems) => checkAnnotationsOfIstio(problems, annotations))).toStrictEqual([]);
});

test.each([
  ...[
    'istio.io/autoRegistrationGroup',
    'istio.io/workloadController',
    'istio.io/connectedAt',
    'istio.io/disconnectedAt',
  ],
  ...['proxy.istio.io/health-checks-enabled', 'meshvm/application'],
])('the annotation %s is told once, of a group and of a machine with a fixed address', (key) => {
  const props = groupProps({ annotations: { [key]: 'x' } });
  const told = [`annotations["${key}"] [annotation/owned-by-istiod]`];
  expect(problemsOf(() => new MeshVmGroup(aChart(), 'shop', props))).toStrictEqual(told);
  expect(problemsOf(() => new MeshVm(aChart(), 'shop-1', { ...props, address: '10.20.0.7' }))).toStrictEqual(told);
});

test('a group tells them with the rest, once each', () => {
  const group = () =>
    new MeshVmGroup(
      aChart(),
      'shop',
      groupProps({ labels: { app: 'x', 'istio-locality': 'a' }, annotations: { 'sidecar.istio.io/proxyCPU': '1' } }),
    );
  expect(problemsOf(group)).toStrictEqual([
    'labels["app"] [label/owned-by-meshvm]',
    'labels["istio-locality"] [label/of-istio]',
    'annotations["sidecar.istio.io/proxyCPU"] [annotation/of-pods]',
  ]);
});
