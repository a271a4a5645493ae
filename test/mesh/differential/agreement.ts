import { ControlPlane } from '../harness';
import { compare, report, type Subject, TRIAL_NAMESPACE } from './differential';

/** Cases for each construct. */
const CASES = Number(process.env.MESHVM_CASES ?? 5000);

/** Makes a test of each construct, on a control plane of the file. */
export function testAgreement(subjects: readonly Subject<unknown>[]): void {
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    controlPlane = await ControlPlane.start();
    await controlPlane.client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: TRIAL_NAMESPACE } });
  });

  afterAll(async () => {
    await controlPlane?.stop();
  });

  describe('meshvm and the cluster agree on random properties of', () => {
    test.each(subjects)('$name', async (subject) => {
      const tally = await compare(controlPlane.client, subject, CASES);
      process.stdout.write(report(subject.name, tally));
      expect(subject.confirms.filter((id) => !tally.confirmed.has(id))).toEqual([]);
      expect(tally.cases).toBeGreaterThanOrEqual(CASES);
      // Both verdicts must occur, or the comparison says nothing.
      expect(tally.accepted).toBeGreaterThan(CASES / 20);
      expect(tally.refused).toBeGreaterThan(CASES / 20);
    });
  });
}
