import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane } from '../harness';
import { ManagedProcess } from '../harness/process';
import { METADATA_ADDRESS } from '../machines/cloud';
import { certificateFor } from './authenticator';
import { REGION } from './moto';

/** A call of EC2 Auto Scaling that a machine has made. */
export type AutoScalingCall = Readonly<Record<string, string>>;

/**
 * What a machine meets of EC2, as a stand-in: the metadata service (IMDSv2 alone), the VPC's DNS server, and the API of EC2 Auto Scaling,
 * which says yes to all and checks no signature. It knows one machine.
 */
export class Ec2 {
  static async start(controlPlane: ControlPlane, instance: Instance): Promise<Ec2> {
    const host = await controlPlane.lan.addHost('ec2');
    const folder = controlPlane.workspace.subfolder('ec2');
    const { certificate } = certificateFor(AUTO_SCALING, folder);
    const ec2 = new Ec2(host.address, folder, readFileSync(certificate, 'utf8'), instance);
    ec2.writeMetadata();
    writeFileSync(join(folder, 'user-data'), instance.userData);
    const address = host.command('ip', ['address', 'add', `${METADATA_ADDRESS}/32`, 'dev', 'lo']);
    execFileSync(address.command, [...address.args]);
    const service = ManagedProcess.start({
      workspace: controlPlane.workspace,
      name: 'ec2',
      ...host.command(process.execPath, ['-e', SERVICES, METADATA_ADDRESS, folder, AUTO_SCALING]),
    });
    controlPlane.own(service);
    await service.waitUntil('it listens', () => service.logTail().includes('ready'));
    return ec2;
  }

  private targetLifecycleState = 'InService';

  private constructor(
    /** The neighbour through which machines reach it. */
    readonly gateway: string,
    private readonly folder: string,
    /** Signs the certificate of EC2 Auto Scaling. */
    readonly authority: string,
    private readonly instance: Instance,
  ) {}

  /** What the Auto Scaling group wants of the machine. */
  wants(state: string): void {
    this.targetLifecycleState = state;
    this.writeMetadata();
  }

  /** The hooks that the machine has completed, in order, as it told EC2 Auto Scaling. Heartbeats are not among them. */
  get completions(): readonly AutoScalingCall[] {
    const lines = readFileSync(join(this.folder, 'calls'), 'utf8').split('\n').slice(0, -1);
    const calls = lines.map((line): AutoScalingCall => Object.fromEntries(new URLSearchParams(line)));
    return calls.filter(({ Action }) => Action !== 'RecordLifecycleActionHeartbeat');
  }

  private writeMetadata(): void {
    const { id, role, keys } = this.instance;
    const values = {
      'dynamic/instance-identity/document': JSON.stringify({ instanceId: id, region: REGION }),
      'meta-data/autoscaling/target-lifecycle-state': this.targetLifecycleState,
      [`meta-data/iam/security-credentials/${role}`]: JSON.stringify({ Code: 'Success', ...keys }),
      'meta-data/instance-id': id,
      'meta-data/placement/availability-zone': `${REGION}a`,
      'meta-data/placement/region': REGION,
      'meta-data/services/domain': 'amazonaws.com',
    };
    writeFileSync(join(this.folder, 'metadata.json'), JSON.stringify(values));
  }
}

/** A machine as EC2 knows it. */
export interface Instance {
  readonly id: string;
  /** Name of its IAM role. */
  readonly role: string;
  readonly keys: object;
  readonly userData: Buffer;
}

const AUTO_SCALING = `autoscaling.${REGION}.amazonaws.com`;

const SERVICES = `
const [address, folder, autoScaling] = process.argv.slice(1);
const { readFileSync, appendFileSync } = require('node:fs');
appendFileSync(folder + '/calls', '');
const web = require('node:http').createServer(({ method, url, headers, socket }, response) => {
  if (method === 'PUT' && url === '/latest/api/token' && headers['x-aws-ec2-metadata-token-ttl-seconds']) {
    return response.end('session');
  }
  if (headers['x-aws-ec2-metadata-token'] !== 'session') return response.writeHead(401).end();
  const path = url.replace(/^\\/(latest|\\d{4}-\\d\\d-\\d\\d)\\//, '');
  if (path === 'user-data') return response.end(readFileSync(folder + '/user-data'));
  const values = JSON.parse(readFileSync(folder + '/metadata.json', 'utf8'));
  values['meta-data/local-ipv4'] = socket.remoteAddress;
  if (path in values) return response.end(values[path]);
  const base = path.replace(/\\/?$/, '/');
  const below = Object.keys(values).filter((key) => key.startsWith(base)).map((key) => key.slice(base.length));
  if (below.length > 0) return response.end([...new Set(below.map((key) => key.replace(/\\/.*/, '/')))].join('\\n'));
  response.writeHead(404).end();
});
const tls = { key: readFileSync(folder + '/key.pem'), cert: readFileSync(folder + '/certificate.pem') };
const api = require('node:https').createServer(tls, (request, response) => {
  let body = '';
  request.on('data', (part) => (body += part)).on('end', () => {
    appendFileSync(folder + '/calls', body + '\\n');
    response.end('<Response/>');
  });
});
const dns = require('node:dgram').createSocket('udp4');
dns.on('message', (query, from) => {
  let at = 12;
  const labels = [];
  for (; query[at] > 0; at += query[at] + 1) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
  const known = labels.join('.').toLowerCase() === autoScaling;
  const answers = known && query.readUInt16BE(at + 1) === 1 ? 1 : 0;
  const head = Buffer.from([query[0], query[1], 0x81, known ? 0x80 : 0x83, 0, 1, 0, answers, 0, 0, 0, 0]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]);
  const question = query.subarray(12, at + 5);
  dns.send(Buffer.concat(answers ? [head, question, record] : [head, question]), from.port, from.address);
});
dns.bind(53, address, () => api.listen(443, address, () => web.listen(80, address, () => console.log('ready'))));
`;
