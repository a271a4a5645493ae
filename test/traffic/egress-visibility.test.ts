import { type Chart, Testing } from 'cdk8s';
import {
  EgressDestination,
  EgressScope,
  MeshVmGroup,
  OutboundTraffic,
  ServiceEntryProtocol,
  VmServiceEndpoints,
  VmServiceEntry,
} from 'meshvm';
import { aChart, aMesh, groupProps } from '../fixtures';

const REFUSED =
  /payments\/scope: 1 problem\n.*destinations\[0\]\.(?:host|serviceEntry): "api\.example\.com".*\[egress\/host-not-exported\]/;

describe('what an egress scope lets machines call', () => {
  test('is shown to their namespace, in whichever order the two are declared', () => {
    for (const entryFirst of [true, false]) {
      const chart = aChart();
      const group = new MeshVmGroup(chart, 'pay', groupProps());
      if (entryFirst) entry(chart, ['bank', '.']);
      scope(chart, group, EgressDestination.host('api.example.com'));
      if (!entryFirst) entry(chart, ['bank', '.']);
      expect(() => Testing.synth(chart)).toThrow(REFUSED);
      expect(() => Testing.synth(chart)).toThrow(
        'hosts that are shown to payments; payments/api has exportTo: ["bank","."]',
      );
    }
  });

  test('is shown to it, when the entry itself is named', () => {
    const chart = aChart();
    const group = new MeshVmGroup(chart, 'pay', groupProps());
    scope(chart, group, EgressDestination.serviceEntry(entry(chart, ['~'])));
    expect(() => Testing.synth(chart)).toThrow(REFUSED);
  });

  test.each([[undefined], [['*']], [['payments']], [['.', 'payments']]])(
    'may be shown to others, too: %j',
    (exportTo) => {
      const chart = aChart();
      const group = new MeshVmGroup(chart, 'pay', groupProps());
      entry(chart, exportTo);
      scope(chart, group, EgressDestination.host('API.example.com'));
      expect(() => Testing.synth(chart)).not.toThrow();
    },
  );

  test('may be a host that the program says nothing of', () => {
    const chart = aChart();
    scope(chart, new MeshVmGroup(chart, 'pay', groupProps()), EgressDestination.host('other.example.com'));
    entry(chart, ['~']);
    expect(() => Testing.synth(chart)).not.toThrow();
  });
});

function entry(chart: Chart, exportTo: readonly string[] | undefined): VmServiceEntry {
  return new VmServiceEntry(chart, 'api', {
    mesh: aMesh(),
    namespace: 'shop',
    hosts: ['api.example.com'],
    ports: [{ name: 'https', port: 443, protocol: ServiceEntryProtocol.HTTPS }],
    endpoints: VmServiceEndpoints.resolveHosts(),
    exportTo,
  });
}

function scope(chart: Chart, group: MeshVmGroup, destination: EgressDestination): void {
  new EgressScope(chart, 'scope', { group, destinations: [destination], outbound: OutboundTraffic.REGISTRY_ONLY });
}
