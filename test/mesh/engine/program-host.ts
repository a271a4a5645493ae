import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import language from '@pulumi/pulumi/proto/language_grpc_pb';
import messages from '@pulumi/pulumi/proto/language_pb';
import plugin from '@pulumi/pulumi/proto/plugin_pb';

/** How programs of a language are run. */
export interface Runner {
  /** The program and what it is called with. */
  readonly command: (request: RunRequest) => readonly [program: string, ...args: readonly string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Stands in for Pulumi's language hosts, which are binaries that no registry has: it tells the engine of no plugins, and runs the program of a
 * folder as they do. `pulumi --client` takes its address.
 */
export class ProgramHost {
  static async start(runner: Runner): Promise<ProgramHost> {
    const server = new grpc.Server();
    server.addService(language.LanguageRuntimeService, {
      handshake: answer(() => new messages.LanguageHandshakeResponse()),
      getRequiredPlugins: answer(() => new messages.GetRequiredPluginsResponse()),
      getRequiredPackages: answer(() => new messages.GetRequiredPackagesResponse()),
      getPluginInfo: answer(() => {
        const info = new plugin.PluginInfo();
        info.setVersion('1.0.0');
        return info;
      }),
      run: (call: Call, callback: Callback) => run(call.request, runner).then((response) => callback(null, response)),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return new ProgramHost(server, `127.0.0.1:${port}`);
  }

  private constructor(
    private readonly server: grpc.Server,
    readonly address: string,
  ) {}

  stop(): void {
    this.server.forceShutdown();
  }
}

/** By `@pulumi/pulumi/cmd/run` of the program's folder, which reads its package.json and tsconfig.json. */
export function nodeRunner(env: Readonly<Record<string, string>> = {}): Runner {
  return { command: nodeCommand, env: { PULUMI_NODEJS_TYPESCRIPT: 'true', ...env } };
}

/** By Pulumi's SDK in an environment of Python, where the program's folder or `path` has what else it imports. */
export function pythonRunner(python: string, path: string): Runner {
  return { command: (request) => [python, PYTHON_PROGRAM, ...pythonArgs(request)], env: { PYTHONPATH: path } };
}

const PYTHON_PROGRAM = join(__dirname, 'python-program.py');

interface RunRequest {
  getProject(): string;
  getStack(): string;
  getOrganization(): string;
  getPwd(): string;
  getMonitorAddress(): string;
  getDryrun(): boolean;
  getParallel(): number;
  getArgsList(): string[];
  getConfigMap(): { toObject(): [string, string][] };
  getConfigsecretkeysList(): string[];
  getInfo(): { getEntryPoint(): string; getProgramDirectory(): string; getRootDirectory(): string };
}

type Call = { readonly request: RunRequest };
type Callback = (error: null, response: unknown) => void;

function answer(make: () => unknown) {
  return (_call: unknown, callback: Callback) => callback(null, make());
}

/** What the program writes is forwarded nowhere: errors reach the engine by its log, as a program's `log.error` does. */
function run(request: RunRequest, { command, env }: Runner): Promise<unknown> {
  const [executable, ...args] = command(request);
  const program = spawn(executable, args, {
    cwd: request.getInfo().getProgramDirectory(),
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ...env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
  let stderr = '';
  program.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) =>
    program.on('close', (code) => {
      const response = new messages.RunResponse();
      if (code === LOGGED) response.setBail(true);
      else if (code !== 0) response.setError(`the program ended with ${code}: ${stderr}`);
      resolve(response);
    }),
  );
}

function nodeCommand(request: RunRequest): readonly [string, ...string[]] {
  const [engine = ''] = request.getArgsList();
  const info = request.getInfo();
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    'root-directory': info.getRootDirectory(),
    stack: request.getStack(),
    parallel: String(request.getParallel()),
    pwd: request.getPwd(),
  };
  const args = [
    join(info.getProgramDirectory(), 'node_modules/@pulumi/pulumi/cmd/run'),
    ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ...(request.getDryrun() ? ['--dry-run'] : []),
    info.getEntryPoint(),
  ];
  return [process.execPath, ...args];
}

function pythonArgs(request: RunRequest): readonly string[] {
  const [engine = ''] = request.getArgsList();
  const info = request.getInfo();
  const settings = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    root_directory: info.getRootDirectory(),
    stack: request.getStack(),
    parallel: request.getParallel(),
    dry_run: request.getDryrun(),
  };
  return [JSON.stringify(settings), info.getProgramDirectory()];
}

/** Upstream: nodeJSProcessExitedAfterLoggingUserActionableMessage of @pulumi/pulumi/cmd/run. */
const LOGGED = 32;
