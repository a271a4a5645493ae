import { compare, report, type Subject, TRIAL_NAMESPACE } from './differential/differential';
import { eastWestGateway } from './differential/east-west-gateway';
import { meshVm, meshVmGroup } from './differential/machines';
import { mutualTls } from './differential/mutual-tls';
import { vmServiceEntry } from './differential/service-entry';
import { ControlPlane } from './harness';

/** Cases for each construct. */
const CASES = Number(process.env.MESHVM_CASES ?? 2000);

let controlPlane: ControlPlane;
const confirmed = new Set<string>();

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
    for (const id of tally.confirmed.keys()) confirmed.add(id);
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
});
