import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../mesh/harness';
import { buildOnce } from './build-once';

/** A Debian machine that nobody has booted yet. */
export interface MachineImage {
  /** Its disk, a raw ext4 file system: to be used as the base of an overlay, never written. */
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

const SCRIPT = join(__dirname, 'image', 'build.sh');

/**
 * Returns the image, building it first if it is not in the cache. Which versions of Debian's packages are in it depends on when it was built;
 * `packages.txt` beside it lists them.
 */
export async function ensureImage(): Promise<MachineImage> {
  const mirror = process.env.MESHVM_DEBIAN_MIRROR || (await mirrorOfHost());
  const folder = await buildOnce({
    name: 'Debian image',
    ingredients: [readFileSync(SCRIPT), mirror],
    make: async (unfinished) => {
      await runCommand('sh', [SCRIPT, mirror, unfinished], { timeoutSeconds: 1800 });
    },
  });
  const image = { disk: join(folder, 'disk.img'), kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd.img') };
  const missing = Object.values(image).filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`${folder} lacks ${missing.join(', ')}: it has ${readdirSync(folder)}.`);
  return image;
}

/** Where this host's own packages come from. */
async function mirrorOfHost(): Promise<string> {
  const { stdout } = await runCommand('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const mirror = stdout.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (mirror === undefined) throw new Error('apt knows no Debian mirror here: name one in MESHVM_DEBIAN_MIRROR.');
  return mirror.replace(/\/$/, '');
}
