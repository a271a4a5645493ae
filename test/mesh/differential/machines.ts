import type { Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  GroupNamespace,
  GroupServiceAccount,
  type KubernetesProbe,
  Locality,
  Mesh,
  MeshVm,
  MeshVmGroup,
  Network,
  Probe,
  TargetPort,
} from 'meshvm';
import { vmService } from '../../../lib/machines/manifests/vm-service';
import { workloadEntry } from '../../../lib/machines/manifests/workload-entry';
import { workloadGroup } from '../../../lib/machines/manifests/workload-group';
import type { Member } from '../../../lib/machines/member';
import { ownerObjects } from '../../../lib/machines/owner-objects';
import { resolveMember } from '../../../lib/machines/resolve-member';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

const targetPort = fc.oneof(value.portName.map(TargetPort.named), value.port.map(TargetPort.number));
// Of two ports with one name the cluster sees only the second: nothing to compare.
const machinePorts = fc.uniqueArray(
  fc.record({ name: value.portName, port: value.port, appProtocol: value.maybe(value.appProtocol) }),
  { maxLength: 3, selector: ({ name }) => name },
);
const servicePorts = fc.array(
  fc.record({
    name: value.portName,
    port: value.port,
    targetPort: value.maybe(targetPort),
    appProtocol: value.maybe(value.appProtocol),
  }),
  { maxLength: 2 },
);
const services = fc.array(
  fc.record({
    name: value.name,
    ports: value.maybe(servicePorts),
    labels: value.maybe(value.labels),
    annotations: value.maybe(value.annotations),
  }),
  { maxLength: 2 },
);

/** Random properties of what groups and single machines have in common. */
const machineProps = fc.record({
  mesh: fc.constant(mesh),
  name: value.name,
  namespace: fc.oneof(
    { weight: 4, arbitrary: fc.constant(GroupNamespace.existing()) },
    { weight: 1, arbitrary: value.name.map(GroupNamespace.create) },
  ),
  serviceAccount: value.maybe(
    fc.oneof(value.name.map(GroupServiceAccount.create), value.name.map(GroupServiceAccount.existing)),
  ),
  canonicalService: value.maybe(value.labelValue),
  version: value.maybe(value.labelValue),
  ports: machinePorts,
  services: value.maybe(services),
  network: fc.oneof(
    fc.constant(Network.flat(['10.20.0.0/16'])),
    value.network.map((name) => Network.behindGateway(name)),
  ),
  locality: value.maybe(fc.constant(Locality.of('eu-west-1', 'eu-west-1a'))),
  weight: value.maybe(value.mostly(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(0, -1, 2 ** 32, 1.5))),
  labels: value.maybe(value.labels),
  annotations: value.maybe(value.annotations),
});

const header = fc.record({
  name: value.mostly(fc.constantFrom('X-Probe', 'x-1'), fc.constantFrom('', 'a_b', 'a b', 'ü', 'a:b')),
  value: fc.string({ maxLength: 8 }),
});
const thresholds = {
  initialDelaySeconds: value.maybe(value.int32),
  timeoutSeconds: value.maybe(value.int32),
  periodSeconds: value.maybe(value.int32),
  successThreshold: value.maybe(value.int32),
  failureThreshold: value.maybe(value.int32),
};
const httpGet = fc.record({
  path: value.maybe(value.mostly(fc.constantFrom('/', '/healthz?x=1'), fc.constantFrom('healthz', ''))),
  port: value.port,
  host: value.maybe(fc.constant('127.0.0.1')),
  scheme: value.maybe(value.mostly(fc.constantFrom('HTTP', 'HTTPS'), fc.constantFrom('http', 'FTP'))),
  httpHeaders: value.maybe(fc.array(header, { maxLength: 2 })),
});
const tcpSocket = fc.record({ port: value.port, host: value.maybe(fc.constant('10.0.0.1')) });
const exec = fc.record({
  command: value.mostly(fc.constantFrom(['true'], ['sh', '-c', 'exit 0']), fc.constantFrom([], [''], ['sh', ''])),
});
const probe: fc.Arbitrary<KubernetesProbe> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ ...thresholds, httpGet }) },
  { weight: 8, arbitrary: fc.record({ ...thresholds, tcpSocket }) },
  { weight: 8, arbitrary: fc.record({ ...thresholds, exec }) },
  { weight: 1, arbitrary: fc.record({ ...thresholds, grpc: fc.constant({ port: 9000 }) }) },
  { weight: 1, arbitrary: fc.record(thresholds) },
  { weight: 1, arbitrary: fc.record({ ...thresholds, httpGet, tcpSocket }) },
);

