import {
  EastWestGateway,
  EgressScope,
  MeshVm,
  MeshVmGroup,
  type MeshVmGroupArgs,
  MutualTls,
  MutualTlsMode,
  OutboundTraffic,
  ServiceEntryProtocol,
  TrafficPolicy,
  VmServiceEntry,
  type WorkloadTargetArgs,
} from 'meshvm/pulumi';
import { complaintOf, detailsOf, gatewayArgs, groupArgs, meshArgs, refusal, registered, vmArgs } from './fixtures';
import { failureOf } from './program';

describe('what two components of a program say', () => {
  describe('of the protocol of a port of machines', () => {
    const group = (names: readonly string[] = ['http']) =>
      new MeshVmGroup(
        'pay',
        groupArgs({
          services: [
            {
              name: 'pay',
              ports: names.map((name, index) => ({ name, port: 80 + index, targetPort: { number: 8080 } })),
            },
          ],
        }),
      );
    const entry = (protocol: keyof typeof ServiceEntryProtocol) =>
      new VmServiceEntry('legacy', {
        mesh: meshArgs(),
        namespace: 'payments',
        hosts: ['legacy.example.com'],
        addresses: ['240.1.2.3'],
        ports: [{ name: 'web', port: 80, protocol: ServiceEntryProtocol[protocol], targetPort: 8080 }],
        endpoints: { fromLabels: { app: 'pay' } },
      });

    test('must be the same, in either order', async () => {
      await registered(() => {
        group();
        entry('HTTP');
      });
      expect(
        await refused(
          () => group(),
          () => entry('TCP'),
        ),
      ).toStrictEqual(['ports[0].protocol [service-entry/protocol-other-than-service]']);
      expect(
        await refused(
          () => entry('TCP'),
          () => group(),
        ),
      ).toStrictEqual(['services[0].ports[0].name [service/protocol-other-than-way-in]']);
      expect(await refusal(() => group(['http', 'grpc']))).toStrictEqual([
        'services[0].ports[1].name [service/protocol-other-than-way-in]',
      ]);
    });
  });

  describe('of the TLS of callers and of machines', () => {
    const tls = { disable: true } as const;
    const fleet = () => new MeshVmGroup('pay', groupArgs());
    const callers = (group: MeshVmGroup) => new TrafficPolicy('callers', { target: { group }, tls });
    const strict = (target: WorkloadTargetArgs) => new MutualTls('strict', { mesh: meshArgs(), target });

    test('must be the same, in either order', async () => {
      expect(await refusedAfter(fleet, (group) => strict({ group }), callers)).toStrictEqual([
        'tls [traffic/not-the-mutual-tls-that-machines-require]',
      ]);
      expect(await refusedAfter(fleet, callers, (group) => strict({ group }))).toStrictEqual([
        'mode [mutual-tls/refuses-callers-of-program]',
      ]);
    });

    test('must be the same where the namespace says it, as the complete program tells', async () => {
      const namespaces = () => strict({ namespace: 'payments' });
      for (const parts of [
        [callers, namespaces],
        [namespaces, callers],
      ]) {
        const errors = await failureOf(() => {
          const group = fleet();
          for (const part of parts) part(group);
        });
        expect(errors.map(detailsOf)).toStrictEqual([['tls [traffic/not-the-mutual-tls-that-machines-require]']]);
      }
      await registered(() => {
        const group = fleet();
        callers(group);
        namespaces();
        new MutualTls('own', { mesh: meshArgs(), target: { group }, mode: MutualTlsMode.PERMISSIVE });
      });
    });
  });

  test('of a network and of mutual TLS must fit, as the complete program tells', async () => {
    const errors = await failureOf(() => {
      const mesh = meshArgs();
      new MutualTls('off', { mesh, target: { namespace: 'payments' }, mode: MutualTlsMode.DISABLE });
      new MeshVmGroup('pay', groupArgs({ network: { behindGateway: { name: 'dc-1', cidrs: [] } } }));
    });
    expect(errors.map(detailsOf)).toStrictEqual([['mode [mutual-tls/disabled-behind-gateway]']]);
  });

  test('of an address must differ', async () => {
    const machine = (name: string) => new MeshVm(name, vmArgs({ createNamespace: false }));
    expect(
      await refused(
        () => machine('one'),
        () => machine('two'),
      ),
    ).toStrictEqual(['address [machine/address-twice]']);
  });

  test('of whom a gateway lets in must hold the machines, in either order', async () => {
    const loadBalancer = { gcpInternal: { sourceRanges: ['10.30.0.0/16'] } };
    const edge = () => new EastWestGateway('edge', gatewayArgs({ loadBalancer }));
    const group = (gateway: MeshVmGroupArgs['gateway']) => new MeshVmGroup('pay', groupArgs({ gateway }));
    expect(await refusedAfter(edge, () => undefined, group)).toStrictEqual([
      'network.flat.cidrs[0] [network/outside-source-ranges-of-gateway]',
    ]);
    expect(await refused(() => group({ serviceName: 'istio-eastwestgateway' }), edge)).toStrictEqual([
      'loadBalancer.gcpInternal.sourceRanges [gateway/source-ranges-keep-machines-out]',
    ]);
  });

  test.each([
    ['api.example.com.', 'api.example.com'],
    ['api.example.com', 'API.example.com.'],
  ])('of the host %s and of %s is of one host', async (one, other) => {
    const entry = (name: string, host: string) =>
      new VmServiceEntry(name, {
        mesh: meshArgs(),
        namespace: 'shop',
        hosts: [host],
        ports: [{ name: 'https', port: 443, protocol: ServiceEntryProtocol.HTTPS }],
        endpoints: { resolveHosts: true },
      });
    expect(
      await refused(
        () => entry('one', one),
        () => entry('other', other),
      ),
    ).toStrictEqual(['hosts[0] [service-entry/host-twice]']);
  });

  test('of a host must be seen by whom it calls, as the complete program tells', async () => {
    const errors = await failureOf(() => {
      const group = new MeshVmGroup('pay', groupArgs());
      const destinations = [{ host: 'api.example.com' }];
      new EgressScope('scope', { group, destinations, outbound: OutboundTraffic.REGISTRY_ONLY });
      new VmServiceEntry('api', {
        mesh: meshArgs(),
        namespace: 'shop',
        hosts: ['api.example.com'],
        ports: [{ name: 'https', port: 443, protocol: ServiceEntryProtocol.HTTPS }],
        endpoints: { resolveHosts: true },
        exportTo: ['.'],
      });
    });
    expect(errors.map(detailsOf)).toStrictEqual([['destinations[0].host [egress/host-not-exported]']]);
  });
});

/** What the second of two components complains of after the first was good. */
function refused(first: () => unknown, second: () => unknown): Promise<readonly string[]> {
  return refusedAfter(() => undefined, first, second);
}

/** The same beside a third. */
async function refusedAfter<T>(
  declare: () => T,
  first: (declared: T) => unknown,
  second: (declared: T) => unknown,
): Promise<readonly string[]> {
  let complaint: readonly string[] = [];
  await registered(() => {
    const beside = declare();
    first(beside);
    complaint = complaintOf(() => second(beside));
  });
  return complaint;
}
