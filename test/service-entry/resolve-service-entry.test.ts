import fc from 'fast-check';
import { type ServiceEntryProtocol, VmServiceEndpoints } from 'meshvm';
import { isWildcardDomain } from '../../lib/core/values/names';
import { serviceEntry } from '../../lib/service-entry/manifests/service-entry';
import { resolveServiceEntry } from '../../lib/service-entry/resolve-service-entry';
import { aMesh } from '../fixtures';

/** Istio's own patterns: pkg/config/labels, ValidateWildcardDomain, ValidateDNS1123Labels. */
const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

function asIstioDoes(domain: string): boolean {
  if (domain.length > 255 || domain.length === 0) return false;
  const [first, ...rest] = domain.split('.');
  if (first.length > 63 || !WILDCARD_LABEL.test(first)) return false;
  if (rest.length === 0) return true;
  const last = rest[rest.length - 1];
  if (/^\d+$/.test(last)) return false;
  return rest.every((label, index) => {
    if (label === '') return index === rest.length - 1;
    return label.length <= 63 && LABEL.test(label);
  });
}

describe('hosts', () => {
  const piece = fc.constantFrom('*', '-', '.', 'a', 'B', '7', '*-', 'xy', 'x'.repeat(62), '_');
  const host = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

  test('are those that Istio takes, but "*"', () => {
    fc.assert(
      fc.property(host, (text) => {
        expect(isWildcardDomain(text)).toBe(text !== '*' && asIstioDoes(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an entry built around every check', () => {
  test('carries each leaf untouched, values of a deployment too', () => {
    const later = (name: string) => ({ __pulumiOutput: true, name }) as unknown as string & number;
    const props = {
      mesh: aMesh(),
      hosts: [later('host')],
      addresses: [later('vip')],
      ports: [{ name: 'http', port: later('port'), protocol: later('protocol') as unknown as ServiceEntryProtocol }],
      endpoints: VmServiceEndpoints.static([{ address: later('address'), weight: later('weight') }]),
    };
    const { spec } = serviceEntry(resolveServiceEntry(props, 'pay', 'payments'));
    expect(spec).toStrictEqual({
      hosts: [later('host')],
      addresses: [later('vip')],
      ports: [{ name: 'http', number: later('port'), protocol: later('protocol') }],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      endpoints: [{ address: later('address'), weight: later('weight') }],
    });
  });

  test('is one for any text and number', () => {
    const any = fc.record({ host: fc.string(), name: fc.string(), port: fc.double(), protocol: fc.string() });
    fc.assert(
      fc.property(any, ({ host, name, port, protocol }) => {
        const ports = [{ name, port, protocol: protocol as ServiceEntryProtocol }];
        const endpoints = VmServiceEndpoints.dnsRoundRobin({ address: host, ports: { [name]: port } });
        const entry = resolveServiceEntry({ mesh: aMesh(), hosts: [host], ports, endpoints, name }, 'id', '');
        expect(serviceEntry(entry).spec).toMatchObject({ hosts: [host], ports: [{ name, number: port, protocol }] });
      }),
    );
  });
});
