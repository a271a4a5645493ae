import { readFileSync } from 'node:fs';
import { KubernetesSubject, MachineIdentity } from 'meshvm';
import { agentSource } from '../../lib/join/agent-source';
import type { Computer } from './machines/computer';
import { World } from './machines/world';

/**
 * A machine of no cloud: its user-data carries the agent, and something else brings a kubeconfig, later than it boots. What that kubeconfig
 * holds is the token of a ServiceAccount which has no right but those that the group gives it.
 */
const KUBECONFIG = '/etc/meshvm-kubeconfig';

let world: World;
let machine: Computer;

beforeAll(async () => {
  world = await World.start();
  const { client } = world.controlPlane;
  await client.mustApply({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'machines', namespace: 'payments' },
  });
  const subject = KubernetesSubject.serviceAccount('payments', 'machines');
  await world.apply({ identity: MachineIdentity.kubeconfig({ path: KUBECONFIG, subject }) });
  machine = await world.machine('onprem-1');
});

afterAll(async () => {
  await world?.stop();
});

test('a machine waits for its kubeconfig, and joins with it and its user-data alone', async () => {
  await machine.boot();
  await machine.process.waitUntil('it has tried', () =>
    machine.process.logTail().includes(`there is no kubeconfig ${KUBECONFIG}`),
  );
  expect(await world.entryOf(machine)).toBeUndefined();

  const { apiServer, client, lan } = world.controlPlane;
  const kubeconfig = apiServer.kubeconfig('machines', await client.token('payments', 'machines'), lan.hostAddress);
  await machine.run(`umask 077; cat >${KUBECONFIG} <<'END'\n${readFileSync(kubeconfig, 'utf8')}END\n`);
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine));
  const entry = await world.entryOf(machine);
  expect(entry?.spec).toMatchObject({ address: machine.address, serviceAccount: 'payment-service' });
});

test('it runs the agent of its user-data, which asks the cluster for none', async () => {
  expect(await machine.output('cat /usr/local/bin/meshvm')).toBe(agentSource().agent.trimEnd());
  await machine.run('meshvm refresh');
});
