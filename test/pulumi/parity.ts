import { App, Chart, Testing } from 'cdk8s';
import { ValidationError } from 'meshvm';
import { detailsOf, registered } from './fixtures';

/** What a manifest or a resource's inputs look like. */
export interface Declared {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** The objects of a cdk8s chart, by what tells them apart. */
export function synthesized(construct: (chart: Chart) => void): Readonly<Record<string, Declared>> {
  const chart = new Chart(new App(), 'parity');
  construct(chart);
  return byIdentity(Testing.synth(chart));
}

/** The Kubernetes objects that a Pulumi program registers, in the same form. */
export async function recorded(program: () => unknown): Promise<Readonly<Record<string, Declared>>> {
  const resources = await registered(program);
  return byIdentity(resources.filter(({ type }) => type.startsWith('kubernetes:')).map(({ inputs }) => inputs));
}

/** What a face makes of properties: objects, or what is wrong with them. */
export type Verdict = Readonly<Record<string, Declared>> | readonly string[];

/** What a cdk8s program comes to. */
export function cdk8sVerdict(construct: (chart: Chart) => void): Verdict {
  try {
    return synthesized(construct);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return error.problems.map(({ property, id }) => `${property} [${id}]`);
  }
}

/** What a Pulumi program comes to, its Services over machines without their mark. */
export async function pulumiVerdict(program: () => unknown, services: readonly string[] = []): Promise<Verdict> {
  try {
    return withoutSkipAwait(await recorded(program), services);
  } catch (error) {
    return detailsOf(error);
  }
}

const SKIP_AWAIT = 'pulumi.com/skipAwait';

/** Objects without the one annotation that Pulumi needs on Services over machines, whose names are `services`. */
export function withoutSkipAwait(
  objects: Readonly<Record<string, Declared>>,
  services: readonly string[],
): Readonly<Record<string, Declared>> {
  return Object.fromEntries(
    Object.entries(objects).map(([key, object]) => {
      if (object.kind !== 'Service' || !services.includes(object.metadata.name)) return [key, object];
      const { [SKIP_AWAIT]: mark, ...others } = object.metadata.annotations ?? {};
      if (mark !== 'true') throw new Error(`${key} is not marked`);
      const { annotations: _, ...metadata } = object.metadata;
      return [
        key,
        { ...object, metadata: Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others } },
      ];
    }),
  );
}

function byIdentity(objects: readonly Declared[]): Readonly<Record<string, Declared>> {
  const identified = objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    return [`${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`, object] as const;
  });
  const map = Object.fromEntries(identified);
  if (Object.keys(map).length !== objects.length)
    throw new Error(`an object stands twice: ${identified.map(([k]) => k)}`);
  return map;
}
