import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeCertificateAgent } from '../files/certificate-agent';
import { composeFirstStage } from '../files/first-stage';

/** The programs that run on a machine. */
export interface AgentSource {
  /** The agent. */
  readonly agent: string;
  /** The program in user-data that fetches the agent. */
  readonly firstStage: string;
  /** The program that keeps a certificate by cert-manager. */
  readonly certificate: string;
}

let source: AgentSource | undefined;

/** The programs as they lie beside this library, read once and not before they are needed. */
export function agentSource(): AgentSource {
  source ??= read();
  return source;
}

function read(): AgentSource {
  const folder = join(__dirname, '..', 'agent');
  const agent = readFileSync(join(folder, 'meshvm.py'), 'utf8');
  return {
    agent,
    firstStage: composeFirstStage(readFileSync(join(folder, 'first_stage.py'), 'utf8'), agent),
    certificate: composeCertificateAgent(readFileSync(join(folder, 'certificate.py'), 'utf8'), agent),
  };
}
