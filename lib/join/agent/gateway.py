"""The address of istiod: a line in /etc/hosts that follows the east-west gateway."""
import socket
import time

from .trouble import Trouble, UNREACHABLE, log
from .places import CHECK_SECONDS
from .hosts import set_hosts
from .state import since
from .network import as_sidecar, parse_address, resolve


def follow_gateway(state, cluster, settings, rebooted):
    """Keeps the line in /etc/hosts on the gateway's addresses."""
    istiod, gateway = settings['istiod'], settings['gateway']
    if istiod['access'] != 'hostsEntry' or gateway is None:
        state['hosts'] = []
        set_hosts([])
        return
    known = [line for line in state.get('hosts') or [] if line.endswith(' ' + istiod['host'])]
    due = rebooted or since(state.get('gatewayRead', 0)) >= CHECK_SECONDS
    if known and not due:
        try:
            with as_sidecar():
                socket.create_connection((known[0].split()[0], istiod['port']), 3).close()
            return
        except OSError:
            log('gateway: {} does not answer, asking the cluster'.format(known[0].split()[0]))
    lines = ['{} {}'.format(address, istiod['host']) for address in gateway_addresses(cluster, gateway)]
    set_hosts(lines)
    state.update(hosts=lines, gatewayRead=int(time.time()))


def gateway_addresses(cluster, gateway):
    """Addresses of the east-west gateway: IPs of its load balancer, what its host name resolves to, or external IPs."""
    name = '{namespace}/{service}'.format(**gateway)
    service = cluster.call('Service ' + name, '/api/v1/namespaces/{namespace}/services/{service}'.format(**gateway))
    found = set(service.get('spec', {}).get('externalIPs') or [])
    for entry in service.get('status', {}).get('loadBalancer', {}).get('ingress') or []:
        if entry.get('ip'):
            found.add(entry['ip'])
        elif entry.get('hostname'):
            try:
                found.update(resolve(entry['hostname']))
            except OSError as error:
                raise Trouble(UNREACHABLE, 'gateway {}: {} does not resolve: {}'.format(name, entry['hostname'], error),
                              'DNS of the machine')
    try:
        found = {parse_address(text) for text in found}
    except ValueError as error:
        raise Trouble(UNREACHABLE, 'gateway {}: {}'.format(name, error), 'its load balancer')
    if not found:
        raise Trouble(UNREACHABLE, 'gateway {} has no address yet'.format(name), 'its load balancer')
    return sorted(found)