const groupProps = fc.record({ machines: machineProps, probe: value.maybe(probe) });
/** As a rule in the range of the flat network. */
const address = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(255), fc.nat(255)).map((bytes) => `10.20.${bytes.join('.')}`) },
  { weight: 1, arbitrary: value.ipAddress },
);
const vmProps = fc.record({ machines: machineProps, address });

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** Good properties, to make one bad. */
const good: Raw<typeof machineProps> = {
  mesh,
  name: 'shop',
  namespace: GroupNamespace.existing(),
  serviceAccount: undefined,
  canonicalService: undefined,
  version: undefined,
  ports: [{ name: 'http', port: 80, appProtocol: undefined }],
  services: undefined,
  network: Network.flat(['10.20.0.0/16']),
  locality: undefined,
  weight: undefined,
  labels: undefined,
  annotations: undefined,
};
const rare: readonly Raw<typeof machineProps>[] = [
  { ...good, services: [service({ name: 'Http', targetPort: TargetPort.named('http') })] },
  { ...good, services: [service({ name: 'http', targetPort: TargetPort.named('http-administration') })] },
  { ...good, services: [{ ...service({ name: 'http' }), labels: { team: 'a b' } }] },
  { ...good, services: [{ ...service({ name: 'http' }), labels: { 'a b': 'x' } }] },
];
const confirms = [
  'annotation/forbidden',
  'annotation/key',
  'label/key',
  'label/machine',
  'label/value',
  'name/dns-label',
  'name/dns-subdomain',
  'name/service',
  'port/duplicate',
  'port/machine-name',
  'port/name',
  'port/number',
  'service/no-ports',
  'service/target-port-name',
];

function service({ name, targetPort }: { readonly name: string; readonly targetPort?: TargetPort }) {
  const ports = [{ name, port: 80, targetPort, appProtocol: undefined }];
  return { name: 'shop', ports, labels: undefined, annotations: undefined };
}

/** MeshVmGroup, with the entry that istiod makes of it for a machine. */
export const meshVmGroup: Subject<Raw<typeof groupProps>> = {
  name: 'MeshVmGroup',
  props: groupProps,
  examples: rare.map((props) => ({ machines: props, probe: undefined })),
  confirms: [
    ...confirms,
    'probe/command',
    'probe/grpc',
    'probe/header-name',
    'probe/one-method',
    'probe/scheme',
    'probe/threshold',
  ],
  construct(chart: Chart, props) {
    const kubernetesProbe = props.probe && Probe.fromKubernetes(props.probe);
    new MeshVmGroup(chart, 'group', { ...props.machines, probe: kubernetesProbe });
  },
  build(props) {
    const member = resolveMember(props.machines, 'group', TRIAL_NAMESPACE);
    return [...common(props.machines, member), workloadGroup(member, props.probe), registered(member)];
  },
  consequences: (props) => [registered(resolveMember(props.machines, 'group', TRIAL_NAMESPACE))],
};

/** MeshVm. */
export const meshVm: Subject<Raw<typeof vmProps>> = {
  name: 'MeshVm',
  props: vmProps,
  examples: rare.map((props) => ({ machines: props, address: '10.20.0.9' })),
  confirms,
  construct(chart: Chart, props) {
    new MeshVm(chart, 'vm', { ...props.machines, address: props.address });
  },
  build(props) {
    const member = resolveMember(props.machines, 'vm', TRIAL_NAMESPACE);
    return [...common(props.machines, member), workloadEntry(member, props.address)];
  },
};

function common(props: Raw<typeof machineProps>, member: Member): readonly unknown[] {
  return [
    ...Object.values(ownerObjects(props, member)),
    ...member.services.map((service) => vmService(member, service)),
  ];
}

/** The entry that istiod makes when a machine of the group connects from the longest of addresses. */
function registered(member: Member): unknown {
  const address = 'fd00:1111:2222:3333:4444:5555:6666:7777';
  const name = `${member.name}-${address.replaceAll(':', '-')}-${member.network}`;
  return workloadEntry({ ...member, name }, address);
}
