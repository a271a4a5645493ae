"""The files that the sidecar reads: root certificate, mesh, cluster.env with what only the machine knows."""
import os
import re
import socket
import time

from .surroundings import IMDS, ROOT
from .trouble import MACHINE, Trouble, UNREACHABLE, log
from .places import CHECK_SECONDS, CLUSTER_ENV, MESH, ROOT_CERTIFICATE, SIDECAR_ENV, SOURCED
from .files import make_folder, read, refuse_foreign, write
from .state import since
from .network import as_sidecar, get_local, parse_address, resolve
from .credentials import GCP_HEADERS, GCP_PATH, aws_metadata
from .cluster import certificates_of
from .system import MANAGED
from .sidecar import certificate_facts, delete_key_pair, spiffe_name, value_in


def make_folders(owner):
    """The folders of the sidecar's user, and those that the package gives it although it only reads there."""
    for path in ('/var/run/secrets', '/etc/certs'):
        make_folder(ROOT + path, 0o755, owner)
    make_folder(ROOT + '/var/run/secrets/tokens', 0o700, owner)
    # In it is a socket, open to all, by which one speaks to istiod with the sidecar's certificate.
    make_folder(ROOT + '/var/lib/istio/proxy', 0o700, owner)
    for path in ('/var/lib/istio/envoy', '/var/lib/istio/config'):
        make_folder(ROOT + path, 0o755, None if os.geteuid() else (0, 0))
    for path in (SIDECAR_ENV, CLUSTER_ENV):
        refuse_foreign(path)
    copy_sourced()


def copy_sourced():
    """Where the start script, run by root, sources its settings: a folder that was never anybody else's."""
    if MANAGED:
        for path in (SIDECAR_ENV, CLUSTER_ENV):
            content = read(path, None)
            if content is not None:
                write(SOURCED + '/' + os.path.basename(path), content)


def follow_root_certificate(state, cluster, rebooted, owner):
    present = read(ROOT_CERTIFICATE)
    if present and not rebooted and since(state.get('rootRead', 0)) < CHECK_SECONDS:
        return
    wanted = cluster.root_certificate()
    # pilot-agent writes this file too, beside each certificate that it gets: same certificates is the same.
    if certificates_of(present) != certificates_of(wanted):
        if certificates_of(present) - certificates_of(wanted):
            delete_key_pair(state, 'a root certificate was retired')
        write(ROOT_CERTIFICATE, wanted, 0o644, owner)
        log('root certificate: replaced' if present else 'root certificate: written')
    state['rootRead'] = int(time.time())


def place_files(state, cluster, config, settings, environment, mesh):
    import shlex
    text = environment + '# What only the machine knows, added by meshvm.\n'
    for name, value in machine_settings(state, cluster, config, settings, environment).items():
        text += '{}={}\n'.format(name, shlex.quote(value))
    present = read(CLUSTER_ENV).decode('utf-8', 'replace')
    # With a certificate of an earlier identity the sidecar never shows the new token, and is refused for ever.
    names = ('POD_NAMESPACE', 'SERVICE_ACCOUNT', 'TRUST_DOMAIN', 'ISTIO_META_CLUSTER_ID')
    for name in names if present else ():
        if value_in(present, name) != value_in(text, name):
            delete_key_pair(state, name + ' has changed')
    certificate = certificate_facts()
    if certificate and certificate['name'] != spiffe_name(settings['identity']):
        delete_key_pair(state, 'it belongs to ' + certificate['name'])
    if not os.path.lexists(ROOT + '/etc/istio'):
        os.makedirs(ROOT + '/var/lib/istio/config', exist_ok=True)
        os.symlink('/var/lib/istio' if not ROOT else '../var/lib/istio', ROOT + '/etc/istio')
    write(MESH, mesh.encode(), 0o644)
    if write(CLUSTER_ENV, text.encode(), 0o644):
        log('cluster.env: written')
    copy_sourced()
    return True


PLATFORMS = {'eks': 'aws', 'gke': 'gcp', 'aks': 'azure'}


def machine_settings(state, cluster, config, settings, environment):
    """Settings that the bundle can't contain. What the bundle does contain stays."""
    found = {'POD_NAME': host_name(),
             'CLOUD_PLATFORM': PLATFORMS.get(config['credential']['kind'], 'none'),
             'ISTIO_SVC_IP': None}
    found = {name: value for name, value in found.items() if value_in(environment, name) is None}
    if 'ISTIO_SVC_IP' in found:
        found['ISTIO_SVC_IP'] = find_address(config['credential']['kind'], cluster.connection)
    # Some servers hand out another selection of addresses each time: the first answer stays while it is not all wrong.
    addresses = resolve(cluster.connection.host)
    if set(addresses) & set(state.get('apiAddresses') or []):
        addresses = state['apiAddresses']
    state['apiAddresses'] = addresses
    ranges = list(settings['capture']['excludeCidrs'])
    ranges += [address + ('/128' if ':' in address else '/32') for address in addresses]
    found['ISTIO_SERVICE_EXCLUDE_CIDR'] = ','.join(sorted(set(ranges)))
    return found


def host_name():
    """This machine's own name, which whoever answers its DHCP may have chosen."""
    name = os.uname().nodename.split('.')[0]
    if not re.fullmatch('[A-Za-z0-9_-]{1,63}', name):
        raise Trouble(MACHINE, 'this machine has a name that is no host name: {!r}'.format(name[:100]), 'hostnamectl hostname')
    return name


def find_address(kind, connection):
    """This machine's address as its cloud knows it, else that of its route to the API server."""
    try:
        if kind == 'eks':
            return parse_address(aws_metadata('local-ipv4')[0].strip())
        if kind == 'gke':
            return parse_address(get_local(IMDS + GCP_PATH + 'network-interfaces/0/ip', GCP_HEADERS).strip())
        if kind == 'aks':
            path = '/metadata/instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress?api-version=2021-02-01&format=text'
            return parse_address(get_local(IMDS + path, {'Metadata': 'true'}).strip())
    except (OSError, ValueError) as error:
        raise Trouble(UNREACHABLE, 'the metadata service does not tell the address: {}'.format(error), 'metadata service')
    with as_sidecar():
        entry = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(entry[0], entry[1]) as probe:
            probe.connect(entry[4])  # Sends nothing: only asks the kernel for the route.
            return probe.getsockname()[0]
