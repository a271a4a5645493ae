import { runInThisContext } from 'node:vm';
import * as pulumi from '@pulumi/pulumi';
import { DECLARED_BY } from '../../lib/pulumi/core/kubernetes-resource';

/** A resource that a program has registered. */
export interface Registered {
  readonly type: string;
  /** Of an object whose resource is named after it: kind, namespace and name. */
  readonly name: string;
  /** The name as the program gives it. */
  readonly resourceName: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the resource's inputs are
  readonly inputs: any;
  /** The mark by which a Kubernetes object says who declares it. It is in all of them, and not among `inputs`. */
  readonly declaredBy: string | undefined;
  readonly custom: boolean;
  readonly provider: string;
  readonly parent: string;
  /** Names of the resources that it waits for by `dependsOn` or by its inputs. */
  readonly dependencies: readonly string[];
  readonly aliases: readonly unknown[];
  /** Inputs that the engine keeps secret. */
  readonly secrets: readonly string[];
  /** Of a ConfigMap: the resource of what it holds, whose `data` and secrets count as its own. */
  readonly content?: Registered;
}

export interface ProgramOptions {
  /** Whether the program runs as a preview. Default: false. */
  readonly preview?: boolean;
  /** Outputs of resources, over their inputs. */
  readonly state?: (resource: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
  /** Answers of provider functions. */
  readonly call?: (call: pulumi.runtime.MockCallArgs) => Record<string, unknown>;
}

export interface ProgramResult<T> {
  readonly value: T;
  /** In the order of their registration. */
  readonly resources: readonly Registered[];
}

/**
 * Runs a program against Pulumi's mocks and returns what it has registered. Mocks validate nothing: types are the only check of a
 * resource's inputs.
 */
export async function runProgram<T>(
  program: () => T | Promise<T>,
  options: ProgramOptions = {},
): Promise<ProgramResult<T>> {
  const seen: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        seen.push(resource);
        const state = { ...resource.inputs, ...options.state?.(resource) };
        return { id: `${resource.name}-id`, state };
      },
      call: (call) => options.call?.(call) ?? call.inputs,
    },
    'project',
    'stack',
    options.preview ?? false,
  );
  const requests = watchRequests();
  const value = await withoutStackTraces(async () => {
    try {
      return await program();
    } finally {
      // What a program that fails has begun would go on with the mocks of the next one, and know nothing of its resources.
      await pulumi.runtime.disconnect();
    }
  });
  const resources = seen.map((resource): Registered => {
    const request = requests.find((candidate) => candidate.name === resource.name && candidate.type === resource.type);
    return {
      type: resource.type,
      name: nameIn(resource.type, resource.name),
      resourceName: resource.name,
      ...withoutMark(resource.inputs),
      custom: request?.custom ?? false,
      provider: request?.provider ?? '',
      parent: nameOf(request?.parent ?? ''),
      dependencies: (request?.dependencies ?? []).map(nameOf),
      aliases: request?.aliases ?? [],
      secrets: request?.secrets ?? [],
    };
  });
  return { value, resources: withContent(resources) };
}

/** The value of an Output; undefined when it is not known, as in a preview. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** Pulumi asks for the stack of each promise that it makes, and jest makes stacks long and looks every frame up in its source: half of a program's time. */
async function withoutStackTraces<T>(run: () => Promise<T>): Promise<T> {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = String;
  Error.stackTraceLimit = 3;
  try {
    return await run();
  } finally {
    // A stack is written when it is first asked for: an error that leaves `run` has one.
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

type Request = Omit<Registered, 'inputs' | 'declaredBy' | 'content' | 'resourceName'>;

/** What mocks are not told: parents, dependencies, aliases, and which inputs are secret. */
function watchRequests(): Request[] {
  const requests: Request[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: MonitorRequest, callback: unknown): Promise<void>;
  };
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    requests.push({
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      provider: request.getProvider(),
      parent: request.getParent(),
      dependencies: request.getDependenciesList(),
      aliases: request.getAliasesList().map((alias) => alias.toObject()),
      secrets: Object.entries(request.getObject().toJavaScript())
        .filter(([, value]) => holdsSecret(value))
        .map(([key]) => key),
    });
    return original(request, callback);
  };
  return requests;
}

interface MonitorRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getProvider(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getAliasesList(): { toObject(): unknown }[];
  getObject(): { toJavaScript(): Record<string, unknown> };
}

/** Pulumi's mark of a secret on the wire. */
function holdsSecret(value: unknown): boolean {
  return JSON.stringify(value).includes('4dabf18193072939515e22adb298388d');
}

function nameOf(urn: string): string {
  const [, , types = '', name = ''] = urn.split('::');
  return nameIn(types.split('$').pop() ?? '', name);
}

/** Several objects may share a name, but for their kind. The cluster is the same in nearly all tests. */
function nameIn(type: string, name: string): string {
  if (!type.startsWith('kubernetes:') || !name.includes('/')) return name;
  return `${type.split(':').pop()} ${name.slice(name.indexOf('/') + 1)}`;
}

/** ConfigMaps with what they hold, as the cluster sees them. */
function withContent(resources: readonly Registered[]): readonly Registered[] {
  const contents = resources.filter(({ type }) => type === 'kubernetes:core/v1:ConfigMapPatch');
  return resources
    .filter((resource) => !contents.includes(resource))
    .map((resource) => {
      const content = contents.find(({ dependencies }) => dependencies.join() === resource.name);
      if (content === undefined) return resource;
      const { data } = content.inputs;
      const inputs = data === undefined ? resource.inputs : { ...resource.inputs, data };
      return { ...resource, content, inputs, secrets: [...resource.secrets, ...content.secrets] };
    });
}

// biome-ignore lint/suspicious/noExplicitAny: as in Registered
function withoutMark(inputs: any): Pick<Registered, 'inputs' | 'declaredBy'> {
  // One secret in it makes all of it one, which mocks see as an object that holds it.
  const { value: shown = inputs.metadata, ...secret } = inputs.metadata ?? {};
  const { [DECLARED_BY]: declaredBy, ...annotations } = shown?.annotations ?? {};
  if (declaredBy === undefined) return { inputs, declaredBy };
  const { annotations: _, ...others } = shown;
  const rest = Object.keys(annotations).length === 0 ? others : { ...others, annotations };
  const metadata = shown === inputs.metadata ? rest : { ...secret, value: rest };
  return { inputs: { ...inputs, metadata }, declaredBy };
}

/**
 * Runs a program that must fail while it runs, and returns what with: the errors that Pulumi's CLI would show before it ends with
 * status 1. Each stands there once, however many Outputs it makes fail.
 */
export async function failureOf(program: () => unknown, options: ProgramOptions = {}): Promise<readonly Error[]> {
  const errors = new Set<Error>();
  const note = (error: Error) => void errors.add(error);
  // The process outside of jest's sandbox, where jest and Pulumi listen, too.
  const outside = runInThisContext('process') as NodeJS.Process;
  const others = outside.listeners('unhandledRejection');
  outside.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  try {
    // Not awaited: what depends on a resource that could not be registered waits for ever.
    runProgram(async () => void (await program()), options).catch(note);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
    for (let rounds = 0; errors.size === 0 && rounds < 100; rounds += 1) await pause();
    for (let count = 0; count < errors.size; await pause()) count = errors.size;
  } finally {
    outside.removeListener('unhandledRejection', note);
    for (const listener of others) outside.on('unhandledRejection', listener);
  }
  return [...errors];
}
