import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folders and files of a machine on its user's computer, by the XDG Base Directory Specification. */
export interface LaptopPaths {
  /** Folder of the configuration, and of the certificates unless the machine file says otherwise. */
  readonly configuration: string;
  /** Folder of what changes. */
  readonly state: string;
  readonly stateFile: string;
  readonly log: string;
  /** Envoy's admin interface. */
  readonly adminSocket: string;
}

/** Where things of a machine are. */
export function laptopPaths(name: string, env: NodeJS.ProcessEnv = process.env): LaptopPaths {
  const folder = (variable: string, fallback: string) => {
    const base = env[variable];
    // The specification: other paths than absolute ones are ignored.
    return join(base?.startsWith('/') ? base : join(homedir(), fallback), 'meshvm', 'laptop', name);
  };
  const state = folder('XDG_STATE_HOME', '.local/state');
  return {
    configuration: folder('XDG_CONFIG_HOME', '.config'),
    state,
    stateFile: join(state, 'state.json'),
    log: join(state, 'envoy.log'),
    adminSocket: join(state, 'admin.sock'),
  };
}

/** The system's hosts file. */
export const SYSTEM_HOSTS = '/etc/hosts';
