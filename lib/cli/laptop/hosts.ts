import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { withHostsBlock } from '../../standalone/envoy/hosts-file';

/** What became of a block of a hosts file. */
export enum HostsChange {
  WRITTEN = 'WRITTEN',
  /** It was right already. */
  UNCHANGED = 'UNCHANGED',
  /** The user may not write the file. */
  DENIED = 'DENIED',
}

/**
 * Puts a machine's block into a hosts file, or takes it out.
 *
 * @param block Undefined to take it out.
 * @throws BrokenHostsBlock where the old block can't be told from other lines.
 */
export function setHostsBlock(path: string, name: string, block: string | undefined): HostsChange {
  if (block === undefined && !existsSync(path)) return HostsChange.UNCHANGED;
  const old = readFileSync(path, 'utf8');
  const content = withHostsBlock(old, name, block);
  if (content === old) return HostsChange.UNCHANGED;
  try {
    replace(realpathSync(path), content);
    return HostsChange.WRITTEN;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) return HostsChange.DENIED;
    throw error;
  }
}

/** The whole file or nothing; where it is a mount of its own, or its folder is not ours, in its place. */
function replace(path: string, content: string): void {
  const { mode, uid, gid } = statSync(path);
  const unfinished = `${path}.meshvm-new`;
  try {
    writeFileSync(unfinished, content);
    chmodSync(unfinished, mode & 0o7777);
    chownSync(unfinished, uid, gid);
    renameSync(unfinished, path);
  } catch {
    rmSync(unfinished, { force: true });
    writeFileSync(path, content);
  }
}
