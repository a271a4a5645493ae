import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_FOLDER } from '../../../lib/standalone/envoy/admin';
import { type ControlPlane, type NetworkHost, runCommand } from '../harness';
import { ManagedProcess } from '../harness/process';

/** A host that runs Envoy with a configuration of ours and nothing of the mesh. */
export class EnvoyHost {
  static async create(controlPlane: ControlPlane, name: string): Promise<EnvoyHost> {
    return new EnvoyHost(controlPlane, await controlPlane.lan.addHost(name), controlPlane.workspace.subfolder(name));
  }

  private envoy: ManagedProcess | undefined;

  private constructor(
    private readonly controlPlane: ControlPlane,
    readonly host: NetworkHost,
    /** Folder of the configuration. */
    readonly directory: string,
  ) {}

  get address(): string {
    return this.host.address;
  }

  /** Folder of the certificates, which Envoy watches. */
  get certificates(): string {
    return join(this.directory, 'certificates');
  }

  /** Writes Envoy's files, `envoy.yaml` among them, and starts it. */
  async startEnvoy(files: Readonly<Record<string, string>>, adminPort = 15000): Promise<ManagedProcess> {
    mkdirSync(this.directory, { recursive: true });
    // Hosts have their folders in one file system.
    const here = (text: string) => text.replaceAll(ADMIN_FOLDER, this.directory);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.directory, name), here(text));
    return this.restartEnvoy(adminPort);
  }

  /** Starts Envoy anew: no connection of before is left. */
  async restartEnvoy(adminPort = 15000): Promise<ManagedProcess> {
    await this.envoy?.kill();
    const args = ['-c', join(this.directory, 'envoy.yaml'), '--disable-hot-restart', '--log-level', 'warn', ...FLUSH];
    const envoy = this.run('envoy', this.controlPlane.tools.envoy, args);
    this.envoy = envoy;
    const ready = ['curl', '-sf', `http://127.0.0.1:${adminPort}/ready`];
    await envoy.waitUntil('it is ready', () => this.succeeds(ready));
    return envoy;
  }

  /** Starts a program of node that serves until the test ends. */
  runScript(name: string, script: string): void {
    this.run(name, process.execPath, ['-e', script]);
  }

  /** Starts a program that runs until the test ends. */
  run(name: string, command: string, args: readonly string[]): ManagedProcess {
    const started = ManagedProcess.start({
      workspace: this.controlPlane.workspace,
      name: `${this.host.name}-${name}`,
      ...this.host.command(command, args),
    });
    this.controlPlane.own(started);
    return started;
  }

  private async succeeds([command, ...args]: readonly string[]): Promise<boolean> {
    const line = this.host.command(command, args);
    return (await runCommand(line.command, line.args, { allowFailure: true })).exitCode === 0;
  }
}

/** Access logs are read soon after the request. */
const FLUSH = ['--file-flush-interval-msec', '100'];

/** Answers requests with the headers that arrive, over HTTP/1.1 on the first port and over HTTP/2 on the second; greets TCP on the third. */
export const APPLICATIONS = `
const answer = (request, response) => {
  if (request.url === '/slow') return;
  if (request.url === '/up' && require('node:fs').existsSync(process.env.HOME + '/down')) response.statusCode = 500;
  response.end(JSON.stringify(request.headers));
};
require('node:http').createServer({ keepAliveTimeout: 0 }, answer).listen(3000, '127.0.0.1');
require('node:http2').createServer(answer).listen(3001, '127.0.0.1');
require('node:net').createServer((socket) => {
  socket.write('hello\\n');
  socket.on('error', () => {});
  socket.pipe(socket);
}).listen(3002, '127.0.0.1');
`;
