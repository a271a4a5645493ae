import type { Registry } from '../../core/registry';
import { type Warnings, warning } from '../../core/warnings';
import { selectMembers } from '../../machines/declared-members';
import { hasSidecar } from '../../machines/member';
import type { PeerAuthentication } from '../manifests/peer-authentication';

const WITHOUT_SIDECAR = warning({
  id: 'mutual-tls/machine-without-sidecar',
  says: 'some of the machines have no sidecar, and take plain text whatever the policy says',
  remedy: 'give them a sidecar, a namespace of their own, or a firewall that lets nobody else in',
  source: 'istio: the sidecar of the machine that is called enforces a policy',
});
const OUTSIDE_CAPTURE = warning({
  id: 'mutual-tls/port-outside-capture',
  says: 'port 22 is outside of the capture: plain text reaches it whatever the policy says, and callers who speak mutual TLS do not',
  remedy: 'serve another port, or say ports: [{ port: 22, mode: DISABLE }]',
  source: 'istioctl/pkg/workload: ISTIO_LOCAL_EXCLUDE_PORTS',
});

/** What a policy promises and machines of the complete program won't keep. */
export function warnOfMutualTls(
  warnings: Warnings,
  program: Registry,
  { namespace, matchLabels, mode, ports }: PeerAuthentication,
  ofMesh: boolean,
): void {
  const modeOf = (port: number) => ports.find((level) => level.port === port)?.mode ?? mode;
  const inScope = selectMembers(program, ofMesh ? undefined : namespace, matchLabels ?? {});
  const bare = inScope.filter(({ value }) => !hasSidecar(value)).map(({ path }) => path);
  if (mode === 'STRICT' && bare.length > 0) {
    warnings.add(WITHOUT_SIDECAR, 'mode', mode, `${bare.join(', ')}: ${WITHOUT_SIDECAR.says}`);
  }
  const ssh = inScope
    .filter(({ value }) => hasSidecar(value) && value.ports.some(({ port }) => port === SSH))
    .map(({ path }) => path);
  if (modeOf(SSH) === 'STRICT' && ssh.length > 0) {
    warnings.add(OUTSIDE_CAPTURE, 'mode', mode, `${ssh.join(', ')}: ${OUTSIDE_CAPTURE.says}`);
  }
}

const SSH = 22;
