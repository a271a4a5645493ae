import fc from 'fast-check';
import { EgressDestination, EgressScope, type EgressScopeProps, OutboundTraffic } from 'meshvm';
import { sidecar } from '../../../lib/traffic/manifests/sidecar';
import { resolveEgressScope } from '../../../lib/traffic/private/egress-scope';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import { fakeGroups, type GroupMaker, realGroups } from './traffic';
import * as value from './values';

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

const namespace = value.mostly(
  fc.constantFrom('shop', TRIAL_NAMESPACE),
  fc.constantFrom('', 'a.b', 'A', '*', '.', '~', 'a_b'),
  8,
);
const host = value.mostly(
  fc.constantFrom('api.example.com', '*.example.com', 'UP.example.com'),
  fc.constantFrom(
    '',
    '*',
    'api',
    'a.b.',
    '*a.example.com',
    '*-a.example.com',
    'a..b',
    '10.0.0.1',
    'a b',
    '*.',
    'a.*.b',
  ),
  6,
);
const destination = fc.oneof(
  fc.constant('group' as const),
  fc.tuple(value.name, value.maybe(namespace)).map(([name, of]) => EgressDestination.service(name, of)),
  host.map(EgressDestination.host),
  value.maybe(namespace).map((name) => EgressDestination.namespace(name)),
);
const scopeProps = fc.record({
  destinations: fc.array(destination, { maxLength: 4 }),
  outbound: value.mostly(
    fc.constantFrom(...Object.values(OutboundTraffic)),
    fc.constantFrom('', 'ALLOW_ANY_DYNAMIC_DNS').map((text) => text as OutboundTraffic),
  ),
  name: value.maybe(value.name),
  services: fc.boolean(),
});

function propsOf({ services, destinations, ...rest }: Raw<typeof scopeProps>, make: GroupMaker): EgressScopeProps {
  const other = make('other', !services);
  return {
    ...rest,
    group: make('v1', services),
    destinations: destinations.map((to) => (to === 'group' ? EgressDestination.group(other) : to)),
  };
}

/** EgressScope. */
export const egressScope: Subject<Raw<typeof scopeProps>> = {
  name: 'EgressScope',
  props: scopeProps,
  confirms: ['egress/host', 'egress/namespace', 'name/dns-subdomain'],
  construct(chart, props) {
    new EgressScope(chart, 'egress', propsOf(props, realGroups(chart)));
  },
  build: (props) => [sidecar(resolveEgressScope(propsOf(props, fakeGroups), undefined))],
};
