import { withoutComments } from './first-stage';

/**
 * The program that keeps a certificate by cert-manager: `certificate.py` with the parts of the agent that it shares, in the order in which they
 * stand there, and without docstrings and comments: it travels in user-data, which is small.
 *
 * @throws Error when one of the programs has no place for the other.
 */
export function composeCertificateAgent(certificate: string, agent: string): string {
  const shared = [...agent.matchAll(/^# <shared>\n([\s\S]*?)^# <\/shared>$/gm)].map(([, part]) => part);
  if (shared.length === 0 || !certificate.includes(PLACE)) {
    throw new Error('the agent, or the program that keeps certificates, has lost the mark of what they share');
  }
  return withoutComments(certificate.replace(PLACE, () => shared.join('\n').trim()));
}

const PLACE = '# @shared';
