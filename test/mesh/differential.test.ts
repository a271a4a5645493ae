import { allRules } from '../../lib/core/problems';
import { authorization } from './differential/authorization';
import { compare, report, type Subject, TRIAL_NAMESPACE } from './differential/differential';
import { eastWestGateway } from './differential/east-west-gateway';
import { egressScope } from './differential/egress';
import { meshVm, meshVmGroup } from './differential/machines';
import { mutualTls } from './differential/mutual-tls';
import { canaryRelease, migration } from './differential/release';
import { requestAuthentication } from './differential/request-authentication';
import { vmServiceEntry } from './differential/service-entry';
import { standaloneInbound } from './differential/standalone-inbound';
import { telemetry } from './differential/telemetry';
import { trafficPolicy } from './differential/traffic';
import { ControlPlane } from './harness';

/** Cases for each construct. */
const CASES = Number(process.env.MESHVM_CASES ?? 5000);

/** Rules of Kubernetes or Istio that this comparison does not reach, by the start of their ids, each with where it is held instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'argo-cd/': 'control-plane-delivery.test.ts, with the CRDs of Argo CD',
  'control-plane/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'extension-provider/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'mesh-network/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'mesh/': 'control-plane-rules.test.ts, with the code of istiod that reads its configuration',
  'discovery/': 'scrape-config.test.ts, with promtool',
  'monitoring/': 'scrape-config.test.ts, with promtool',
  'proxy/': 'a value of the mesh configuration, in no object here',
  'bootstrap/kubernetes-too-old': 'an API server before 1.31, which cannot be had here; unit tests',
  'annotation/value': 'numbers for text, and 256 KiB of it: only programs without types write them; unit tests',
  'property/too-many': 'more than a hundred ports or labels; unit tests',
  'service-entry/too-many': 'more than a hundred hosts or ports; unit tests',
};

let controlPlane: ControlPlane;

// Random properties have warnings, too.
beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

beforeAll(async () => {
  controlPlane = await ControlPlane.start();
  await controlPlane.client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: TRIAL_NAMESPACE } });
});

afterAll(async () => {
  await controlPlane?.stop();
});

describe('meshvm and the cluster agree on random properties of', () => {
  async function agree<Props>(subject: Subject<Props>): Promise<void> {
    const tally = await compare(controlPlane.client, subject, CASES);
    process.stdout.write(report(subject.name, tally));
    expect(subject.confirms.filter((id) => !tally.confirmed.has(id))).toEqual([]);
    expect(tally.cases).toBeGreaterThanOrEqual(CASES);
    // Both verdicts must occur, or the comparison says nothing.
    expect(tally.accepted).toBeGreaterThan(CASES / 20);
    expect(tally.refused).toBeGreaterThan(CASES / 20);
  }

  test('MeshVmGroup', () => agree(meshVmGroup));
  test('MeshVm', () => agree(meshVm));
  test('EastWestGateway', () => agree(eastWestGateway));
  test('VmServiceEntry', () => agree(vmServiceEntry));
  test('MutualTls', () => agree(mutualTls));
  test('AuthorizationPolicy', () => agree(authorization));
  test('RequestAuthentication', () => agree(requestAuthentication));
  test('Telemetry', () => agree(telemetry));
  test('TrafficPolicy', () => agree(trafficPolicy));
  test('CanaryRelease', () => agree(canaryRelease));
  test('Migration', () => agree(migration));
  test('EgressScope', () => agree(egressScope));
  test('StandaloneEnvoy (inbound)', () => agree(standaloneInbound));
});

test('every rule of Kubernetes or Istio is among those that a run must confirm, or is held elsewhere', () => {
  const subjects = [
    meshVmGroup,
    meshVm,
    eastWestGateway,
    vmServiceEntry,
    mutualTls,
    authorization,
    requestAuthentication,
    telemetry,
    trafficPolicy,
    canaryRelease,
    migration,
    egressScope,
    standaloneInbound,
  ];
  const confirmed = new Set(subjects.flatMap(({ confirms }) => confirms));
  const upstream = allRules().filter(({ origin }) => origin === 'kubernetes' || origin === 'istio');
  const missing = upstream.map(({ id }) => id).filter((id) => !confirmed.has(id));
  expect(missing.filter((id) => !Object.keys(ELSEWHERE).some((start) => id.startsWith(start)))).toEqual([]);
});
