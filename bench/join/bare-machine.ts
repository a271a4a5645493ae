import { agentSource } from '../../lib/join/agent-source';
import type { Computer } from '../../test/mesh/machines/computer';
import type { World } from '../../test/mesh/machines/world';

/** Where the agent lies on a bare machine. */
export const AGENT = '/var/lib/bench/meshvm';

/** Boots a machine that has the agent and knows what to join, but has not joined. */
export async function bareMachine(world: World, name: string): Promise<Computer> {
  const machine = await world.machine(name, { boot: 'false' });
  machine.write(AGENT, agentSource().agent);
  await machine.boot();
  // Writes its files, and then finds no identity.
  await machine.run('MESHVM_IMDS_ENDPOINT=http://127.0.0.1:1 sh /var/lib/cloud/user-data', true);
  return machine;
}
