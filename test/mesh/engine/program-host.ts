import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import language from '@pulumi/pulumi/proto/language_grpc_pb';
import messages from '@pulumi/pulumi/proto/language_pb';
import plugin from '@pulumi/pulumi/proto/plugin_pb';

/**
 * Stands in for Pulumi's language host of Node.js, which is a binary that no registry has: it tells the engine of no plugins, and runs the
 * program of a folder as that does, by `@pulumi/pulumi/cmd/run` of the folder, which reads its package.json and tsconfig.json.
 * `pulumi --client` takes its address.
 */
export class ProgramHost {
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ProgramHost> {
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
      run: (call: Call, callback: Callback) => run(call.request, env).then((response) => callback(null, response)),
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
function run(request: RunRequest, env: Readonly<Record<string, string>>): Promise<unknown> {
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
  const program = spawn(process.execPath, args, {
    cwd: info.getProgramDirectory(),
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ...env,
      PULUMI_NODEJS_TYPESCRIPT: 'true',
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

/** Upstream: nodeJSProcessExitedAfterLoggingUserActionableMessage of @pulumi/pulumi/cmd/run. */
const LOGGED = 32;
