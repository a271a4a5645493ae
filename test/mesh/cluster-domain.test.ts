import { Mesh } from 'meshvm';
import { waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { World } from './machines/world';

/** A cluster whose Services do not end in cluster.local: istiod, gateway, machines and DNS take its domain from the Mesh. */
const DOMAIN = 'k8s.acme.internal';
const MESH = new Mesh({
  meshId: 'acme',
  clusterName: 'prod-eu',
  network: 'vpc-prod',
  istioVersion: '1.31.1',
  clusterDomain: DOMAIN,
});

let world: World;
let machine: Computer;

beforeAll(async () => {
  world = await World.start({ mesh: MESH });
  await world.startPod();
  machine = await world.machine('vm-1');
  await machine.boot();
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine));
});

afterAll(async () => {
  await world?.stop();
});

test('a machine resolves and calls Services by the domain, and by short names', async () => {
  const { clusterIP } = await world.service('ledger', 'ledger');
  for (const name of [`ledger.ledger.svc.${DOMAIN}`, 'ledger.ledger']) {
    await waitUntil(`${name} resolves`, async () => (await resolve(name)) === clusterIP);
    expect(await machine.output(`curl -sS -o /dev/null -w '%{http_code}' -m 10 http://${name}/`)).toBe('200');
  }
});

test('istiod knows the Services of the group by the domain alone', async () => {
  const config = await machine.output('curl -sS http://127.0.0.1:15000/config_dump?include_eds');
  expect(config).toContain(`payment-service.payments.svc.${DOMAIN}`);
  expect(config).not.toContain('svc.cluster.local');
});

async function resolve(name: string): Promise<string | undefined> {
  const { stdout } = await machine.run(`getent ahostsv4 ${name}`, true);
  return stdout.trim().split(/\s+/)[0];
}
