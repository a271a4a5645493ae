/**
 * How long a machine takes from the start of `meshvm join` to Healthy, against the floor: the sidecar alone, with every file in place.
 * And how often a machine asks the API server. Run as root: `npx tsx bench/join/bench.ts [--rounds 7]`.
 */
import { parseArgs } from 'node:util';
import type { Computer } from '../../test/mesh/machines/computer';
import { World } from '../../test/mesh/machines/world';
import { median } from '../measure';
import { AGENT, bareMachine } from './bare-machine';
import { countRequests } from './requests';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
  const rounds = Number(values.rounds);
  const world = await World.start();
  try {
    // The two in turn, each time on a new machine, so that a busy computer hurts both alike.
    const joins: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const machine = await bareMachine(world, `bench-${round}`);
      joins.push(await secondsToHealthy(world, machine, `python3 -I ${AGENT} join && ${SIDECAR}`));
      await machine.run('pkill -KILL -u istio-proxy');
      await gone(world, machine);
      await machine.run('rm -f /etc/certs/key.pem /etc/certs/cert-chain.pem; istio-start.sh clean');
      floors.push(await secondsToHealthy(world, machine, SIDECAR));
      await machine.switchOff();
    }
    print('from process start to Healthy', [
      ['floor: the sidecar, files in place', floors],
      ['meshvm join, then the sidecar', joins],
    ]);
    const extra = joins.map((seconds, round) => seconds - floors[round]);
    process.stdout.write(
      `above the floor: median ${median(extra).toFixed(2)} s, least ${Math.min(...extra).toFixed(2)} s\n`,
    );
    process.stdout.write(await countRequests(world));
  } finally {
    await world.stop();
  }
}

const SIDECAR = 'mkdir -p /var/run/secrets && chown istio-proxy /var/run/secrets && exec istio-start.sh';

async function secondsToHealthy(world: World, machine: Computer, command: string): Promise<number> {
  const start = performance.now();
  await machine.run(`(${command}) >/run/bench.log 2>&1 </dev/null &`);
  while ((await world.healthySince(machine)) === undefined) {
    if (performance.now() - start > 60_000) throw new Error(await machine.output('tail -30 /run/bench.log'));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return (performance.now() - start) / 1000;
}

async function gone(world: World, machine: Computer): Promise<void> {
  while ((await world.entryOf(machine)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 100));
}

function print(title: string, rows: readonly (readonly [string, readonly number[]])[]): void {
  process.stdout.write(`\n${title}\n`);
  for (const [name, seconds] of rows) {
    const numbers = `min ${Math.min(...seconds).toFixed(2)} s, median ${median(seconds).toFixed(2)} s, ${seconds.length} rounds`;
    process.stdout.write(`  ${name.padEnd(36)} ${numbers}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
