import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinModules, withoutComments } from './files/python-program';

/** The programs that run on a machine. */
export interface AgentSource {
  /** The agent. */
  readonly agent: string;
  /** The program in user-data that fetches the agent. */
  readonly firstStage: string;
  /** The program that keeps a certificate by cert-manager. */
  readonly certificate: string;
}

/** Files of the programs, as the build leaves them in the package. */
export const PROGRAM_FILES: Readonly<Record<keyof AgentSource, string>> = {
  agent: 'meshvm.py',
  firstStage: 'meshvm-first-stage.py',
  certificate: 'meshvm-certificate.py',
};

let source: AgentSource | undefined;

/** The programs, read once and not before they are needed: in the package as the build has joined them, else from their modules. */
export function agentSource(): AgentSource {
  source ??= existsSync(join(FOLDER, PROGRAM_FILES.agent)) ? readPrograms() : joinPrograms();
  return source;
}

const FOLDER = join(__dirname, 'agent');

/** The modules of each program, in the order in which they build on one another. */
const MODULES: Readonly<Record<keyof AgentSource, readonly string[]>> = {
  agent: [
    ...[
      'surroundings',
      'trouble',
      'places',
      'files',
      'hosts',
      'state',
      'network',
      'credentials',
      'kubeconfig',
      'cluster',
    ],
    ...[
      'tokens',
      'forms',
      'environment',
      'firewall_text',
      'mesh_text',
      'settings',
      'pin',
      'bundle',
      'guards',
      'system',
      'package',
      'units',
      'sidecar',
      'capture',
      'absence',
      'admin_ports',
      'other_firewalls',
      'firewall',
    ],
    ...['dns', 'gateway', 'sidecar_files', 'restart', 'way_back', 'health', 'refresh', 'commands', 'doctor', 'main'],
  ],
  firstStage: ['surroundings', 'direct', 'credentials', 'first_stage'],
  certificate: ['surroundings', 'trouble', 'files', 'network', 'credentials', 'kubeconfig', 'cluster', 'certificate'],
};

/** What a module defines in place of others. */
const STANDS_FOR: Readonly<Record<string, readonly string[]>> = { direct: ['files', 'network'] };

function joinPrograms(): AgentSource {
  const program = (kind: keyof AgentSource) =>
    joinModules(MODULES[kind].map((name) => ({ name, text: read(`${name}.py`), standsFor: STANDS_FOR[name] })));
  // The two travel in user-data, which is small.
  return {
    agent: program('agent'),
    firstStage: withoutComments(program('firstStage')),
    certificate: withoutComments(program('certificate')),
  };
}

function readPrograms(): AgentSource {
  return {
    agent: read(PROGRAM_FILES.agent),
    firstStage: read(PROGRAM_FILES.firstStage),
    certificate: read(PROGRAM_FILES.certificate),
  };
}

function read(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}
