"""The sidecar: what it answers, its connections to istiod, its certificate."""
import base64
import os
import re
import socket
import time

from .surroundings import ROOT
from .trouble import log
from .places import CERTIFICATES, CLUSTER_ENV, ROOT_CERTIFICATE
from .files import read, remove, sidecar_owner
from .state import save_state
from .network import as_sidecar, encrypted, get_local, trusting
from .system import run


def ask_sidecar(port, path, method='GET'):
    """What the sidecar answers at one of its ports. While it is down, any user may listen there: who is not it is not asked."""
    owner, listeners = sidecar_owner(), listeners_at(port)
    if listeners and not listeners <= {0, os.getuid(), owner[0] if owner else 0}:
        raise OSError('port {} is not the sidecar\'s: a process of user {} listens there'.format(port, max(listeners)))
    return get_local('http://127.0.0.1:{}{}'.format(port, path), None, method)


def listeners_at(port):
    """User IDs of those who listen at a TCP port."""
    return {int(words[7]) for words in sockets() if words[3] == '0A' and words[1].endswith(':{:04X}'.format(port))}


def sockets():
    """TCP sockets of this machine, as lists of words."""
    return [line.split() for name in ('tcp', 'tcp6')
            for line in read(ROOT + '/proc/net/' + name, largest=SOCKETS).decode().splitlines()[1:]]


SOCKETS = 128 << 20  # Bytes: of some 800,000 sockets.


def sidecar_ready():
    """Whether the sidecar has its certificate and configuration."""
    try:
        ask_sidecar(15020, '/healthz/ready')
        return True
    except OSError:
        return False


def envoy_runs():
    """Whether there is an Envoy: one without certificate files (we delete them) serves on, although it is not called ready."""
    try:
        ask_sidecar(15000, '/server_info')
        return True
    except OSError:
        return False


def greet_istiod(settings, timeout=5):
    """Tries TLS to istiod as the sidecar does it: that host, that server name, the mesh's root. Raises OSError."""
    istiod = settings['istiod']
    context = trusting(cadata=read(ROOT_CERTIFICATE).decode('ascii', 'replace'))
    with as_sidecar(), socket.create_connection((istiod['host'], istiod['port']), timeout) as plain:
        encrypted(plain, context, istiod['host']).close()


def istiod_connections(port):
    """The connections to istiod's port that the kernel holds for alive."""
    return {words[1] for words in sockets() if words[3] == '01' and words[2].endswith(':{:04X}'.format(port))}


def disconnect(port):
    """Ends the connections to istiod, if the kernel lets us; the sidecar makes new ones. Tells whether they have ended."""
    before = istiod_connections(port)
    run('ss', '-K', '-t', 'dport', '=', ':{}'.format(port))
    return not before & istiod_connections(port)


def certificate_facts():
    """SPIFFE name and times of the sidecar's certificate, found in its DER bytes; None without one."""
    blocks = re.findall(b'-----BEGIN CERTIFICATE-----(.*?)-----END', read(CERTIFICATES + '/cert-chain.pem'), re.DOTALL)
    try:
        der = base64.b64decode(blocks[0])
        start = der.index(b'spiffe://')
        times = re.findall(rb'\x17\x0d(\d{12})Z', der)  # UTCTime: not before, not after.
        expires = time.strptime(times[1].decode() + 'UTC', '%y%m%d%H%M%S%Z')
    except (IndexError, ValueError):
        return None
    import calendar
    return {'name': der[start:start + der[start - 1]].decode('ascii', 'replace'), 'expires': calendar.timegm(expires)}


def spiffe_name(identity):
    """The name that the certificate of an identity has."""
    return 'spiffe://{trustDomain}/ns/{namespace}/sa/{serviceAccount}'.format(**identity)


def delete_key_pair(state, why):
    paths = [CERTIFICATES + '/' + name for name in ('cert-chain.pem', 'key.pem')]
    state['started'] = 'with a key pair that is gone'  # Noted first: killed between the two, the restart still comes.
    save_state(state)
    for path in paths:
        if os.path.exists(path):
            remove(path)
            log('key pair: {} deleted, because {}'.format(path, why))


def value_in(environment, name):
    found = re.search('^{}=(.*)$'.format(name), environment, re.MULTILINE)
    return found.group(1) if found else None


def own_address():
    return (value_in(read(CLUSTER_ENV).decode('utf-8', 'replace'), 'ISTIO_SVC_IP') or '').strip("'")
