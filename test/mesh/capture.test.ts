import { SidecarPackage } from 'meshvm';
import type { Computer } from './machines/computer';
import { iptablesRules } from './machines/iptables';
import { World } from './machines/world';

/** What the capture of a machine leaves alone, by the rules that the real start script makes and by connections. */
const BOOTSTRAP = {
  sidecarPackage: SidecarPackage.preinstalled(),
  restartJitterSeconds: 0,
  minimumRestartIntervalSeconds: 0,
};

let world: World;
let machine: Computer;

beforeAll(async () => {
  world = await World.start();
  await world.requireMutualTls();
  machine = await world.machine('vm-1');
});

afterAll(async () => {
  await world?.stop();
});

test('ports and interfaces that a group excludes have no redirection', async () => {
  await world.apply({
    bootstrap: {
      ...BOOTSTRAP,
      excludeInboundPorts: [9100],
      excludeOutboundPorts: [2049, 111],
      excludeInterfaces: ['docker0'],
    },
  });
  await machine.boot();
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine));
  const rules = await iptablesRules(machine);
  expect(rules).toMatch(/-A ISTIO_INBOUND -p tcp -m tcp --dport 8080 -j ISTIO_IN_REDIRECT/);
  expect(rules).toMatch(/-A ISTIO_OUTPUT -p tcp -m tcp --dport 2049 -j RETURN/);
  expect(rules).toMatch(/-A ISTIO_OUTPUT -p tcp -m tcp --dport 111 -j RETURN/);
  expect(rules).toMatch(/-A PREROUTING -i docker0 -j RETURN/);
});

test('a group without ports has nothing inbound captured: what listens there answers as before, under STRICT too', async () => {
  expect(await world.plainText(machine.address, 8080)).toBe(0);
  await world.apply({ ports: [], services: [], probe: undefined });
  await machine.run('meshvm refresh');
  await machine.process.waitUntil('nothing inbound is redirected', async () => {
    const rules = await iptablesRules(machine);
    return rules.includes('ISTIO_OUTPUT') && !/-A ISTIO_INBOUND .*--dport 8080 /.test(rules);
  });
  expect(await world.plainText(machine.address, 8080)).toBe(200);
});
