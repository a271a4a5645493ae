import fc from 'fast-check';
import {
  Caller,
  GroupNamespace,
  GroupServiceAccount,
  type InboundCalls,
  InboundExposure,
  type InboundPort,
  Mesh,
  ServiceProtocol,
  StandaloneEnvoy,
} from 'meshvm';
import { inboundObjects, resolveInboundPlan } from '../../../lib/standalone/private/inbound-objects';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

// What the applications have is of no interest to the mesh.
const port = fc.record({
  name: value.portName,
  port: value.port,
  protocol: fc.constantFrom(...Object.values(ServiceProtocol)),
  exposedPort: value.maybe(value.port),
});
const exposure = fc.oneof(
  fc.record({
    direct: fc.uniqueArray(fc.constantFrom('10.0.0.9', 'fd00::9', 'vm-1.example.com'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ https: fc.constantFrom('alb.example.com', 'billing.corp') }),
);
const inboundProps = fc.record({
  host: value.mostly(
    fc.constantFrom('billing.example.com', 'billing.corp', 'a.b.c'),
    fc.constantFrom('', '*', 'a..b', 'a b.c', '10.0.0.1', 'UP.example.com'),
  ),
  exposure,
  ports: fc.array(port, { minLength: 1, maxLength: 3 }),
  virtualAddresses: value.mostly(
    fc.constantFrom(undefined, ['240.0.0.1'], ['240.0.0.1', 'fd00::1']),
    fc.constantFrom(['240.0.0.0/24'], ['x'], ['240.0.0']),
  ),
  exportTo: value.mostly(
    fc.constantFrom(undefined, ['.'], ['*'], ['shop', '.']),
    fc.constantFrom(['~', '.'], ['a b'], ['shop', 'shop']),
  ),
});

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

function callsOf({ exposure: given, ports, ...others }: Raw<typeof inboundProps>): InboundCalls {
  const https = 'https' in given;
  return {
    ...others,
    exposure: https
      ? InboundExposure.httpsLoadBalancer(given.https, { sourceRanges: ['10.0.0.0/24'] })
      : InboundExposure.direct(given.direct),
    callers: https ? undefined : [Caller.authenticated()],
    ports: ports.map((one, index): InboundPort => ({ ...one, applicationPort: 40000 + index })),
  };
}

/** What a StandaloneEnvoy tells the mesh about calls to it. */
export const standaloneInbound: Subject<Raw<typeof inboundProps>> = {
  name: 'StandaloneEnvoy (inbound)',
  props: inboundProps,
  confirms: [
    'port/number',
    'service-entry/address',
    'service-entry/address-range-needs-known-addresses',
    'service-entry/export-to',
    'service-entry/export-to-alone',
    'service-entry/export-to-twice',
    'service-entry/port-name',
    'service-entry/port-twice',
  ],
  construct(chart, props) {
    new StandaloneEnvoy(chart, 'billing', {
      mesh,
      gateways: [],
      services: [],
      namespace: GroupNamespace.existing(TRIAL_NAMESPACE),
      serviceAccount: GroupServiceAccount.existing('billing'),
      inbound: callsOf(props),
    });
  },
  build(props) {
    const names = { name: 'billing', namespace: TRIAL_NAMESPACE, serviceAccount: 'billing' };
    const identity = mesh.spiffeId(TRIAL_NAMESPACE, 'billing');
    return Object.values(inboundObjects(resolveInboundPlan(callsOf(props), { ...names, identity, mesh })));
  },
};
