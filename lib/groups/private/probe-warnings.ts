import { isDeferred } from '../../core/problems';
import { type Warnings, warning } from '../../core/warnings';
import type { KubernetesProbe } from '../../machines/kubernetes-probe';
import type { Member } from '../../machines/member';

const PORT_NOT_SERVED = warning({
  id: 'probe/port-not-served',
  says: 'the machines declare no such port: they take calls when something else than what is called is ready',
  remedy: 'probe a port that callers come to, or a path of it that tells of the whole application',
  source: 'istio pilot-agent health: the probe alone decides whether a machine gets calls',
});

/** Warns of a probe that asks a port which the machines don't declare. */
export function warnOfProbe(warnings: Warnings, probe: KubernetesProbe | undefined, { ports }: Member): void {
  if (ports.length === 0 || ports.some(({ port }) => isDeferred(port))) return;
  const asked = { httpGet: probe?.httpGet?.port, tcpSocket: probe?.tcpSocket?.port };
  for (const [method, port] of Object.entries(asked)) {
    if (port === undefined || isDeferred(port) || ports.some((served) => served.port === port)) continue;
    const served = ports.map(({ name, port }) => `${name} (${port})`).join(', ');
    warnings.add(PORT_NOT_SERVED, `probe.${method}.port`, port, `${PORT_NOT_SERVED.says}; theirs are ${served}`);
  }
}
