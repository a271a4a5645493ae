import { composeCertificateAgent } from '../../../lib/join/files/certificate-agent';
import { agentSource } from '../../../lib/join/private/agent-source';

test('the parts that the two share stand where the mark was, in their order', () => {
  const agent = 'a = 1\n# <shared>\nb = 2\n# </shared>\nc = 3\n# <shared>\nd = 4\n# </shared>\n';
  expect(composeCertificateAgent('#!/first\n# @shared\nlast\n', agent)).toBe('#!/first\nb = 2\nd = 4\nlast\n');
});

test.each([
  ['the agent', '# @shared', 'a = 1\n'],
  ['the program', 'no mark', '# <shared>\nb = 2\n# </shared>\n'],
])('a mark that is lost in %s is noticed', (_, program, agent) => {
  expect(() => composeCertificateAgent(program, agent)).toThrow('lost the mark');
});

test('the program that machines get has the credentials of all clouds, and none of the parts that change a machine', () => {
  const { certificate } = agentSource();
  for (const kind of ['eks', 'gke', 'aks', 'tokenFile']) expect(certificate).toContain(`'${kind}': `);
  for (const name of ['systemctl', 'iptables', 'apt-get', '/etc/hosts']) expect(certificate).not.toContain(name);
});
