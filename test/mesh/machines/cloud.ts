import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane } from '../harness';
import { ManagedProcess } from '../harness/process';
import { TokenIssuer } from '../harness/token-issuer';
import { Workspace } from '../harness/workspace';

/** Where clouds have their metadata service; on Google Cloud it answers DNS queries, too. */
export const METADATA_ADDRESS = '169.254.169.254';

/**
 * The parts of a cloud that a joining machine meets: an issuer whose tokens the API server accepts for the machines' service account,
 * a metadata service that hands them out, and a DNS server. The tokens are real, the rest is a stand-in.
 */
export class Cloud {
  /** Starts the issuer. The API server needs `apiServerArgs`, so the rest is started by `attach`. */
  static async start(serviceAccountEmail: string): Promise<Cloud> {
    const workspace = new Workspace();
    const issuer = await TokenIssuer.start(workspace.subfolder('issuer'));
    return new Cloud(workspace, issuer, serviceAccountEmail);
  }

  /** The neighbour through which machines reach the metadata service. */
  gateway = '';
  private folder = '';

  private constructor(
    private readonly workspace: Workspace,
    private readonly issuer: TokenIssuer,
    private readonly serviceAccountEmail: string,
  ) {}

  get apiServerArgs(): readonly string[] {
    return this.issuer.apiServerArgs;
  }

  /** Puts the metadata service into the machines' network. */
  async attach(controlPlane: ControlPlane): Promise<void> {
    const { lan, workspace } = controlPlane;
    const host = await lan.addHost('cloud');
    this.folder = workspace.subfolder('cloud');
    writeFileSync(join(this.folder, 'token'), this.issuer.token(this.serviceAccountEmail));
    this.setNames({});
    const address = host.command('ip', ['address', 'add', `${METADATA_ADDRESS}/32`, 'dev', 'lo']);
    execFileSync(address.command, [...address.args]);
    const service = ManagedProcess.start({
      workspace,
      name: 'cloud',
      ...host.command(process.execPath, ['-e', METADATA_SERVICE, METADATA_ADDRESS, this.folder]),
    });
    controlPlane.own(service);
    await service.waitUntil('it listens', () => service.logTail().includes('ready'));
    this.gateway = host.address;
  }

  /** Replaces what the DNS server answers: an address for each name. */
  setNames(names: Readonly<Record<string, string>>): void {
    writeFileSync(join(this.folder, 'names.json'), JSON.stringify(names));
  }

  async stop(): Promise<void> {
    this.issuer.stop();
    await this.workspace.close();
  }
}

/** Google's metadata service, and a DNS server that knows A records only. */
const METADATA_SERVICE = `
const [address, folder] = process.argv.slice(1);
const { readFileSync } = require('node:fs');
const web = require('node:http').createServer((request, response) => {
  const { url, headers, socket } = request;
  if (headers['metadata-flavor'] !== 'Google' || !url.startsWith('/computeMetadata/v1/instance/')) {
    response.writeHead(403).end();
    return;
  }
  const token = () => JSON.stringify({ access_token: readFileSync(folder + '/token', 'utf8') });
  response.end(url.endsWith('/token') ? token() : url.endsWith('/ip') ? socket.remoteAddress : '');
});
const dns = require('node:dgram').createSocket('udp4');
dns.on('message', (query, from) => {
  let at = 12;
  const labels = [];
  for (; query[at] > 0; at += query[at] + 1) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
  const question = query.subarray(12, at + 5);
  const found = JSON.parse(readFileSync(folder + '/names.json', 'utf8'))[labels.join('.').toLowerCase()];
  const isA = query.readUInt16BE(at + 1) === 1;
  const answers = found !== undefined && isA ? 1 : 0;
  const head = Buffer.from([query[0], query[1], 0x81, found === undefined ? 0x83 : 0x80, 0, 1, 0, answers, 0, 0, 0, 0]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...(found ?? '').split('.').map(Number)]);
  dns.send(Buffer.concat(answers ? [head, question, record] : [head, question]), from.port, from.address);
});
dns.bind(53, address, () => web.listen(80, address, () => console.log('ready')));
`;
