import fc from 'fast-check';
import { GroupNamespace, GroupServiceAccount, Locality, type MachineProps, TargetPort } from 'meshvm';
import { Problems } from '../../lib/core/problems';
import { vmService } from '../../lib/machines/manifests/vm-service';
import { workloadGroup } from '../../lib/machines/manifests/workload-group';
import { checkMember, resolveMember, unservedPorts } from '../../lib/machines/resolve-member';
import { groupProps } from '../fixtures';
import { member } from './member';

function verdict(props: Partial<MachineProps>): readonly string[] {
  const problems = new Problems();
  const all = groupProps(props);
  checkMember(problems, all, resolveMember(all, 'shop', 'payments'));
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('resolveMachines', () => {
  test('fills in every default', () => {
    expect(resolveMember(groupProps(), 'shop', 'payments')).toStrictEqual({
      ...member,
      labels: { ...member.labels, version: 'latest', 'service.istio.io/canonical-revision': 'latest' },
      network: 'vpc-prod',
      services: [
        {
          name: 'shop',
          labels: {},
          annotations: {},
          ports: [{ name: 'http', port: 8080, targetPort: 8080, appProtocol: undefined }],
        },
      ],
    });
  });

  test('takes what was said', () => {
    const props = groupProps({
      name: 'till',
      namespace: GroupNamespace.existing('vms'),
      serviceAccount: GroupServiceAccount.existing('robot'),
      canonicalService: 'shop',
      version: 'v2',
      locality: Locality.of('eu'),
      weight: 7,
      labels: { team: 'x' },
    });
    expect(resolveMember(props, 'id', 'payments')).toMatchObject({
      name: 'till',
      namespace: 'vms',
      serviceAccount: 'robot',
      selector: { app: 'shop' },
      locality: 'eu',
      weight: 7,
      labels: { team: 'x', app: 'shop', version: 'v2' },
    });
  });

  test('labels that meshvm owns win over labels of the author, which the checks refuse', () => {
    const { labels } = resolveMember(groupProps({ labels: { app: 'other' } }), 'shop', 'payments');
    expect(labels.app).toBe('shop');
  });

  test('is total: it makes something even of properties that the checks refuse', () => {
    const junk = fc.oneof(fc.string(), fc.constantFrom('', '-', 'A B'));
    const ports = fc.array(fc.record({ name: junk, port: fc.integer() }));
    const targetPort = fc.option(fc.oneof(junk.map(TargetPort.named), fc.integer().map(TargetPort.number)), {
      nil: undefined,
    });
    const services = fc.array(
      fc.record({ name: junk, ports: fc.array(fc.record({ name: junk, port: fc.integer(), targetPort })) }),
    );
    fc.assert(
      fc.property(junk, ports, services, (name, somePorts, someServices) => {
        const resolved = resolveMember(groupProps({ name, ports: somePorts, services: someServices }), 'id', '');
        expect(resolved.ports).toHaveLength(somePorts.length);
        expect(resolved.services.flatMap((service) => service.ports)).toHaveLength(
          someServices.flatMap((service) => service.ports).length,
        );
      }),
    );
  });
});

describe('checkMachines', () => {
  test('has nothing against good properties', () => {
    expect(verdict({})).toStrictEqual([]);
  });

  test('wants a namespace, from the chart or from the author', () => {
    const problems = new Problems();
    checkMember(problems, groupProps(), resolveMember(groupProps(), 'shop', ''));
    expect(problems.all.map(({ property, id }) => [property, id])).toStrictEqual([['namespace', 'property/required']]);
  });

  test("counts labels together with meshvm's own, and ports", () => {
    const labels = Object.fromEntries(Array.from({ length: 253 }, (_, i) => [`l${i}`, '']));
    expect(verdict({ labels })).toStrictEqual(['labels [property/too-many]']);
    const ports = Array.from({ length: 129 }, (_, i) => ({ name: `tcp-${i}`, port: 1000 + i }));
    expect(verdict({ ports, services: [] })).toStrictEqual(['ports [property/too-many]']);
  });

  test('does not judge what is known only at deployment', () => {
    const later = Promise.resolve(1) as never;
    expect(verdict({ weight: later, ports: [{ name: 'http', port: later }] })).toStrictEqual([]);
  });
});

describe('values known only at deployment', () => {
  test('pass the checks and stand untouched in the manifests', () => {
    const later = <T>(value: T) => Promise.resolve(value) as unknown as T;
    const props = groupProps({
      version: later('v1'),
      weight: later(3),
      ports: [{ name: 'http', port: later(8080) }],
      labels: { team: later('x') },
      annotations: { note: later('y') },
    });
    const resolved = resolveMember(props, 'shop', 'payments');
    const problems = new Problems();
    checkMember(problems, props, resolved);
    expect(problems.all).toStrictEqual([]);
    const { spec } = workloadGroup(resolved, undefined);
    expect(spec?.template.weight).toBe(props.weight);
    expect(spec?.template.ports?.http).toBe(props.ports[0].port);
    expect(spec?.metadata?.labels?.version).toBe(props.version);
    expect(spec?.metadata?.labels?.team).toBe(props.labels?.team);
    expect(spec?.metadata?.annotations?.note).toBe(props.annotations?.note);
    const [service] = resolved.services;
    expect(vmService(resolved, service).spec?.ports?.[0].targetPort).toBe(props.ports[0].port);
  });
});

describe('unservedPorts', () => {
  const [service] = member.services;

  test('finds targets by number and by name', () => {
    const ports = [
      { name: 'a', port: 1, targetPort: 8080, appProtocol: undefined },
      { name: 'b', port: 2, targetPort: 'http', appProtocol: undefined },
      { name: 'c', port: 3, targetPort: 'grpc', appProtocol: undefined },
      { name: 'd', port: 4, targetPort: 9, appProtocol: undefined },
    ];
    expect(unservedPorts({ ...service, ports }, member.ports)).toStrictEqual([2, 3]);
  });

  test('says nothing while a number is not known yet', () => {
    expect(unservedPorts(service, [{ name: 'x', port: Promise.resolve(8080) as never }])).toStrictEqual([]);
  });
});
