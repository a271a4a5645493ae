import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import { type RuleOrigin, ValidationError, type ValidationProblem } from 'meshvm';
import { describeObject, type KubeClient, type KubernetesObject, type Outcome } from '../harness';

/** A construct under random properties. */
export interface Subject<Props> {
  /** Name of the construct. */
  readonly name: string;
  /** Mostly good properties, with a bad value here and there. */
  readonly props: fc.Arbitrary<Props>;
  /** Properties too rare to leave to chance; every run tries them. */
  readonly examples?: readonly Props[];
  /** Rules of the API server and Istio that a run must confirm, each in a case where it is the only one of theirs. */
  readonly confirms: readonly string[];
  /** Makes the construct. Throws ValidationError for properties that meshvm refuses. */
  construct(chart: Chart, props: Props): void;
  /** The same objects from the builders alone, around every check. */
  build(props: Props): readonly unknown[];
  /** Further objects that must be accepted with those of the construct, such as the entry that istiod will make of a group. */
  consequences?(props: Props): readonly unknown[];
}

/** What happened to the cases of a run. */
export interface Tally {
  cases: number;
  accepted: number;
  refused: number;
  /** How often each rule was the only one of its case that the API server or Istio knows too, and was confirmed by them. */
  readonly confirmed: Map<string, number>;
}

/** Namespace in which objects are tried; it must exist. */
export const TRIAL_NAMESPACE = 'differential';

/** Disagreements that stand, each with its reason. */
const KNOWN_DISAGREEMENTS: readonly KnownDisagreement[] = [
  {
    applies: ({ id, value }) => id === 'name/service' && /^[0-9][-a-z0-9]{0,62}$/.test(String(value)),
    reason:
      'Kubernetes 1.36, under test here, allows a digit first in the name of a Service (RelaxedServiceNameValidation); older ' +
      'clusters refuse it, and meshvm does not know which it writes for',
  },
];

interface KnownDisagreement {
  applies(problem: ValidationProblem): boolean;
  readonly reason: string;
}

const UPSTREAM: ReadonlySet<RuleOrigin> = new Set(['kubernetes', 'istio']);
const BATCH = 24;
/** How many times as many cases a run may take until chance has hit every rule. */
const PATIENCE = 10;

/**
 * Compares meshvm's verdict with that of a real API server and istiod's webhook, over at least `cases` random cases:
 *
 * - what meshvm accepts, they accept too, without a warning;
 * - what meshvm refuses by a rule of theirs, they refuse too when the objects are built around its checks.
 *
 * Throws at the first disagreement, shrunk.
 */
export async function compare<Props>(client: KubeClient, subject: Subject<Props>, cases: number): Promise<Tally> {
  const tally: Tally = { cases: 0, accepted: 0, refused: 0, confirmed: new Map() };
  const seed = Number(process.env.MESHVM_SEED ?? Math.floor(Math.random() * 2 ** 31));
  // Batches keep the API server busy; a batch shrinks to the one case that fails.
  const batches = fc.array(subject.props, { minLength: 1, maxLength: BATCH, size: 'max' });
  const property = fc.asyncProperty(batches, async (batch) => {
    await Promise.all(batch.map((props) => compareOne(client, subject, props, tally)));
  });
  process.stdout.write(`${subject.name}: MESHVM_SEED=${seed}\n`);
  await Promise.all((subject.examples ?? []).map((props) => compareOne(client, subject, props, tally)));
  const unconfirmed = () => subject.confirms.some((id) => !tally.confirmed.has(id));
  for (let round = 0; tally.cases < cases || (unconfirmed() && tally.cases < PATIENCE * cases); round += 1) {
    await fc.assert(property, { seed: seed + round, numRuns: Math.ceil(cases / BATCH), endOnFailure: false });
  }
  return tally;
}

/** The tally as lines for the log of the run. */
export function report(name: string, tally: Tally): string {
  const rules = [...tally.confirmed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, count]) => `  ${id} ${count}`);
  const head = `${name}: ${tally.cases} cases, ${tally.accepted} accepted, ${tally.refused} refused; rules confirmed alone:`;
  return [head, ...rules, ''].join('\n');
}

async function compareOne<Props>(
  client: KubeClient,
  subject: Subject<Props>,
  props: Props,
  tally: Tally,
): Promise<void> {
  tally.cases += 1;
  const verdict = synthesize(subject, props);
  if (!(verdict instanceof ValidationError)) {
    const objects = [...verdict, ...(subject.consequences?.(props) ?? [])];
    for (const { object, outcome } of await tryAll(client, objects)) {
      if (outcome.outcome === 'refused')
        throw disagreement('meshvm accepts, the cluster refuses', object, outcome.message);
      if (outcome.warnings.length > 0)
        throw disagreement('accepted with a warning', object, outcome.warnings.join('; '));
    }
    tally.accepted += 1;
    return;
  }
  tally.refused += 1;
  const upstream = verdict.problems.filter(({ origin }) => UPSTREAM.has(origin));
  const disputed = upstream.filter((problem) => !KNOWN_DISAGREEMENTS.some((known) => known.applies(problem)));
  const rules = new Set(disputed.map(({ id }) => id));
  if (rules.size === 0) return;
  const outcomes = await tryAll(client, subject.build(props));
  if (outcomes.every(({ outcome }) => outcome.outcome === 'accepted')) {
    throw new Error(`meshvm refuses, the cluster accepts\n${verdict.message}`);
  }
  const [only, ...others] = rules;
  if (others.length === 0) tally.confirmed.set(only, (tally.confirmed.get(only) ?? 0) + 1);
}

function synthesize<Props>(subject: Subject<Props>, props: Props): readonly unknown[] | ValidationError {
  const chart = new Chart(new App(), 'trial', { namespace: TRIAL_NAMESPACE });
  try {
    subject.construct(chart, props);
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
  return chart.toJson() as readonly unknown[];
}

function tryAll(client: KubeClient, objects: readonly unknown[]) {
  return Promise.all(
    objects.map(async (plain): Promise<{ readonly object: KubernetesObject; readonly outcome: Outcome }> => {
      const object = inTrialNamespace(plain as KubernetesObject);
      const outcome = await client.dryRun(object);
      if (outcome.outcome === 'refused' && outcome.status >= 500)
        throw disagreement('no verdict', object, outcome.message);
      return { object, outcome };
    }),
  );
}

/** Only the Namespace itself is tried under a random name: nothing else can be created where no namespace is. */
function inTrialNamespace(object: KubernetesObject): KubernetesObject {
  if (object.metadata.namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace: TRIAL_NAMESPACE } };
}

function disagreement(what: string, object: KubernetesObject, message: string): Error {
  return new Error(`${what}: ${describeObject(object)}\n${message}\n${JSON.stringify(object)}`);
}
