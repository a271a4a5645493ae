import { Testing } from 'cdk8s';
import { DenyByDefault, MeshVmGroup, WorkloadTarget } from 'meshvm';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';

describe('DenyByDefault', () => {
  test('for a namespace is a policy that allows nothing', () => {
    const chart = aChart();
    const policy = new DenyByDefault(chart, 'closed', { mesh: aMesh(), target: WorkloadTarget.namespace() });
    expect(Testing.synth(chart)).toStrictEqual([
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'deny-by-default', namespace: 'payments' },
        spec: {},
      },
    ]);
    expect([policy.policyName, policy.namespace]).toStrictEqual(['deny-by-default', 'payments']);
  });

  test('is one line for a group', () => {
    const chart = aChart();
    new MeshVmGroup(chart, 'pay', groupProps()).denyByDefault();
    expect(Testing.synth(chart).at(-1)).toMatchObject({
      metadata: { name: 'pay-deny-by-default', namespace: 'payments' },
      spec: { selector: { matchLabels: { app: 'pay', version: 'latest' } } },
    });
  });

  test('is refused a second time', () => {
    const group = new MeshVmGroup(aChart(), 'pay', groupProps());
    group.denyByDefault();
    expect(problemsOf(() => group.denyByDefault())).toStrictEqual(['name [object/declared-twice]']);
  });

  test.each([
    ['the mesh', WorkloadTarget.mesh(), ['target [authorization/closes-gateways]']],
    ['the control plane', WorkloadTarget.namespace('istio-system'), ['target [target/namespace-is-root]']],
  ])('is refused for %s', (_what, target, expected) => {
    const chart = aChart();
    expect(problemsOf(() => new DenyByDefault(chart, 'closed', { mesh: aMesh(), target }))).toStrictEqual(expected);
  });

  test('refuses a name that is none', () => {
    const props = { mesh: aMesh(), target: WorkloadTarget.namespace(), name: 'A' };
    expect(problemsOf(() => new DenyByDefault(aChart(), 'closed', props))).toStrictEqual(['name [name/dns-subdomain]']);
  });
});
