import { secret } from '@pulumi/pulumi';
import * as cdk8sFace from 'meshvm';
import { MeshVm, type MeshVmGroup, MutualTls, MutualTlsMode } from 'meshvm/pulumi';
import { VmAutoScalingGroup } from 'meshvm/pulumi/aws';
import { aMesh, groupProps } from '../../fixtures';
import { fleetArgs, inAws } from '../aws/fleet';
import { groupArgs, later, meshArgs, named, refusal, registered, UNKNOWN, unknown, vmArgs } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const mesh = meshArgs();
const ports = [
  { name: 'http', port: 8080 },
  { name: 'http-health', port: 8081 },
];

describe('MutualTls', () => {
  test('declares what the cdk8s construct declares, of a group', async () => {
    const declared = await expectSame(
      (chart) => {
        const mode = cdk8sFace.MutualTlsMode.PERMISSIVE;
        aGroup(chart, { ports }).requireMutualTls({ ports: [{ port: 8081, mode }] });
      },
      () => theGroup({ ports }).requireMutualTls({ ports: [{ port: 8081, mode: MutualTlsMode.PERMISSIVE }] }),
    );
    expect(Object.keys(declared)).toStrictEqual(['security.istio.io/v1 PeerAuthentication payments/payment-service']);
  });

  test('and of a machine, a namespace and the mesh', async () => {
    await expectSame((chart) => {
      const namespace = cdk8sFace.GroupNamespace.create('payments');
      const props = { ...groupProps({ namespace }), address: '10.20.1.7' };
      const { WorkloadTarget } = cdk8sFace;
      const policy = (id: string, target: cdk8sFace.WorkloadTarget, mode?: cdk8sFace.MutualTlsMode) =>
        new cdk8sFace.MutualTls(chart, id, { mesh: aMesh(), target, mode });
      policy('machine', WorkloadTarget.machine(new cdk8sFace.MeshVm(chart, 'db', props)));
      policy('namespace', WorkloadTarget.namespace('payments'), cdk8sFace.MutualTlsMode.PERMISSIVE);
      policy('mesh', WorkloadTarget.mesh(), cdk8sFace.MutualTlsMode.DISABLE);
    }, () => {
      new MutualTls('machine', { mesh, target: { machine: new MeshVm('db', vmArgs()) } });
      const mode = MutualTlsMode.PERMISSIVE;
      new MutualTls('namespace', { mesh, target: { namespace: 'payments' }, mode });
      new MutualTls('mesh', { mesh, target: { mesh: true }, mode: MutualTlsMode.DISABLE });
    }, ['db']);
  });

  test('registers its object under the component, and tells what it is called', async () => {
    const { value, resources } = await runProgram(async () => {
      const { policyName, namespace } = theGroup().requireMutualTls();
      return [await settled(policyName), await settled(namespace)];
    });
    expect(value).toStrictEqual(['payment-service', 'payments']);
    const parents = resources.map(({ type, name, parent }) => `${parent} ${type} ${name}`);
    expect(parents.filter((line) => line.includes('mutual-tls')).sort()).toStrictEqual([
      'payment-service meshvm:index:MutualTls payment-service-mutual-tls',
      'payment-service-mutual-tls kubernetes:security.istio.io/v1:PeerAuthentication PeerAuthentication payments/payment-service',
    ]);
  });

  test('takes Inputs: a namespace of another resource, that it keeps secret where it is', async () => {
    const resources = await registered(() =>
      theGroup({ namespace: secret(later('payments')), version: '1.2' }).requireMutualTls({ name: later('strict') }),
    );
    const { inputs, secrets } = named(resources, 'payment-service-mutual-tls-Resource');
    expect(inputs).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: expect.anything(),
      spec: { selector: { matchLabels: { app: 'payment-service', version: '1.2' } }, mtls: { mode: 'STRICT' } },
    });
    expect(inputs.metadata.value).toStrictEqual({ name: 'strict', namespace: 'payments' });
    expect(secrets).toStrictEqual(['metadata']);
  });

  test('is known in a preview but for what is not', async () => {
    const resources = await registered(() => theGroup({ namespace: unknown() }).requireMutualTls(), { preview: true });
    const { metadata, spec } = named(resources, 'payment-service-mutual-tls-Resource').inputs;
    expect(metadata).toStrictEqual({ name: 'payment-service', namespace: expect.objectContaining(UNKNOWN) });
    expect(spec.selector.matchLabels).toStrictEqual({ app: 'payment-service', version: 'latest' });
  });

  /** A group as a program in another language has it: outputs by their names. */
  const outputsOf = ({ groupName, namespace, serviceAccount, labels }: MeshVmGroup) => ({
    groupName,
    namespace,
    serviceAccount,
    labels,
  });

  test('takes a group by its outputs', async () => {
    const resources = await registered(() => {
      const group = { ...outputsOf(theGroup({ ports })), ports };
      new MutualTls('strict', { mesh, target: { group }, ports: [{ port: 8081, mode: MutualTlsMode.DISABLE }] });
    });
    expect(named(resources, 'PeerAuthentication payments/payment-service').inputs).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'payment-service', namespace: 'payments' },
      spec: {
        selector: { matchLabels: { app: 'payment-service', version: 'latest' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 8081: { mode: 'DISABLE' } },
      },
    });
  });

  test('takes the group of a fleet', async () => {
    const resources = await registered(() => {
      const fleet = new VmAutoScalingGroup('pay', fleetArgs());
      expect(() => fleet.group.requireMutualTls({ ports: [{ port: 1, mode: MutualTlsMode.DISABLE }] })).toThrow(
        'allowed: one of 8080',
      );
      fleet.group.requireMutualTls();
    }, inAws());
    expect(named(resources, 'pay-group-mutual-tls').parent).toBe('pay-group');
    expect(named(resources, 'PeerAuthentication payments/pay').inputs.metadata).toStrictEqual({
      name: 'pay',
      namespace: 'payments',
    });
  });

  test('refuses labels by which a policy would be about more than the group', async () => {
    const group = { groupName: 'pay', namespace: 'payments', serviceAccount: 'pay', labels: { app: 'pay' } };
    expect(await refusal(() => new MutualTls('strict', { mesh, target: { group } }))).toStrictEqual([
      'target.group.labels: label version is missing; give all labels of the machines',
    ]);
    const deferred = { ...group, labels: later({ version: '1' } as Record<string, string>) };
    const errors = await failureOf(() => new MutualTls('strict', { mesh, target: { group: deferred } }));
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('target.group.labels: label app is missing'),
    );
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = {
      mesh: meshArgs({ network: 'Vpc' }),
      name: 'Strict',
      target: { namespace: 'payments', mesh: true },
      mode: 'strict' as MutualTlsMode,
      ports: [{ port: 8080, mode: MutualTlsMode.UNSET }],
    };
    expect(await refusal(() => new MutualTls('strict', args))).toStrictEqual([
      'target [shape/choice]',
      'mode [shape/value]',
    ]);
    const ofShape = { ...args, target: { mesh: true }, mode: MutualTlsMode.STRICT };
    expect(await refusal(() => new MutualTls('strict', ofShape))).toStrictEqual([
      'mesh.network [mesh/network-name]',
      'name [name/dns-subdomain]',
      'ports [mutual-tls/port-without-selector]',
      'ports[0].mode [mutual-tls/unset]',
    ]);
  });

  test.each([
    ['in a namespace that is known', 'payments'],
    ['in one that is not known yet', later('payments')],
  ])('refuses a port that the group does not serve, %s', async (_, namespace) => {
    await registered(() => {
      const group = theGroup({ namespace });
      expect(() => group.requireMutualTls({ ports: [{ port: 9090, mode: MutualTlsMode.DISABLE }] })).toThrow(
        'ports[0].port: 9090 is not allowed; allowed: one of 8080',
      );
    });
  });

  test('takes the ports of machines that share the labels of the group', async () => {
    await registered(() => {
      const group = theGroup();
      const machine = { canonicalService: 'payment-service', services: [], createNamespace: false };
      new MeshVm('old', vmArgs({ ...machine, ports: [...groupArgs().ports, { name: 'http-old', port: 9090 }] }));
      const name = later('strict');
      expect(() =>
        group.requireMutualTls({ name, ports: [{ port: 9090, mode: MutualTlsMode.DISABLE }] }),
      ).not.toThrow();
    });
  });

  test('refuses a second policy of a group', async () => {
    await registered(() => {
      const group = theGroup();
      group.requireMutualTls({ name: later('strict') });
      const second = () => new MutualTls('second', { mesh, target: { group } });
      expect(second).toThrow('allowed: targets other than that of payment-service-mutual-tls');
    });
  });

  test('refuses what becomes known to be wrong', async () => {
    const errors = await failureOf(
      () => new MutualTls('strict', { mesh, target: { namespace: later('istio-system') } }),
    );
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('target: "istio-system" is not allowed'),
    );
  });
});
