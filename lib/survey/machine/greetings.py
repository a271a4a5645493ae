"""Who speaks first on a connection, and where HTTP tells health."""
import concurrent.futures
import http.client
import re
import socket

from .sidecar import SIDECAR_PORTS

SPEAK_SECONDS = 0.3
HTTP_SECONDS = 2

# What a server's first bytes tell of its protocol. The bytes themselves are not told.
GREETINGS = (
    ('ssh', re.compile(rb'SSH-')),
    ('ftp', re.compile(rb'220[ -].*ftp', re.I | re.S)),
    ('smtp', re.compile(rb'220[ -].*smtp', re.I | re.S)),
    ('pop3', re.compile(rb'\+OK')),
    ('imap', re.compile(rb'\* (OK|PREAUTH)')),
    ('vnc', re.compile(rb'RFB ')),
    # A packet with its length and the number 0: the handshake, or why there is none for us.
    ('mysql', re.compile(rb'..\x00\x00[\x0a\xff]', re.S)),
)
# Where HTTP may do harm, or is known not to be spoken.
NOT_HTTP = re.compile(r'postgres|redis|valkey|memcached|mongo|mysqld|mariadbd|epmd|cupsd|lpd|slapd|rpc|named|dnsmasq|unbound|sshd')
NOT_HTTP_PORTS = frozenset((22, 25, 53, 111, 389, 515, 631, 3306, 5432, 6379, 9100, 11211))
HEALTH_PATHS = ('/healthz', '/health', '/readyz', '/ready', '/actuator/health', '/')


def dialled(listener):
    """Address by which the machine reaches its own listener."""
    return {'0.0.0.0': '127.0.0.1', '::': '::1'}.get(listener['address'], listener['address'])


def who_speaks_first(listener):
    """(whether the server speaks before its caller, what it speaks): (None, None) when it takes no connection."""
    try:
        with socket.create_connection((dialled(listener), listener['port']), SPEAK_SECONDS) as connection:
            connection.settimeout(SPEAK_SECONDS)
            try:
                greeting = connection.recv(256)
            except socket.timeout:
                return False, None
    except OSError:
        return None, None
    if not greeting:  # Closed: it may have something against us, and would have spoken to others.
        return None, None
    return True, next((name for name, pattern in GREETINGS if pattern.match(greeting)), None)


def http_status(listener, path):
    """Status of a GET request, or None when no HTTP is spoken there."""
    connection = http.client.HTTPConnection(dialled(listener), listener['port'], timeout=HTTP_SECONDS)
    try:
        connection.request('GET', path, headers={'User-Agent': 'meshvm-survey', 'Connection': 'close'})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def health_page(listener):
    """(whether HTTP is spoken, path of the page that tells health)."""
    if NOT_HTTP.search(listener['program'] or '') or listener['port'] in NOT_HTTP_PORTS:
        return False, None
    nothing = http_status(listener, '/meshvm-survey-of-a-page-that-nobody-has')
    if nothing is None:
        return False, None
    # Who answers to everything has no page that tells more than the others.
    paths = ('/',) if nothing == 200 else HEALTH_PATHS
    return True, next((path for path in paths if http_status(listener, path) == 200), None)


def connect_to(listeners_found, ask_http):
    """Fills in what only a connection tells."""
    own = [each for each in listeners_found if each['protocol'] == 'tcp' and each['port'] not in SIDECAR_PORTS]

    def connect(listener):
        listener['speaksFirst'], listener['speaks'] = who_speaks_first(listener)
        if ask_http and listener['speaksFirst'] is False:
            listener['http'], listener['healthPage'] = health_page(listener)

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(connect, own))
