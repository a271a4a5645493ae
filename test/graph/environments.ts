import fc from 'fast-check';
import { anyCharacter } from '../any-character';
import { object, type TestObject } from './objects';

/** Names that attack, and names that meet each other. */
const NAMES = [
  'pay',
  'pay',
  'web',
  'x"]',
  '<script>alert(1)</script>',
  'a|b',
  '%%{init: {}}%%',
  'end',
  '#35;',
  '`b`',
  '&amp;',
  ']]>',
  'a\nb',
  '\u202e',
  '\ud800',
  '\u0000',
  'ü漢字🎉',
  '__proto__',
  '-'.repeat(260),
];

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter }) },
);
const labels = fc.dictionary(fc.constantFrom('app', 'version', 'security.istio.io/tlsMode'), name);
const port = fc.oneof(fc.integer({ min: 1, max: 65535 }), name);
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(shape: T) => fc.record(shape, { requiredKeys: [] });
const destination = some({ host: name, subset: name, port: some({ number: port }) });
const match = some({ headers: fc.dictionary(name, some({ exact: name, regex: name })), sniHosts: list(name), port });

const SPECS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Namespace: fc.constant(undefined),
  ConfigMap: fc.constant(undefined),
  Service: some({
    type: fc.constantFrom('ClusterIP', 'LoadBalancer', 'NodePort', 'ExternalName'),
    selector: labels,
    externalName: name,
    loadBalancerSourceRanges: list(name),
    ports: list(some({ name, port, targetPort: port })),
  }),
  Deployment: some({
    template: some({ metadata: some({ labels, annotations: labels }), spec: some({ serviceAccountName: name }) }),
  }),
  WorkloadGroup: some({
    metadata: some({ labels }),
    template: some({ network: name, serviceAccount: name, ports: fc.dictionary(name, fc.nat()) }),
  }),
  WorkloadEntry: some({ address: name, labels, network: name, serviceAccount: name }),
  ServiceEntry: some({
    hosts: list(name),
    location: fc.constantFrom('MESH_INTERNAL', 'MESH_EXTERNAL'),
    endpoints: list(some({ address: name, network: name })),
    workloadSelector: some({ labels }),
  }),
  Gateway: some({
    selector: labels,
    servers: list(some({ hosts: list(name), port: some({ number: port, protocol: name }) })),
  }),
  VirtualService: some({
    hosts: list(name),
    gateways: list(fc.oneof(name, fc.constant('mesh'))),
    http: list(
      some({ match: list(match), route: list(some({ destination, weight: fc.nat(100) })), mirror: destination }),
    ),
  }),
  DestinationRule: some({ host: name, subsets: list(some({ name, labels })) }),
  Sidecar: some({ workloadSelector: some({ labels }), egress: list(some({ hosts: list(name) })) }),
  PeerAuthentication: some({
    selector: some({ matchLabels: labels }),
    mtls: some({ mode: fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET') }),
  }),
  AuthorizationPolicy: some({
    action: fc.constantFrom('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    selector: some({ matchLabels: labels }),
    rules: list(
      some({
        from: list(some({ source: some({ principals: list(name), namespaces: list(name), ipBlocks: list(name) }) })),
        to: list(some({ operation: some({ paths: list(name), methods: list(name) }) })),
        when: list(some({ key: name, values: list(name) })),
      }),
    ),
  }),
};

/** Any objects: of the drawn kinds with fields that meet, of odd names, and sometimes of any shape at all. */
export function environments(): fc.Arbitrary<readonly TestObject[]> {
  const objects = fc.constantFrom(...Object.keys(SPECS)).chain((kind) =>
    fc
      .record({
        name,
        namespace: fc.constantFrom('pay', 'istio-system', '<b>"]', ''),
        spec: fc.oneof({ weight: 9, arbitrary: SPECS[kind] }, { weight: 1, arbitrary: fc.jsonValue() }),
        labels,
      })
      .map(({ name: own, namespace, spec, labels: ownLabels }) =>
        object(kind, 'x', spec, { name: own, namespace, labels: ownLabels }),
      ),
  );
  return fc.array(objects, { maxLength: 14 });
}
