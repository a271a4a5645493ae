import { Locality, type MeshVmGroupProps } from 'meshvm';
import type { JsonObject } from './harness';
import type { Computer } from './machines/computer';
import { World } from './machines/world';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => {
  await world?.stop();
});

test.each([
  ['vm-1', 'a region and a zone', Locality.of('us-east', 'zone1'), 'us-east/zone1'],
  ['vm-2', 'a rack', Locality.of('us-east', 'zone1', 'rack7'), 'us-east/zone1/rack7'],
  ['vm-3', 'a region that has a dot', Locality.of('eu.west'), 'eu.west'],
])('machine %s registers in the place of its group: %s', async (name, _what, locality, expected) => {
  const { spec } = await registered(name, { locality });
  expect(spec).toMatchObject({ locality: expected });
  // Nor would the policy over registrations take a label that the group does not have.
  expect(Object.keys(spec.labels as JsonObject)).not.toContain('istio-locality');
});

test('a machine of a group without a place registers where its sidecar finds itself: nowhere, outside of the clouds', async () => {
  const { spec } = await registered('vm-4', { locality: undefined });
  expect(spec).not.toHaveProperty('locality');
});

/** The entry of a new machine of the group, from now on with these properties. */
async function registered(name: string, props: Partial<MeshVmGroupProps>): Promise<{ readonly spec: JsonObject }> {
  await world.apply(props);
  const machine: Computer = await world.machine(name);
  await machine.boot();
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine), { timeoutSeconds: 90 });
  return (await world.entryOf(machine)) as unknown as { readonly spec: JsonObject };
}
