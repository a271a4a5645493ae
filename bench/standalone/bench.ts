/**
 * What a request costs through standalone Envoy, gateway and sidecar, against sidecar, gateway and sidecar: the same service, the same gateway,
 * the same mutual TLS. Run as root: `npm run bench:standalone [-- --rounds 7 --seconds 5]`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EnvoyAccessLog, StandaloneService } from 'meshvm';
import type { KubernetesObject, StoredObject } from '../../test/mesh/harness';
import type { Computer } from '../../test/mesh/machines/computer';
import { type StandaloneMachine, StandaloneMesh } from '../../test/mesh/machines/standalone';
import { toolFolder } from '../../test/mesh/tools/tools';
import { median } from '../measure';

const HOST = 'payment-service.payments.svc.cluster.local';

/** What Fortio says of one run. */
interface Run {
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time of the client's Envoy, for each request. Other work on the computer hardly touches it. */
  readonly cpu: number;
}

/** One way to the service. */
interface Way {
  /** Runs Fortio with these arguments, and returns what it prints. */
  load(args: readonly string[]): Promise<string>;
  /** Processor time that the client's Envoy has taken since it started, in seconds. */
  cpu(): Promise<number>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '7' }, seconds: { type: 'string', default: '5' } },
  });
  const rounds = Number(values.rounds);
  const fortio = join(await toolFolder('fortio'), 'fortio');
  const mesh = await StandaloneMesh.start({ application: server(fortio), accessLog: false });
  try {
    const gateway = await mesh.startGateway();
    const till = await machine(mesh, gateway.address);
    const { computer, address } = await clientPod(mesh);
    const ways: Readonly<Record<string, Way>> = {
      standalone: {
        load: (args) => till.run(fortio, [...args, `http://${HOST}:8080/`]),
        cpu: async () => cpuSeconds(await till.run('sh', ['-c', STAT_IN_NAMESPACE])),
      },
      sidecar: {
        load: (args) => onPod(computer, fortio, [...args, '-H', `Host:${HOST}:8080`, `http://${address}:8080/`]),
        cpu: async () => cpuSeconds(await computer.output('cat /proc/$(pgrep -x envoy)/stat')),
      },
    };
    for (const way of Object.values(ways)) await run(way, ['-t', '2s', '-qps', '0', '-c', '8']);
    const requests = ['-t', `${values.seconds}s`];
    await compare('as fast as it goes, 16 connections', ways, rounds, [...requests, '-qps', '0', '-c', '16']);
    await compare('200 requests a second, 4 connections', ways, rounds, [...requests, '-qps', '200', '-c', '4']);
    const counts = await till.requestsByGateway();
    process.stdout.write(
      `\n${counts.get(gateway.address)} requests of the standalone Envoy went through the gateway.\n`,
    );
  } finally {
    await mesh.stop();
  }
}

/** Both ways in turn, so that a busy computer hurts both alike. */
async function compare(title: string, ways: Readonly<Record<string, Way>>, rounds: number, args: readonly string[]) {
  const names = Object.keys(ways);
  const results = new Map<string, Run[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      results.get(name)?.push(await run(ways[name], args));
    }
  }
  process.stdout.write(`\n${title}: median of ${rounds} rounds\n`);
  for (const [name, runs] of results) {
    const middle = (figure: keyof Run) => median(runs.map((one) => one[figure]));
    const figures = `${middle('rate').toFixed(0)} requests/s, p50 ${middle('p50').toFixed(2)} ms, p99 ${middle('p99').toFixed(2)} ms, Envoy of the client ${middle('cpu').toFixed(0)} us CPU a request`;
    process.stdout.write(`  ${name.padEnd(12)} ${figures}\n`);
  }
  const [standalone, sidecar] = names.map((name) => results.get(name) as Run[]);
  const ratio = (figure: keyof Run) => {
    const pairs = standalone.map((one, round) => one[figure] / sidecar[round][figure]);
    return `${median(pairs).toFixed(2)} (${Math.min(...pairs).toFixed(2)} to ${Math.max(...pairs).toFixed(2)})`;
  };
  process.stdout.write(
    `  standalone : sidecar, round by round: rate ${ratio('rate')}, p50 ${ratio('p50')}, p99 ${ratio('p99')}, CPU ${ratio('cpu')}\n`,
  );
}

