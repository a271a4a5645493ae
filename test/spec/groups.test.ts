import { Testing } from 'cdk8s';
import { type KubernetesProbe, MeshVm, MeshVmGroup } from 'meshvm';
import * as pulumiFace from 'meshvm/pulumi';
import { aChart, errorOf, groupProps, problemsOf } from '../fixtures';
import { complaintOf, groupArgs, named, refusal, registered, vmArgs } from '../pulumi/fixtures';

/** Properties that no compiler has looked at. */
type Given = Readonly<Record<string, unknown>>;

const inCdk8s = (given: Given) => problemsOf(() => new MeshVmGroup(aChart(), 'shop', { ...groupProps(), ...given }));
const inPulumi = (given: Given) => refusal(() => new pulumiFace.MeshVmGroup('shop', { ...groupArgs(), ...given }));

const httpGet = { path: '/healthz', port: 8080 };
const service = (port: Given) => ({ services: [{ name: 'shop', ports: [{ name: 'http', port: 80, ...port }] }] });

describe('what plain JavaScript, another language or YAML says of a group', () => {
  test.each<[string, Given, string]>([
    ['targetPort: 9999', service({ targetPort: 9999 }), 'services[0].ports[0].targetPort [shape/type]'],
    ["locality: 'eu-west-1'", { locality: 'eu-west-1' }, 'locality [shape/type]'],
    ["network: 'vpc-prod'", { network: 'vpc-prod' }, 'network [shape/type]'],
    ['no network', { network: undefined }, 'network [shape/missing]'],
    ['no ports', { ports: undefined }, 'ports [shape/missing]'],
    ['no mesh', { mesh: undefined }, 'mesh [shape/missing]'],
    ['ports: {}', { ports: {} }, 'ports [shape/type]'],
    ["ports: 'http'", { ports: 'http' }, 'ports [shape/type]'],
    ["services: 'shop'", { services: 'shop' }, 'services [shape/type]'],
    ["exec: { command: 'true' }", { probe: { exec: { command: 'true' } } }, 'probe.exec.command [shape/type]'],
    ["a port's number in a string", { ports: [{ name: 'http', port: '80' }] }, 'ports[0].port [shape/type]'],
    [
      'a port of a probe that is a name',
      { probe: { tcpSocket: { port: 'http' } } },
      'probe.tcpSocket.port [shape/type]',
    ],
    ['a number as a label', { labels: { team: 7 } }, 'labels["team"] [shape/type]'],
    ['probes: { httpGet }', { probes: { httpGet } }, 'probes [shape/unknown-property]'],
  ])('%s is one problem, in either face', async (_, given, problem) => {
    expect(inCdk8s(given)).toStrictEqual([problem]);
    expect(await inPulumi(given)).toStrictEqual([problem]);
  });

  test('probes: is told what it is called', async () => {
    const given = { probes: { httpGet } };
    const [problem] = errorOf(() => new MeshVmGroup(aChart(), 'shop', { ...groupProps(), ...given })).problems;
    expect(problem.remedy).toBe('did you mean probe?');
    await registered(() => {
      expect(() => new pulumiFace.MeshVmGroup('shop', { ...groupArgs(), ...given })).toThrow('did you mean probe?');
    });
  });

  test('probe: { httpGet } is the probe', async () => {
    const probe: KubernetesProbe = { httpGet };
    const chart = aChart();
    new MeshVmGroup(chart, 'shop', groupProps({ probe }));
    const group = Testing.synth(chart).find(({ kind }) => kind === 'WorkloadGroup');
    expect(group.spec.probe).toStrictEqual({ httpGet });
    const resources = await registered(() => new pulumiFace.MeshVmGroup('shop', groupArgs({ probe: { httpGet } })));
    expect(named(resources, 'WorkloadGroup payments/shop').inputs.spec.probe).toStrictEqual({ httpGet });
  });

  test('labels that are called as what refers to a group are labels', async () => {
    const labels = { groupName: 'a', machineName: 'b' };
    const resources = await registered(() => new pulumiFace.MeshVmGroup('shop', groupArgs({ labels })));
    expect(named(resources, 'WorkloadGroup payments/shop').inputs.spec.metadata.labels).toMatchObject(labels);
  });

  test('a namespace or a ServiceAccount that is a string, where it is a choice', () => {
    expect(inCdk8s({ namespace: 'payments', serviceAccount: 'pay' })).toStrictEqual([
      'namespace [shape/type]',
      'serviceAccount [shape/type]',
    ]);
  });

  test('a namespace or a ServiceAccount that is a choice, where it is a string', async () => {
    expect(await inPulumi({ namespace: { create: {} }, serviceAccount: { existing: 'pay' } })).toStrictEqual([
      'namespace [shape/type]',
      'serviceAccount [shape/type]',
    ]);
  });

  test('no properties at all', async () => {
    const nothing = undefined as never;
    expect(problemsOf(() => new MeshVmGroup(aChart(), 'shop', nothing))).toStrictEqual([' [shape/type]']);
    expect(problemsOf(() => new MeshVm(aChart(), 'shop', nothing))).toStrictEqual([' [shape/type]']);
    await registered(() => {
      expect(complaintOf(() => new pulumiFace.MeshVmGroup('shop', nothing))).toStrictEqual([' [shape/type]']);
      expect(complaintOf(() => new pulumiFace.MeshVm('shop', nothing))).toStrictEqual([' [shape/type]']);
    });
  });

  test('and of a machine', async () => {
    const given = { probe: { httpGet }, addres: '10.20.0.9' } as object;
    const problems = ['probe [shape/unknown-property]', 'addres [shape/unknown-property]'];
    expect(problemsOf(() => new MeshVm(aChart(), 'shop', { ...groupProps(), address: '::1', ...given }))).toStrictEqual(
      problems,
    );
    expect(await refusal(() => new pulumiFace.MeshVm('shop', { ...vmArgs(), ...given }))).toStrictEqual(problems);
  });

  test('and of a machine that is added to it', () => {
    const group = new MeshVmGroup(aChart(), 'shop', groupProps());
    const machine = { adress: '10.20.0.9', locality: 'eu-west-1' } as never;
    expect(problemsOf(() => group.addMachine('legacy', machine))).toStrictEqual([
      'adress [shape/unknown-property]',
      'locality [shape/type]',
      'address [shape/missing]',
    ]);
    expect(problemsOf(() => group.addMachine('legacy', undefined as never))).toStrictEqual([' [shape/type]']);
  });
});
