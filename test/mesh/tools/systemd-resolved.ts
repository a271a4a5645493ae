import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import type { Tool } from './tool';

/** Where this host has it, when it is installed. */
export const INSTALLED = '/usr/lib/systemd/systemd-resolved';

/** The files of systemd-resolved, out of the distribution's own package in the version of this host's systemd; empty when it is installed. */
export const SYSTEMD_RESOLVED: Tool = {
  ingredients: async () => [existsSync(INSTALLED) ? INSTALLED : await version()],
  make: async (folder) => {
    if (existsSync(INSTALLED)) return;
    const download = join(folder, 'package');
    mkdirSync(download);
    await run('apt-get', ['update', '-qq'], download);
    await run('apt-get', ['download', `systemd-resolved=${await version()}`], download);
    await run('sh', ['-c', 'dpkg-deb --extract "$1"/*.deb "$2"', 'sh', download, folder], folder);
  },
};

/** The version of this host's systemd. */
async function version(): Promise<string> {
  const [, found = ''] = (await run('dpkg-query', ['--show', 'systemd'], __dirname)).split('\t');
  return found;
}
