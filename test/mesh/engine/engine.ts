import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineEvent, LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from '@pulumi/pulumi/automation';
import type { ControlPlane } from '../harness';
import { RUN_VARIABLE } from '../harness/workspace';
import type { ToolName } from '../tools/catalog';
import { toolFolder } from '../tools/tools';

export interface ProgramStackOptions {
  readonly project?: string;
  readonly stack?: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What one run of the engine did, or would do. */
export interface Run {
  /**
   * What happens to Kubernetes objects and other resources, but for those that stay the same: the operation, the resource, and the properties
   * that differ. Components and providers are left out.
   */
  readonly changes: readonly string[];
  /** How many stay the same. */
  readonly unchanged: number;
  /** Errors and warnings. */
  readonly messages: readonly string[];
  /** Why it failed; undefined when it didn't. */
  readonly failure: string | undefined;
  readonly stdout: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Pulumi's own engine with its Kubernetes provider, both built from their Go modules, and state in files. */
export class Engine {
  /** Of the run of these tests; without an API server, no cluster is there. `plugins` are further tools that it finds. */
  static async start(
    { workspace, apiServer }: Pick<ControlPlane, 'workspace'> & Partial<ControlPlane>,
    plugins: readonly ToolName[] = [],
  ): Promise<Engine> {
    const folder = workspace.subfolder('pulumi');
    const bin = workspace.subfolder('pulumi', 'bin');
    if (!existsSync(join(bin, 'pulumi'))) {
      for (const tool of ['pulumi', 'pulumi-resource-kubernetes', ...plugins] as const) {
        symlinkSync(join(await toolFolder(tool), tool), join(bin, tool));
      }
    }
    mkdirSync(join(folder, 'state'), { recursive: true });
    const env = {
      HOME: folder,
      PATH: `${bin}:${process.env.PATH}`,
      PULUMI_HOME: join(folder, 'home'),
      PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'of the tests',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      KUBECONFIG: apiServer?.adminKubeconfig() ?? join(folder, 'no-cluster'),
      // Its processes end with those of the control plane.
      [RUN_VARIABLE]: workspace.id,
    };
    return new Engine(folder, env, await PulumiCommand.get({ root: folder }));
  }

  private constructor(
    readonly folder: string,
    readonly env: Readonly<Record<string, string>>,
    private readonly command: PulumiCommand,
  ) {}

  /** A stack whose program is a function of the test. */
  async stack(options: ProgramStackOptions = {}): Promise<ProgramStack> {
    const { project = 'shop', stack = 'test', config = {}, env = {} } = options;
    const automation = await LocalWorkspace.createOrSelectStack(
      { stackName: stack, projectName: project, program: async () => undefined },
      { pulumiCommand: this.command, envVars: { ...this.env, ...env }, pulumiHome: this.env.PULUMI_HOME },
    );
    for (const [key, value] of Object.entries(config)) await automation.setConfig(key, { value });
    return new ProgramStack(automation);
  }

  /** Runs the CLI as a person would. */
  cli(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    return new Promise((resolve) => {
      const options = { cwd, env: { ...this.env, ...env }, maxBuffer: 64 << 20 };
      execFile(join(this.folder, 'bin/pulumi'), [...args, '--non-interactive'], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      });
    });
  }
}

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stack that tests drive: each run takes the program as it then is. */
export class ProgramStack {
  private program: PulumiFn = async () => undefined;

  constructor(readonly automation: Stack) {}

  /** What the stack's program is from now on. */
  set(program: () => unknown): this {
    this.program = async () => (await program()) as Record<string, unknown> | undefined;
    return this;
  }

  preview(): Promise<Run> {
    return this.run(async (onEvent) => {
      const { stdout } = await this.automation.preview({ program: this.program, onEvent });
      return { stdout, outputs: {} };
    });
  }

  up(): Promise<Run> {
    return this.run(async (onEvent) => {
      const { stdout, outputs } = await this.automation.up({ program: this.program, onEvent });
      return { stdout, outputs: Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value])) };
    });
  }

  refresh(): Promise<Run> {
    return this.run(async (onEvent) => ({ ...(await this.automation.refresh({ onEvent })), outputs: {} }));
  }

  destroy(): Promise<Run> {
    return this.run(async (onEvent) => ({ ...(await this.automation.destroy({ onEvent })), outputs: {} }));
  }

  /** The engine's processes of this stack's run, to kill them. */
  processes(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => {
        try {
          const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
          return Number(parent) === process.pid && readFileSync(`/proc/${name}/comm`, 'utf8').trim() === 'pulumi';
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  private async run(
    work: (onEvent: (event: EngineEvent) => void) => Promise<Pick<Run, 'stdout' | 'outputs'>>,
  ): Promise<Run> {
    const events: EngineEvent[] = [];
    const onEvent = (event: EngineEvent) => void events.push(event);
    let result: Pick<Run, 'stdout' | 'outputs'> = { stdout: '', outputs: {} };
    let failure: string | undefined;
    try {
      result = await work(onEvent);
    } catch (error) {
      failure = (error as Error).message;
    }
    return { ...summary(events), ...result, failure };
  }
}

function summary(events: readonly EngineEvent[]): Pick<Run, 'changes' | 'unchanged' | 'messages'> {
  const steps = events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ urn }) => isShown(urn));
  return {
    changes: steps
      .filter(({ op }) => op !== 'same' && op !== 'refresh' && op !== 'read')
      .map(({ op, urn, detailedDiff }) => {
        const properties = Object.keys(detailedDiff ?? {})
          .sort()
          .join(', ');
        return `${op} ${shown(urn)}${properties === '' ? '' : `: ${properties}`}`;
      })
      .sort(),
    unchanged: steps.filter(({ op }) => op === 'same').length,
    messages: events
      .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ message }) => message),
  };
}

function isShown(urn: string): boolean {
  const type = typeOf(urn);
  return !type.startsWith('pulumi:') && !type.startsWith('meshvm:');
}

function shown(urn: string): string {
  return `${typeOf(urn).split(':').pop()} ${urn.split('::').slice(3).join('::')}`;
}

function typeOf(urn: string): string {
  return urn.split('::')[2]?.split('$').pop() ?? '';
}
