import { App, Chart } from 'cdk8s';
import { MeshVmGroup, type MeshVmGroupProps, Network } from 'meshvm';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';
import { joiningGroup } from './fixtures';

const identity = MachineIdentity.eks({ cluster: 'prod-eu' });
const problems = (props: Partial<MeshVmGroupProps>, name = 'shop') =>
  problemsOf(() => new MeshVmGroup(aChart(), name, groupProps(props)));

describe('a group whose machines join by themselves', () => {
  test('emits their files, rights and guards', () => {
    const objects = Chart.of(joiningGroup()).toJson() as {
      kind: string;
      metadata: { name: string; namespace?: string };
    }[];
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'} ${metadata.name}`);
    expect(names.slice(4)).toStrictEqual([
      'ValidatingAdmissionPolicy - meshvm.payments.payment-service.token',
      'ValidatingAdmissionPolicyBinding - meshvm.payments.payment-service.token',
      'ValidatingAdmissionPolicy - meshvm.payments.payment-service.registration',
      'ValidatingAdmissionPolicyBinding - meshvm.payments.payment-service.registration',
      'Role payments payment-service-bootstrap',
      'RoleBinding payments payment-service-bootstrap',
      'ConfigMap payments payment-service-bootstrap',
      'ConfigMap payments payment-service-agent',
    ]);
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
    expect(problems({ identity, network })).toContain('network [network/machine-ranges-missing]');
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
