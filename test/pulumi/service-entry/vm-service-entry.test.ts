import { secret } from '@pulumi/pulumi';
import fc from 'fast-check';
import * as cdk8sFace from 'meshvm';
import {
  type LocalityArgs,
  MeshVm,
  ServiceEntryLocation,
  ServiceEntryProtocol,
  type VmServiceEndpointsArgs,
  VmServiceEntry,
  type VmServiceEntryArgs,
} from 'meshvm/pulumi';
import { aMesh, groupProps } from '../../fixtures';
import * as value from '../../mesh/differential/values';
import { complaintOf, later, meshArgs, named, refusal, registered, UNKNOWN, unknown, vmArgs } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { cdk8sVerdict, pulumiVerdict } from '../parity';
import { failureOf, runProgram, settled } from '../program';

const HTTP = { name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP };
const TLS = { name: 'tls', port: 443, protocol: ServiceEntryProtocol.TLS };
const PLACE = { region: 'eu-west-1', zone: 'eu-west-1a' };
const ENDPOINT = { address: '10.20.9.5', ports: { http: 8080 }, labels: { version: 'v1' }, network: 'dc-1', weight: 7 };
const { Locality, VmServiceEndpoints } = cdk8sFace;

function entryArgs(args: Partial<VmServiceEntryArgs> = {}): VmServiceEntryArgs {
  const endpoints = { resolveHosts: true };
  return { mesh: meshArgs(), namespace: 'payments', hosts: ['pay.example.com'], ports: [HTTP], endpoints, ...args };
}

function entryProps(props: Partial<cdk8sFace.VmServiceEntryProps> = {}): cdk8sFace.VmServiceEntryProps {
  const endpoints = VmServiceEndpoints.resolveHosts();
  return { mesh: aMesh(), namespace: 'payments', hosts: ['pay.example.com'], ports: [HTTP], endpoints, ...props };
}

type Case = readonly [
  VmServiceEndpointsArgs,
  cdk8sFace.VmServiceEndpoints,
  Partial<Pick<VmServiceEntryArgs, 'hosts' | 'ports'> & Pick<cdk8sFace.VmServiceEntryProps, 'hosts' | 'ports'>>,
];

const LISTED: readonly Case[] = [
  [{ fromLabels: { app: 'web' } }, VmServiceEndpoints.fromLabels({ app: 'web' }), {}],
  [
    { staticEndpoints: [{ ...ENDPOINT, locality: PLACE }, { address: '10.20.9.6' }] },
    VmServiceEndpoints.static([
      { ...ENDPOINT, locality: Locality.of('eu-west-1', 'eu-west-1a') },
      { address: '10.20.9.6' },
    ]),
    {},
  ],
  [{ dns: [{ address: 'a.example.com' }] }, VmServiceEndpoints.dns([{ address: 'a.example.com' }]), {}],
  [
    { dnsRoundRobin: { endpoint: { address: 'a.example.com' } } },
    VmServiceEndpoints.dnsRoundRobin({ address: 'a.example.com' }),
    {},
  ],
  [{ dnsRoundRobin: {} }, VmServiceEndpoints.dnsRoundRobin(), {}],
  [{ resolveHosts: true, passthrough: false }, VmServiceEndpoints.resolveHosts(), {}],
  [{ passthrough: true }, VmServiceEndpoints.passthrough(), {}],
  [{ dynamicDns: true }, VmServiceEndpoints.dynamicDns(), { hosts: ['*.example.com'], ports: [TLS] }],
];