async function run(way: Way, args: readonly string[]): Promise<Run> {
  const before = await way.cpu();
  const output = await way.load(['load', '-quiet', '-json', '-', '-p', '50,99', ...args]);
  const cpu = (await way.cpu()) - before;
  const { ActualQPS, RetCodes, DurationHistogram } = JSON.parse(output) as {
    readonly ActualQPS: number;
    readonly RetCodes: Readonly<Record<string, number>>;
    readonly DurationHistogram: {
      readonly Count: number;
      readonly Percentiles: readonly { readonly Percentile: number; readonly Value: number }[];
    };
  };
  if (Object.keys(RetCodes).join() !== '200') throw new Error(`Answers with other codes: ${JSON.stringify(RetCodes)}`);
  const percentile = (wanted: number) =>
    (DurationHistogram.Percentiles.find(({ Percentile }) => Percentile === wanted)?.Value ?? Number.NaN) * 1000;
  const microseconds = (cpu / DurationHistogram.Count) * 1e6;
  return { rate: ActualQPS, p50: percentile(50), p99: percentile(99), cpu: microseconds };
}

async function machine(mesh: StandaloneMesh, gateway: string): Promise<StandaloneMachine> {
  const till = await mesh.machine('till', {
    gateways: [{ address: gateway }],
    services: [StandaloneService.group(mesh.group, { port: 8080, localPort: 8080 })],
    accessLog: EnvoyAccessLog.off(),
  });
  till.renew();
  await till.start();
  await mesh.allow(till.envoy);
  await till.process.waitUntil('it reaches the service', async () => {
    return (await till.call(`http://${HOST}:8080/`)).status === 200;
  });
  return till;
}

/** A Pod in another network, whose sidecar therefore goes through the gateway, and the address by which it calls the service. */
async function clientPod(mesh: StandaloneMesh): Promise<{ readonly computer: Computer; readonly address: string }> {
  const { client } = mesh.controlPlane;
  const labels = { app: 'office', 'sidecar.istio.io/inject': 'true', 'topology.istio.io/network': 'office' };
  await client.mustApply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'office' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'office', namespace: 'office' } },
  ]);
  await mesh.allow({ namespace: 'office', serviceAccount: 'office' });
  const pod: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'office', namespace: 'office', labels },
    spec: { serviceAccountName: 'office', containers: [{ name: 'application', image: 'echo' }] },
  };
  const computer = await mesh.startPod(pod);
  const service = (await client.get('v1', 'Service', 'payment-service', 'payments')) as StoredObject;
  const address = (service.spec as { readonly clusterIP: string }).clusterIP;
  await computer.process.waitUntil('it reaches the service through the gateway', async () => {
    const { stdout } = await computer.run(
      `curl -s -o /dev/null -w '%{http_code}' -H Host:${HOST}:8080 http://${address}:8080/`,
    );
    return stdout === '200';
  });
  const endpoints = await computer.output(`curl -s localhost:15000/clusters | grep -F 'outbound|8080||${HOST}::'`);
  if (!endpoints.includes(':15443::')) throw new Error(`The Pod goes past the gateway:\n${endpoints}`);
  return { computer, address };
}

/** Of all processes of the network namespace, what /proc says of Envoy. */
const STAT_IN_NAMESPACE = `for process in $(ip netns pids "$(ip netns identify)"); do grep '(envoy)' /proc/$process/stat; done`;

/** Fields utime and stime, in hundredths of a second: proc(5). */
function cpuSeconds(stat: string): number {
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (utime + stime) / 100;
}

async function onPod(computer: Computer, program: string, args: readonly string[]): Promise<string> {
  return (await computer.run([program, ...args].map((arg) => `'${arg}'`).join(' '))).stdout;
}

/** The application of the Pod: Fortio's server, which echoes. */
function server(fortio: string): string {
  const args = ['server', '-quiet', '-http-port', '8080', '-grpc-port', 'disabled', '-redirect-port', 'disabled'];
  const others = ['-tcp-port', 'disabled', '-udp-port', 'disabled'];
  return `require('node:child_process').spawn(${JSON.stringify(fortio)}, ${JSON.stringify([...args, ...others])}, { stdio: 'inherit' });`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
