/** Owns a process with a child and a network, says so, and waits to be killed: see harness.test.ts. */
import { Lan, ManagedProcess } from './harness';
import { Workspace } from './harness/workspace';

async function own(): Promise<void> {
  const workspace = new Workspace();
  const lan = await Lan.create(workspace);
  const host = await lan.addHost('machine');
  const script = 'sleep 1000 & sleep 1000';
  ManagedProcess.start({ workspace, name: 'parent', ...host.command('/bin/sh', ['-c', script]) });
  process.stdout.write(JSON.stringify({ run: workspace.id, bridge: lan.bridge, folder: workspace.folder }));
  setInterval(() => undefined, 1000);
}

void own();
