import { isDeferred } from '../core/problems';
import { type Warnings, warning } from '../core/warnings';
import type { BootstrapProps } from './bootstrap-props';

const CLOSED = warning({
  id: 'host-firewall/excluded-port-closed',
  says: 'the sidecar leaves the port alone, and the firewall opens it to nobody',
  remedy:
    'open it in hostFirewall.openPorts, or remove it here. Only a port that a container publishes is reached without being opened',
  source:
    "nftables: the table's chain input drops what nothing opens; what Docker's DNAT has rewritten passes the chain forward",
});

/** Ports that have an opening of their own, or that the capture never takes. */
const OPENED_OTHERWISE: readonly number[] = [22, 15020, 15021, 15090];

/** Warns of ports that are outside of the capture and that the firewall of the same machines keeps closed. */
export function warnOfClosedPorts(warnings: Warnings, bootstrap: BootstrapProps | undefined): void {
  const { hostFirewall, excludeInboundPorts = [] } = bootstrap ?? {};
  if (hostFirewall === undefined) return;
  const opened = (hostFirewall.openPorts ?? []).filter(
    ({ protocol = 'TCP' }) => isDeferred(protocol) || protocol === 'TCP',
  );
  if (opened.some(({ port }) => isDeferred(port))) return;
  const open = new Set([...OPENED_OTHERWISE, ...opened.map(({ port }) => port)]);
  excludeInboundPorts.forEach((port, index) => {
    if (!isDeferred(port) && !open.has(port)) {
      warnings.add(CLOSED, `bootstrap.excludeInboundPorts[${index}]`, port);
    }
  });
}