describe('VmServiceEntry', () => {
  test('declares what the cdk8s construct declares of machines', async () => {
    const ports = [{ name: 'tcp', port: 80, protocol: ServiceEntryProtocol.TCP }];
    const more = {
      addresses: ['10.7.0.1'],
      location: ServiceEntryLocation.MESH_INTERNAL,
      exportTo: ['.', 'shop'],
      subjectAltNames: ['spiffe://acme/ns/payments/sa/db'],
      labels: { team: 'payments' },
      annotations: { 'acme.example/owner': 'payments' },
    };
    const declared = await expectSame((chart) => {
      const group = aGroup(chart);
      const namespace = cdk8sFace.GroupNamespace.existing('payments');
      const db = new cdk8sFace.MeshVm(chart, 'db', {
        ...groupProps({ namespace, ports: [{ name: 'tcp', port: 9090 }] }),
        address: '10.20.1.7',
      });
      const entry = (id: string, props: Partial<cdk8sFace.VmServiceEntryProps>) =>
        new cdk8sFace.VmServiceEntry(chart, id, { ...entryProps({ hosts: [`${id}.example.com`] }), ...props });
      entry('group', { endpoints: VmServiceEndpoints.group(group), namespace: undefined });
      entry('machine', { ports, endpoints: VmServiceEndpoints.machine(db), ...more, namespace: undefined });
      entry('matching', { endpoints: VmServiceEndpoints.matching({ app: 'payment-service' }), name: 'all' });
    }, () => {
      const group = theGroup();
      const db = new MeshVm('db', vmArgs({ createNamespace: false, ports: [{ name: 'tcp', port: 9090 }] }));
      const entry = (name: string, args: Partial<VmServiceEntryArgs>) =>
        new VmServiceEntry(name, { ...entryArgs({ hosts: [`${name}.example.com`] }), ...args });
      entry('group', { endpoints: { group }, namespace: undefined });
      entry('machine', { ports, endpoints: { machine: db }, ...more, namespace: undefined });
      entry('matching', { endpoints: { matching: { app: 'payment-service' } }, name: 'all' });
    }, ['payment-service', 'db']);
    expect(Object.keys(declared).sort()).toStrictEqual(
      ['all', 'group', 'machine'].map((name) => `networking.istio.io/v1 ServiceEntry payments/${name}`),
    );
  });

  test.each(LISTED)('declares what the cdk8s construct declares of %j', async (endpoints, same, more) => {
    const manifests = cdk8sVerdict((chart) => {
      new cdk8sFace.VmServiceEntry(chart, 'pay', entryProps({ ...more, endpoints: same }));
    });
    const resources = await pulumiVerdict(() => new VmServiceEntry('pay', entryArgs({ ...more, endpoints })));
    expect(Object.keys(resources)).toStrictEqual(['networking.istio.io/v1 ServiceEntry payments/pay']);
    expect(resources).toStrictEqual(manifests);
  });

  test('takes Inputs, and tells its hosts', async () => {
    const { value, resources } = await runProgram(async () => {
      const endpoints = { staticEndpoints: [{ address: later('10.20.9.5'), weight: later(3) }] };
      const hosts = [later('db.example.com')];
      const args = { endpoints, hosts, namespace: later('payments'), labels: { team: later('pay') } };
      const entry = new VmServiceEntry('db', entryArgs(args));
      return [await settled(entry.entryName), await settled(entry.namespace), await settled(entry.hosts)];
    });
    expect(value).toStrictEqual(['db', 'payments', ['db.example.com']]);
    const { metadata, spec } = named(resources, 'db-Resource').inputs;
    expect([metadata, spec]).toStrictEqual([
      { name: 'db', namespace: 'payments', labels: { team: 'pay' } },
      {
        hosts: ['db.example.com'],
        ports: [{ name: 'http', number: 80, protocol: 'HTTP' }],
        location: 'MESH_EXTERNAL',
        resolution: 'STATIC',
        endpoints: [{ address: '10.20.9.5', weight: 3 }],
      },
    ]);
  });

  test('leaves open in a preview what is not known, and keeps secret what is', async () => {
    const staticEndpoints = [{ address: unknown<string>() }, { address: '10.20.9.6', weight: unknown<number>() }];
    const args = entryArgs({ endpoints: { staticEndpoints }, hosts: ['db.example.com', unknown()] });
    const previewed = await registered(() => new VmServiceEntry('db', args), { preview: true });
    expect(named(previewed, 'ServiceEntry payments/db').inputs.spec).toMatchObject({
      hosts: ['db.example.com', UNKNOWN],
      endpoints: [{ address: UNKNOWN }, { address: '10.20.9.6', weight: UNKNOWN }],
    });
    const hidden = { staticEndpoints: [{ address: secret('10.20.9.5') }] };
    const updated = await registered(() => new VmServiceEntry('db', entryArgs({ endpoints: hidden })));
    expect(named(updated, 'ServiceEntry payments/db').secrets).toStrictEqual(['spec']);
  });

  test.each<readonly [string, { ports?: { name: string; port: number }[] }]>([
    ['whose ports are known', { ports: [{ name: 'http', port: 8080 }] }],
    ['of which nobody can check what it serves', {}],
  ])('is about a group by its outputs, %s', async (_, more) => {
    const labels = later({ app: 'web', version: 'v1' });
    const group = { groupName: 'web', namespace: later('shop'), serviceAccount: 'web', labels, ...more };
    const resources = await registered(
      () => new VmServiceEntry('web', entryArgs({ endpoints: { group }, namespace: undefined })),
    );
    const { metadata, spec } = named(resources, 'web-Resource').inputs as Record<string, object>;
    expect(metadata).toStrictEqual({ name: 'web', namespace: 'shop' });
    expect(spec).toMatchObject({
      workloadSelector: { labels: { app: 'web', version: 'v1' } },
      location: 'MESH_INTERNAL',
    });
  });

  test('refuses what machines of the program do not serve, by reference, by labels and by their outputs', async () => {
    const ports = [{ name: 'grpc', port: 9090, protocol: ServiceEntryProtocol.GRPC }];
    const problems: string[] = [];
    await registered(() => {
      const group = theGroup();
      const outputs = {
        groupName: 'web',
        namespace: 'payments',
        serviceAccount: 'web',
        labels: { app: 'w', version: 'v' },
      };
      const all: readonly VmServiceEndpointsArgs[] = [
        { group },
        { matching: { app: 'payment-service' } },
        { matching: { app: 'nobody' } },
        { group: { ...outputs, ports: [{ name: 'http', port: 8080 }] } },
      ];
      for (const endpoints of all) {
        problems.push(...complaintOf(() => new VmServiceEntry('pay', entryArgs({ ports, endpoints }))));
      }
    });
    expect(problems).toStrictEqual([
      'ports[0].port [service-entry/port-nobody-serves]',
      'ports[0].port [service-entry/port-nobody-serves]',
      'endpoints.matching [service-entry/labels-select-nothing]',
      'ports[0].port [service-entry/port-nobody-serves]',
    ]);
  });

  test('refuses a host that another entry or a Service of the program has', async () => {
    await registered(() => {
      theGroup();
      new VmServiceEntry('first', entryArgs());
      expect(() => new VmServiceEntry('second', entryArgs())).toThrow('hosts other than those of first');
      const hosts = ['payment-service.payments.svc.cluster.local'];
      expect(() => new VmServiceEntry('third', entryArgs({ hosts }))).toThrow('[service-entry/host-is-service]');
    });
  });

  test.each<readonly [Partial<VmServiceEntryArgs>, readonly string[]]>([
    [{ endpoints: { resolveHosts: false } }, ['endpoints [shape/choice]']],
    [{ namespace: undefined }, ['namespace [property/required]']],
    [
      { endpoints: { staticEndpoints: [ENDPOINT, { address: 'a', weight: 0 }] } },
      [
        'endpoints.staticEndpoints[1].address [service-entry/endpoint-address-not-ip]',
        'endpoints.staticEndpoints[1].weight [service-entry/endpoint-weight]',
      ],
    ],
    [
      { endpoints: { dns: [{ address: 'a.example.com', locality: { region: '', zone: 'a' } }] } },
      ['endpoints.dns[0].locality.region [locality/part]'],
    ],
    [
      { endpoints: { dnsRoundRobin: { endpoint: { address: 'a.example.com', weight: 0 } } } },
      ['endpoints.dnsRoundRobin.endpoint.weight [service-entry/endpoint-weight]'],
    ],
    [{ hosts: 'pay.example.com' as unknown as string[] }, ['hosts [shape/type]']],
    [{ endpoints: undefined }, ['endpoints [shape/missing]']],
    [
      { endpoints: { dns: [{ address: 'a.example.com', locality: 'eu-west-1' as unknown as LocalityArgs }] } },
      ['endpoints.dns[0].locality [shape/type]'],
    ],
    [{ hosts: [], ports: [] }, ['hosts [service-entry/no-hosts]', 'ports [service-entry/no-ports]']],
  ])('refuses %j', async (wrong, problems) => {
    expect(await refusal(() => new VmServiceEntry('pay', entryArgs(wrong)))).toStrictEqual(problems);
  });

  test('refuses what becomes known to be wrong', async () => {
    const errors = await failureOf(() => new VmServiceEntry('pay', entryArgs({ hosts: [later('10.0.0.1')] })));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[service-entry/host]'));
  });

  test('agrees with the cdk8s construct on random properties', async () => {
    const tally = { accepted: 0, refused: 0 };
    const host = value.mostly(fc.constantFrom('db.example.com', 'pay.corp', '*.example.com'), value.badName, 6);
    const random = fc.record({
      kind: fc.constantFrom(...LISTED),
      props: fc.record({
        name: value.maybe(value.name),
        namespace: value.name,
        hosts: fc.array(host, { minLength: 1, maxLength: 2 }),
        addresses: value.maybe(fc.array(value.ipAddress, { minLength: 1, maxLength: 2 })),
        ports: fc.array(
          fc.record({
            name: value.portName,
            port: value.port,
            protocol: fc.constantFrom(...Object.values(ServiceEntryProtocol)),
            targetPort: value.maybe(value.port),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        location: value.maybe(fc.constantFrom(...Object.values(ServiceEntryLocation))),
        exportTo: value.maybe(fc.constantFrom<string[]>(['.'], ['shop', 'a'], ['*', '.'])),
        labels: value.maybe(value.labels),
        annotations: value.maybe(value.annotations),
      }),
    });
    await fc.assert(
      fc.asyncProperty(random, async ({ kind: [endpoints, same], props }) => {
        const manifests = cdk8sVerdict(
          (chart) => new cdk8sFace.VmServiceEntry(chart, 'pay', { ...props, mesh: aMesh(), endpoints: same }),
        );
        const resources = await pulumiVerdict(
          () => new VmServiceEntry('pay', { ...props, mesh: meshArgs(), endpoints }),
        );
        expect(resources).toStrictEqual(manifests);
        tally[Array.isArray(manifests) ? 'refused' : 'accepted'] += 1;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(0);
  });
});
