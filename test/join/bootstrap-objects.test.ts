import { App, Chart } from 'cdk8s';
import { IstiodAccess, KubernetesSubject, MeshVmGroup, type MeshVmGroupProps, Network } from 'meshvm';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';
import { joiningGroup } from './fixtures';

const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com') });
const identity = MachineIdentity.eks({ cluster: 'prod-eu' });
const problems = (props: Partial<MeshVmGroupProps>, name = 'shop') =>
  problemsOf(() => new MeshVmGroup(aChart(), name, groupProps(props)));

describe('a group whose machines join by themselves', () => {
  test('emits guards, then files, then rights: nobody has a right before its guard', () => {
    const objects = Chart.of(joiningGroup()).toJson() as {
      kind: string;
      metadata: { name: string; namespace?: string };
    }[];
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'} ${metadata.name}`);
    expect(names.slice(4)).toStrictEqual([
      ...['token', 'registration', 'application', 'config'].flatMap((guard) => [
        `ValidatingAdmissionPolicy - meshvm.payments.payment-service.${guard}`,
        `ValidatingAdmissionPolicyBinding - meshvm.payments.payment-service.${guard}`,
      ]),
      'ClusterRole - meshvm.payments.payment-service',
      'ClusterRoleBinding - meshvm.payments.payment-service',
      'Role payments payment-service-bootstrap',
      'RoleBinding payments payment-service-bootstrap',
      'ConfigMap payments payment-service-bootstrap',
      'ConfigMap payments payment-service-agent',
    ]);
  });

  test('tells who the API server takes them for', () => {
    expect(joiningGroup().bootstrapSubject).toStrictEqual({ group: 'meshvm:payments:payment-service' });
    const subject = KubernetesSubject.user('vm');
    const byHand = joiningGroup({ identity: MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', subject }) });
    expect(byHand.bootstrapSubject).toStrictEqual({ user: 'vm' });
    expect(new MeshVmGroup(aChart(), 'shop', groupProps()).bootstrapSubject).toBeUndefined();
  });

  test('is an ordinary group without an identity', () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'payments' });
    new MeshVmGroup(chart, 'shop', groupProps());
    expect(chart.toJson().map(({ kind }) => kind)).toStrictEqual([
      'Namespace',
      'ServiceAccount',
      'WorkloadGroup',
      'Service',
    ]);
  });

  test('needs the gateway that their hosts entry follows', () => {
    expect(problems({ identity })).toStrictEqual(['gateway [group/identity-without-gateway]']);
  });

  test('needs to know where their addresses lie', () => {
    const network = Network.behindGateway('dc-1');
    expect(problems({ identity, network })).toContain('network.behindGateway.cidrs [network/machine-ranges-missing]');
  });

  test('has no editors who could be anybody in its namespace, or its own machines', () => {
    const editors = [
      KubernetesSubject.serviceAccount('payments', 'argocd'),
      KubernetesSubject.group('meshvm:payments:shop'),
      KubernetesSubject.serviceAccount('argocd', 'argocd'),
      KubernetesSubject.group('sre'),
    ];
    expect(problems({ identity, mesh, bootstrap: { editors } })).toStrictEqual([
      'bootstrap.editors[0] [bootstrap/editor]',
      'bootstrap.editors[1] [bootstrap/editor]',
    ]);
  });

  test('needs an identity for how they join', () => {
    expect(problems({ bootstrap: {} })).toStrictEqual(['bootstrap [group/bootstrap-without-identity]']);
  });

  test('keeps its times in their ranges', () => {
    const bootstrap = {
      refreshIntervalSeconds: 59,
      deadManSeconds: 1.5,
      tokenLifetimeSeconds: 3601,
      restartJitterSeconds: -1,
      absenceSeconds: 1,
    };
    expect(problems({ identity, bootstrap }).slice(1)).toStrictEqual(
      [
        ...['refreshIntervalSeconds', 'restartJitterSeconds', 'absenceSeconds'],
        ...['deadManSeconds', 'tokenLifetimeSeconds'],
      ].map((property) => `bootstrap.${property} [bootstrap/seconds]`),
    );
  });

  test('has a name that its policies can carry', () => {
    const mesh = aMesh({ network: 'n' });
    expect(problems({ identity, mesh }, 'a'.repeat(200))).not.toContain('name [group/name-too-long-for-policies]');
    const namespace = 'n'.repeat(63);
    const chart = new Chart(new App(), 'chart', { namespace });
    expect(problemsOf(() => new MeshVmGroup(chart, 'a'.repeat(170), groupProps({ identity, mesh })))).toContain(
      'name [group/name-too-long-for-policies]',
    );
  });
});

describe('annotations of a group', () => {
  test.each(['- list', 'a: [', 'text', 'proxyMetadata: {A: 1}', 'proxyMetadata: {A: "x\\ny"}'])(
    'refuse %j as a ProxyConfig',
    (text) => {
      expect(problems({ annotations: { 'proxy.istio.io/config': text } })).toStrictEqual([
        'annotations["proxy.istio.io/config"] [annotation/proxy-config]',
      ]);
    },
  );

  test("leave alone what is istiod's: over its own, they would take a machine past the guard", () => {
    expect(problems({ annotations: { 'istio.io/autoRegistrationGroup': 'other' } })).toStrictEqual([
      'annotations["istio.io/autoRegistrationGroup"] [annotation/owned-by-istiod]',
    ]);
  });
});
