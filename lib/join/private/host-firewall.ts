import { type Problems, rule } from '../../core/problems';
import { checkCidrs } from '../../core/values/addresses';
import { checkMachinePort } from '../../core/values/ports';
import type { Member } from '../../machines/member';
import type { HostFirewall, OpenPort } from '../host-firewall';

const OPEN_TO_NOBODY = rule({
  id: 'host-firewall/open-to-nobody',
  origin: 'meshvm',
  allowed: 'at least one address range',
  remedy: 'name the ranges from which the port is reachable, or leave the port out',
  source: 'meshvm: everything that is not named is dropped',
});
const PORT_OF_MESH = rule({
  id: 'host-firewall/port-of-mesh',
  origin: 'meshvm',
  allowed: 'ports that the group does not serve',
  remedy: 'leave the port out; for callers without a sidecar make it an exception of requireMutualTls',
  source: 'meshvm: the ports of a group are reachable by the capture of its sidecars alone',
});
const SSH_PORT = rule({
  id: 'host-firewall/ssh-port',
  origin: 'meshvm',
  allowed: 'ports other than 22',
  remedy: 'say in ssh who reaches port 22',
  source: 'meshvm: two lists for one port would contradict each other',
});
const SSH_SERVED = rule({
  id: 'host-firewall/group-serves-ssh',
  origin: 'meshvm',
  allowed: 'a group that does not serve port 22',
  remedy:
    'serve another port, or leave the firewall out: the capture never takes port 22, so it would be closed to everybody',
  source: 'istioctl/pkg/workload: ISTIO_LOCAL_EXCLUDE_PORTS',
});
const SSH = rule({
  id: 'host-firewall/ssh',
  origin: 'meshvm',
  allowed: 'ssh.from with at least one address range, or ssh.closed',
  remedy: 'name the ranges from which operators come, or say that nobody does',
  source: 'meshvm: everything that is not named is dropped',
});

/** Everything about a firewall that would lock people out, or do something else than it says. */
export function checkHostFirewall(problems: Problems, firewall: HostFirewall, member: Member): void {
  const { from } = firewall.ssh;
  // An empty list would be a closed door.
  if (from?.cidrs.length === 0) problems.add(SSH, 'ssh.from.cidrs', from.cidrs);
  checkCidrs(problems, 'ssh.from.cidrs', from?.cidrs);
  if (member.ports.some(({ port }) => port === 22)) problems.add(SSH_SERVED, '', firewall);
  checkCidrs(problems, 'monitoringCidrs', firewall.monitoringCidrs);
  firewall.openPorts?.forEach((open, index) => void checkOpenPort(problems.at(`openPorts[${index}]`), open, member));
}

function checkOpenPort(problems: Problems, open: OpenPort, member: Member): void {
  const { port, protocol = 'TCP', cidrs } = open;
  checkMachinePort(problems, { name: 'tcp', port });
  if (protocol === 'TCP' && port === 22) problems.add(SSH_PORT, 'port', port);
  const served = member.ports.some((own) => own.port === port);
  if (protocol === 'TCP' && served) problems.add(PORT_OF_MESH, 'port', port);
  if (cidrs.length === 0) problems.add(OPEN_TO_NOBODY, 'cidrs', cidrs);
  checkCidrs(problems, 'cidrs', cidrs);
}
