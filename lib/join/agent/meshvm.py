#!/usr/bin/python3 -IS
"""meshvm: makes this machine a member of an Istio mesh, and keeps it one.

The machine proves who it is to the Kubernetes API with its cloud identity, reads its group's bootstrap ConfigMap, mints a
short-lived token for its ServiceAccount, puts the files of the Istio sidecar in place and starts it. A timer repeats
that: nothing runs in between. The agent renders no configuration: it adds to the bundle only what the machine alone knows.

Python 3.6 or later, standard library only: -S keeps out whatever else of Python the machine has. Nothing secret is kept but
the token, which lives in memory (/run).
Read it in this order: 1 places and settings, 2 files, 3 network, 4 credentials, 5 cluster, 6 package, 7 services and capture,
8 the refresh, 9 commands, 10 doctor.
"""
import argparse
import base64
import contextlib
import fcntl
import hashlib
import json
import os
import re
import signal
import socket
import sys
import time

# ---------------------------------------------------------------------------------------------------------------------
# 1. Places and settings
# ---------------------------------------------------------------------------------------------------------------------

# Overrides for containers and tests; a machine sets none of them.
# <shared>
ROOT = os.environ.get('MESHVM_ROOT', '')  # Prefix of every path below.
MANAGED = os.environ.get('MESHVM_SERVICE_MANAGER', 'systemd') == 'systemd'  # `none`: no packages, no units, no restarts.
IMDS = os.environ.get('MESHVM_IMDS_ENDPOINT', 'http://169.254.169.254')
# </shared>

AGENT = ROOT + '/usr/local/bin/meshvm'
JOIN = ROOT + '/etc/meshvm/join.json'
STATE_FOLDER = ROOT + '/var/lib/meshvm'
STATE = STATE_FOLDER + '/state.json'
RELEASED = STATE_FOLDER + '/released'  # While it exists, refresh leaves the sidecar alone.
RESTART = STATE_FOLDER + '/restart'  # Asks whatever runs the sidecar without systemd for a restart.
FIREWALL = ROOT + '/etc/meshvm/firewall.nft'
DNS = ROOT + '/etc/meshvm/dns.json'
DNS_TABLE = ROOT + '/etc/meshvm/dns.nft'
UPLINKS = ROOT + '/run/systemd/resolve/resolv.conf'  # Name servers of systemd-resolved.
HOSTS = ROOT + '/etc/hosts'
CLUSTER_ENV = ROOT + '/var/lib/istio/envoy/cluster.env'
SIDECAR_ENV = ROOT + '/var/lib/istio/envoy/sidecar.env'
MESH = ROOT + '/etc/istio/config/mesh'
CERTIFICATES = ROOT + '/etc/certs'
ROOT_CERTIFICATE = CERTIFICATES + '/root-cert.pem'
TOKEN = ROOT + '/var/run/secrets/tokens/istio-token'
PILOT_AGENT = ROOT + '/usr/local/bin/pilot-agent'
UNITS = ROOT + '/etc/systemd/system'

# <shared>
SIDECAR_USER = 'istio-proxy'
# </shared>
CHECK_SECONDS = 1800  # How often root certificate and gateway are read when nothing hints at a change.
JOIN_RETRY_SECONDS = 30
KEEPALIVE_SECONDS = 45  # By then istiod and the sidecar find out that a connection is dead (30 s and 10 s by default).

# <shared>
OK, BROKEN, USAGE, CONFIG, UNREACHABLE, REFUSED, BUNDLE, MACHINE = range(8)
# </shared>
EXIT_CODES = """exit codes:
  0  done
  1  the mesh does not work here: doctor found a broken link, or the sidecar is not ready (status)
  2  wrong command line
  3  this machine's own settings (/etc/meshvm/join.json, credential) are missing or wrong
  4  something did not answer; the timer tries again
  5  the cluster refused this machine (credential, access, admission)
  6  the group's bundle or the sidecar package is wrong (version, checksum, content)
  7  this machine is in the way (disk full, permissions, package manager, systemd)
"""

UNIT_FILES = {
    'meshvm-refresh.service': """[Unit]
Description=meshvm: keeps this machine a member of the mesh
Wants=network-online.target
After=network-online.target time-sync.target nss-lookup.target cloud-init.service cloud-init-network.service
Before=istio.service
[Service]
Type=oneshot
ExecStart=/usr/local/bin/meshvm refresh
# Longer than the longest pause before a restart.
TimeoutStartSec=7200
[Install]
WantedBy=multi-user.target
""",
    'meshvm-refresh.timer': """[Unit]
Description=meshvm: the next refresh
[Timer]
OnActiveSec={seconds}
OnUnitInactiveSec={seconds}
AccuracySec=1
[Install]
WantedBy=timers.target
""",
    'meshvm-guard.service': """[Unit]
Description=meshvm: gives the machine its network back when its first join fails
[Service]
Type=oneshot
ExecStart=/usr/local/bin/meshvm guard
""",
    'meshvm-guard.timer': """[Unit]
Description=meshvm: time limit of the first join
[Timer]
OnActiveSec={dead_man}
AccuracySec=1
""",
    # The package's start script appends to files that nobody rotates. Here those files are one FIFO, read into the journal.
    # A FIFO and not a socket: Envoy opens /dev/stdout for access logs, which a socket does not allow.
    'meshvm-log.socket': """[Unit]
Description=meshvm: output of the Istio sidecar
[Socket]
ListenFIFO=/run/meshvm/istio.log
Symlinks=/run/meshvm/istio.err.log
SocketUser=istio-proxy
SocketMode=0600
""",
    'meshvm-log.service': """[Unit]
Description=meshvm: writes the output of the Istio sidecar to the journal
Before=istio.service
[Service]
ExecStart=/bin/cat
StandardInput=socket
StandardOutput=journal
SyslogIdentifier=istio
DynamicUser=yes
NoNewPrivileges=yes
""",
    'istio.service.d/10-meshvm.conf': """[Unit]
Wants=network-online.target
Requires=meshvm-log.socket
After=network-online.target time-sync.target meshvm-log.socket meshvm-refresh.service
[Service]
Environment=ISTIO_LOG_DIR=/run/meshvm
TimeoutStopSec=60
""",
}


FIREWALL_UNIT = 'meshvm-firewall.service'
# Written only where the group has a firewall. Loads it at boot, before there is a network.
FIREWALL_UNIT_TEXT = """[Unit]
Description=meshvm: firewall of this machine
DefaultDependencies=no
# Debian's begins with `flush ruleset`; when somebody restarts it, these rules come again.
After=nftables.service
PartOf=nftables.service
Wants=network-pre.target
Before=network-pre.target shutdown.target
Conflicts=shutdown.target
ConditionPathExists=/etc/meshvm/firewall.nft
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/meshvm/firewall.nft
[Install]
WantedBy=sysinit.target
"""

DNS_LINK = 'meshvm-dns'
DNS_UNIT = 'meshvm-dns.service'
# Written only where the group's DNS mode needs systemd-resolved. What is set on a link is lost with the link, at boot.
DNS_UNIT_TEXT = """[Unit]
Description=meshvm: systemd-resolved sends names of the mesh to {target}
After=systemd-resolved.service{others}
PartOf=systemd-resolved.service{others}
Before=meshvm-refresh.service istio.service
StartLimitIntervalSec=0
[Service]
Type=oneshot
RemainAfterExit=yes
# systemd-resolved may not know a new link yet.
Restart=on-failure
RestartSec=2
{steps}
ExecStop=ip link delete {link}
[Install]
WantedBy=multi-user.target systemd-resolved.service
"""
DNS_SIDECAR = 'istio.service.d/20-meshvm-dns.conf'
# The sidecar asks others for names that it does not know. By systemd-resolved the question would come back to it.
DNS_SIDECAR_TEXT = """[Unit]
After=systemd-resolved.service meshvm-dns.service
[Service]
{}
"""
# A mount on a file ends when systemd-resolved replaces that file, as it does for every change. So where /etc/resolv.conf is
# a link to one of its files, the sidecar gets a folder of its own instead.
OWN_FOLDER = """TemporaryFileSystem=/run/systemd/resolve:ro
BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf
BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf:/run/systemd/resolve/stub-resolv.conf"""
OWN_FILE = 'BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf:/etc/resolv.conf'


# <shared>
class Trouble(Exception):
    """Something that a person must know: an exit code, the cause in plain words, and what to change."""

    def __init__(self, code, cause, change=''):
        Exception.__init__(self, cause)
        self.code, self.cause, self.change = code, cause, change


def log(text):
    print(text, flush=True)


def sha256(data):
    return hashlib.sha256(data).hexdigest()
# </shared>


# ---------------------------------------------------------------------------------------------------------------------
# 2. Files: a reader sees the old content or the new one, whenever the writer is killed
# ---------------------------------------------------------------------------------------------------------------------

# <shared>
def read(path, default=b''):
    """Content of a file; default when there is none."""
    try:
        with open(path, 'rb') as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return default


def write(path, data, mode=0o644, owner=None):
    """Puts a file in place, and tells whether that changed anything. owner is (uid, gid), root by default."""
    if read(path, None) == data:
        about = os.stat(path)
        if about.st_mode & 0o7777 == mode and (owner is None or (about.st_uid, about.st_gid) == owner):
            return False
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = path + '.meshvm'
    remove(temporary)  # Left over when an earlier run was killed.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, 'wb') as file:
            if owner is not None:
                os.fchown(descriptor, *owner)
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        remove(temporary)
        raise
    sync_folder(path)
    return True
# </shared>


def write_hosts(path, data):
    """Like write, for a file that may be a mount of its own (containers, ProtectSystem), which can't be replaced."""
    about = os.stat(path)
    try:
        write(path, data, about.st_mode & 0o7777, (about.st_uid, about.st_gid))
    except OSError:
        descriptor = os.open(path, os.O_WRONLY)
        try:
            # One write, padded with empty lines so that no tail of the old content is ever read, then the padding is cut.
            os.pwrite(descriptor, data.ljust(about.st_size, b'\n'), 0)
            os.fsync(descriptor)
            os.ftruncate(descriptor, len(data))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# <shared>
def remove(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def sync_folder(path):
    descriptor = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sidecar_owner():
    """(uid, gid) of the sidecar's user; None without such a user or without the right to act as it."""
    import pwd
    try:
        user = pwd.getpwnam(SIDECAR_USER)
    except KeyError:
        return None
    return (user.pw_uid, user.pw_gid) if os.geteuid() == 0 else None
# </shared>


def folder(path, mode, owner):
    """A folder of the sidecar's user."""
    os.makedirs(path, exist_ok=True)
    about = os.stat(path)
    if about.st_mode & 0o7777 != mode:
        os.chmod(path, mode)
    if owner is not None and (about.st_uid, about.st_gid) != owner:
        os.chown(path, *owner)


HOSTS_MARK = b'# meshvm'


def with_hosts_lines(content, lines):
    """The hosts file with our marked lines where the first of them stood, or at its end. Every other byte stays."""
    kept, place = [], None
    for line in content.splitlines(True):
        if line.rstrip().endswith(HOSTS_MARK):
            place = len(kept) if place is None else place
        else:
            kept.append(line)
    if not lines:
        return b''.join(kept)
    if place is None:
        place = len(kept)
    if kept[:place] and not kept[place - 1].endswith(b'\n'):
        kept[place - 1] += b'\n'
    ours = [line.encode() + b' ' + HOSTS_MARK + b'\n' for line in lines]
    return b''.join(kept[:place] + ours + kept[place:])


def set_hosts(lines):
    old = read(HOSTS)
    new = with_hosts_lines(old, lines)
    if new == old:
        return
    if os.path.exists(HOSTS):
        write_hosts(HOSTS, new)
    else:
        write(HOSTS, new)
    log('hosts: ' + (', '.join(lines) or 'our lines removed'))


@contextlib.contextmanager
def locked():
    """One agent at a time. The lock is on the folder: it needs no free disk block, and dies with its owner."""
    os.makedirs(STATE_FOLDER, exist_ok=True)
    os.chmod(STATE_FOLDER, 0o700)
    descriptor = os.open(STATE_FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def load_state():
    """What earlier runs noted. It only saves work: a lost or broken file is an empty one."""
    try:
        state = json.loads(read(STATE).decode())
        if isinstance(state, dict) and state.get('machine') == machine_id():
            return state
    except ValueError:
        pass
    return {'machine': machine_id()}


def save_state(state):
    write(STATE, json.dumps(state, sort_keys=True, indent=1).encode(), 0o600)


def machine_id():
    return (read(ROOT + '/etc/machine-id').decode().strip() or os.uname().nodename)


def boot_id():
    return read(ROOT + '/proc/sys/kernel/random/boot_id').decode().strip()


def jitter(seconds, purpose):
    """A number below seconds that is this machine's own and always the same: fleets spread, tests repeat."""
    return int(sha256((machine_id() + purpose).encode())[:8], 16) % max(1, int(seconds))


# ---------------------------------------------------------------------------------------------------------------------
# 3. Network: always as the sidecar's user, whose traffic and DNS queries the capture lets pass (it matches the user that
#    opens a socket). A dead sidecar, or API servers at new addresses, can therefore never keep the agent from repairing it.
# ---------------------------------------------------------------------------------------------------------------------

# <shared>
@contextlib.contextmanager
def as_sidecar():
    owner = sidecar_owner()
    if owner:
        os.seteuid(owner[0])
    try:
        yield
    finally:
        if owner:
            os.seteuid(0)
# </shared>


def resolve(host):
    """Addresses of a name, sorted."""
    with as_sidecar():
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return sorted({entry[4][0] for entry in found})


# <shared>
class Connection:
    """A kept-alive HTTP(S) connection to one server."""

    def __init__(self, url, context=None, server_name=None, timeout=10):
        from urllib.parse import urlsplit
        parts = urlsplit(url)
        self.host, self.path = parts.hostname, parts.path.rstrip('/')
        self.port = parts.port or (443 if parts.scheme == 'https' else 80)
        self.context = context if parts.scheme == 'https' else None
        self.server_name, self.timeout = server_name or self.host, timeout
        self.http, self.requests, self.date = None, 0, None

    def call(self, method, path, headers=None, body=None):
        """(status, body). Raises OSError when the server can't be reached or its certificate is wrong."""
        import http.client
        self.requests += 1
        with as_sidecar():
            if self.http is None:
                plain = socket.create_connection((self.host, self.port), self.timeout)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = encrypted(plain, self.context, self.server_name) if self.context else plain
                self.http = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
                self.http.sock = stream
            try:
                self.http.request(method, self.path + path, body, headers or {})
                answer = self.http.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.http = None
                raise OSError('{} gave no proper answer: {!r}'.format(self.host, error))
        self.date = answer.getheader('Date')
        if answer.getheader('Connection', '').lower() == 'close':
            self.http.close()
            self.http = None
        return answer.status, content


def get_local(url, headers=None, method='GET'):
    """Body of an answer from this machine or its metadata service; raises OSError when there is none."""
    from urllib.parse import urlsplit
    parts = urlsplit(url)
    connection = Connection('{}://{}'.format(parts.scheme, parts.netloc), timeout=3)
    status, body = connection.call(method, parts.path + ('?' + parts.query if parts.query else ''), headers)
    if status != 200:
        raise OSError('{} answered {}'.format(url, status))
    return body.decode()


def trusting(**authorities):
    """A TLS context that trusts these certificate authorities, or the system's when there are none."""
    import ssl
    context = ssl.create_default_context(**authorities)
    # Python 3.13 refuses CAs that lack extensions which Kubernetes' own CAs lack, too. Who signed what is still verified.
    context.verify_flags &= ~getattr(ssl, 'VERIFY_X509_STRICT', 0)
    return context


def encrypted(plain, context, server_name):
    """TLS over a socket; raises OSError when the server is not who it should be."""
    try:
        return context.wrap_socket(plain, server_hostname=server_name)
    except ValueError as error:  # Python 3.6 reports a wrong name so.
        raise OSError(str(error))


def clock_offset(date):
    """Seconds that this machine's clock is ahead of a server's Date header; 0 without one."""
    from email.utils import parsedate_to_datetime
    return time.time() - parsedate_to_datetime(date).timestamp() if date else 0
# </shared>


# ---------------------------------------------------------------------------------------------------------------------
# 4. Credentials: how this machine authenticates to the Kubernetes API. Each returns a bearer token.
#    The lines between the two marks are also part of first_stage.py, which fetches this file onto a new machine.
# ---------------------------------------------------------------------------------------------------------------------

# <shared>
# <credentials>
def aws_metadata(*paths):
    """Values of the EC2 metadata service, by IMDSv2."""
    session = get_local(IMDS + '/latest/api/token', {'X-aws-ec2-metadata-token-ttl-seconds': '300'}, 'PUT')
    headers = {'X-aws-ec2-metadata-token': session}
    return [get_local(IMDS + '/latest/meta-data/' + path, headers) for path in paths]


def eks_credential(options):
    folder = 'iam/security-credentials/'
    role, region, domain = aws_metadata(folder, 'placement/region', 'services/domain')
    keys = json.loads(aws_metadata(folder + role.strip())[0])
    return eks_token(options['cluster'], options.get('region') or region, domain, keys['AccessKeyId'],
                     keys['SecretAccessKey'], keys['Token'], time.gmtime())


def eks_token(cluster, region, domain, key, secret, session, now):
    """A presigned sts:GetCallerIdentity request, which the cluster sends to STS to learn this machine's role.

    AWS Signature Version 4 in the query; the signed header x-k8s-aws-id binds it to one cluster. Valid 15 minutes.
    """
    import hmac
    from urllib.parse import quote
    host = 'sts.{}.{}'.format(region, domain)
    stamp = time.strftime('%Y%m%dT%H%M%SZ', now)
    scope = '/'.join([stamp[:8], region, 'sts', 'aws4_request'])
    query = '&'.join('{}={}'.format(name, quote(value, safe='-_.~')) for name, value in [
        ('Action', 'GetCallerIdentity'), ('Version', '2011-06-15'), ('X-Amz-Algorithm', 'AWS4-HMAC-SHA256'),
        ('X-Amz-Credential', key + '/' + scope), ('X-Amz-Date', stamp), ('X-Amz-Expires', '60'),
        ('X-Amz-Security-Token', session), ('X-Amz-SignedHeaders', 'host;x-k8s-aws-id')])
    request = '\n'.join(['GET', '/', query, 'host:' + host, 'x-k8s-aws-id:' + cluster, '', 'host;x-k8s-aws-id', sha256(b'')])
    signed = '\n'.join(['AWS4-HMAC-SHA256', stamp, scope, sha256(request.encode())])
    digest = ('AWS4' + secret).encode()
    for part in scope.split('/') + [signed]:
        digest = hmac.new(digest, part.encode(), hashlib.sha256).digest()
    url = 'https://{}/?{}&X-Amz-Signature={}'.format(host, query, digest.hex())
    token = 'k8s-aws-v1.' + base64.urlsafe_b64encode(url.encode()).decode().rstrip('=')
    if len(token) > 4096:
        raise ValueError('the session token is so long that the cluster would not read the {} bytes'.format(len(token)))
    return token


GCP_PATH = '/computeMetadata/v1/instance/'
GCP_HEADERS = {'Metadata-Flavor': 'Google'}


def gke_credential(_options):
    return json.loads(get_local(IMDS + GCP_PATH + 'service-accounts/default/token', GCP_HEADERS))['access_token']


def aks_credential(options):
    # The resource is the application ID that AKS has in every tenant.
    url = IMDS + '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=6dae42f8-4368-4678-94ff-3960e28e3630'
    if options.get('clientId'):
        url += '&client_id=' + options['clientId']
    return json.loads(get_local(url, {'Metadata': 'true'}))['access_token']


def token_file_credential(options):
    token = read(ROOT + options['path']).decode().strip()
    if not token:
        raise OSError('the file {} is missing or empty'.format(options['path']))
    return token


CREDENTIALS = {'eks': eks_credential, 'gke': gke_credential, 'aks': aks_credential, 'tokenFile': token_file_credential}
# </credentials>


def bearer(credential):
    try:
        return CREDENTIALS[credential['kind']](credential)
    except (OSError, ValueError) as error:
        raise Trouble(UNREACHABLE, 'no credential of kind {}: {}'.format(credential['kind'], error),
                      'give the machine an identity (instance profile, service account, managed identity, token file)')
    except KeyError as error:
        raise Trouble(CONFIG, 'the credential lacks {}'.format(error), 'credential')


def read_kubeconfig(credential):
    """(API server, CA PEM, TLS server name, token, client certificate and key PEM) of a kubeconfig file."""
    text = read(ROOT + credential['path']).decode()
    if not text.strip():
        raise Trouble(CONFIG, 'there is no kubeconfig {} (yet)'.format(credential['path']), 'whatever puts it on the machine')
    try:
        config = json.loads(text)
    except ValueError:
        try:
            import site
            site.main()  # Our -S has left the packages of the machine out.
            import yaml  # Not in the standard library, but on every machine that has cloud-init.
            config = yaml.safe_load(text)
        except ImportError:
            raise Trouble(CONFIG, 'no YAML parser here to read ' + credential['path'],
                          'write it as JSON: kubectl config view --raw --flatten -o json')

    def named(kind, name):
        return next(entry[kind] for entry in config[kind + 's'] if entry['name'] == name)

    def content(of, key):
        if of.get(key + '-data'):
            return base64.b64decode(of[key + '-data']).decode()
        return read(ROOT + of[key]).decode() if of.get(key) else ''

    try:
        context = named('context', credential.get('context') or config['current-context'])
        cluster, user = named('cluster', context['cluster']), named('user', context['user'])
        token = user.get('token') or (read(ROOT + user['tokenFile']).decode().strip() if user.get('tokenFile') else '')
        pair = content(user, 'client-certificate') + content(user, 'client-key')
        if not token and not pair:
            raise Trouble(CONFIG, 'its user has neither token nor client certificate; plugins are not run', 'credential')
        return cluster['server'], content(cluster, 'certificate-authority'), cluster.get('tls-server-name'), token, pair
    except (KeyError, StopIteration, TypeError, ValueError) as error:
        raise Trouble(CONFIG, 'can not use kubeconfig {}: {!r}'.format(credential['path'], error), 'credential')
# </shared>


# ---------------------------------------------------------------------------------------------------------------------
# 5. Cluster: the four things that this machine may do there
# ---------------------------------------------------------------------------------------------------------------------

def read_join():
    """The settings that user-data or `meshvm join` left on this machine."""
    try:
        config = json.loads(read(JOIN).decode() or 'null')
        if config is None:
            raise Trouble(CONFIG, 'this machine was never told what to join', 'run meshvm join --help')
        if config['schemaVersion'] != 1:
            raise Trouble(CONFIG, 'join.json has version {}, this agent knows 1'.format(config['schemaVersion']))
        config['namespace'], config['group'], config['credential']['kind']
        return config
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble(CONFIG, '/etc/meshvm/join.json is broken: {!r}'.format(error), 'run meshvm join again')


# <shared>
class Cluster:
    """The Kubernetes API, with this machine's credential and nothing cached."""

    def __init__(self, config):
        import ssl
        credential = config['credential']
        self.namespace, self.group = config['namespace'], config['group']
        server, authority, name, pair = config.get('apiServer'), config.get('caCertificate'), None, ''
        if credential['kind'] == 'kubeconfig':
            server, authority, name, token, pair = read_kubeconfig(credential)
        else:
            token = bearer(credential)
        try:
            context = trusting(cadata=authority or None)
        except (ssl.SSLError, ValueError) as error:
            raise Trouble(CONFIG, 'caCertificate is no PEM certificate: {}'.format(error), 'apiServer.caCertificate')
        if pair:
            import tempfile
            with tempfile.NamedTemporaryFile() as file:  # ssl reads a client key from files only; 0600, gone at once.
                file.write(pair.encode())
                file.flush()
                context.load_cert_chain(file.name)
        self.headers = {'Accept': 'application/json', 'Content-Type': 'application/json'}
        if token:
            self.headers['Authorization'] = 'Bearer ' + token
        self.connection = Connection(server, context, name)

    def call(self, what, path, body=None):
        """The JSON answer, or a Trouble that says why `what` can't be had."""
        method, data = ('GET', None) if body is None else ('POST', json.dumps(body).encode())
        for attempt in (1, 2):
            try:
                status, answer = self.connection.call(method, path, self.headers, data)
            except OSError as error:
                raise self.unreachable(error)
            if status < 500 and status != 429 or attempt == 2:
                break
            time.sleep(1)
        if status in (200, 201):
            return json.loads(answer.decode())
        try:
            detail = json.loads(answer.decode())['message']
        except (ValueError, KeyError, TypeError):
            detail = answer[:200].decode('utf-8', 'replace')
        if status == 401:
            offset = clock_offset(self.connection.date)
            if abs(offset) > 240:
                raise Trouble(REFUSED, 'the cluster does not accept the credential: this clock is {:+.0f} s off'.format(offset),
                              'time synchronisation of the machine (chrony, systemd-timesyncd)')
            raise Trouble(REFUSED, 'the cluster does not know this machine (401)', 'identity of the group: its cloud role must '
                          'be mapped in this cluster (EKS: access entry)')
        if status == 403:
            raise Trouble(REFUSED, 'no right to {}: {}'.format(what, detail), 'identity of the group (its RBAC subject)')
        if status == 404:
            raise Trouble(REFUSED, '{} does not exist: {}'.format(what, detail), 'apply the manifests of the group')
        raise Trouble(UNREACHABLE if status >= 429 else REFUSED, '{}: answer {}: {}'.format(what, status, detail))

    def unreachable(self, error):
        text = str(error)
        where = '{}:{}'.format(self.connection.host, self.connection.port)
        if 'not yet valid' in text or 'has expired' in text:
            return Trouble(UNREACHABLE, 'the certificate of {} does not fit this clock ({}): {}'.format(
                where, time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime()), text), 'time synchronisation of the machine')
        if 'CERTIFICATE_VERIFY_FAILED' in text or "doesn't match" in text:
            return Trouble(CONFIG, '{} is not the API server we were told: {}'.format(where, text), 'apiServer.caCertificate')
        return Trouble(UNREACHABLE, 'the API server {} does not answer: {}'.format(where, text),
                       'route and firewall from the machine to the API server, port {}'.format(self.connection.port))

    def config_map(self, name):
        path = '/api/v1/namespaces/{}/configmaps/{}'.format(self.namespace, name)
        return self.call('ConfigMap {}/{}'.format(self.namespace, name), path).get('data') or {}
# </shared>

    def bundle(self):
        """(settings, cluster.env, mesh.yaml) of the group, checked."""
        name = self.group + '-bootstrap'
        data = self.config_map(name)
        try:
            settings = json.loads(data['settings.json'])
            version = settings['schemaVersion']
            if version != 1:
                raise Trouble(BUNDLE, '{} has version {}, this agent knows 1'.format(name, version), 'new user-data')
            for key in ('istio', 'refreshIntervalSeconds', 'restart', 'deadManSeconds', 'istiod', 'gateway', 'identity',
                        'capture', 'dns'):
                settings[key]
            environment, mesh = data['cluster.env'], data['mesh.yaml']
            check_dns(settings['dns'])
            settings['firewall'] = firewall = data.get('firewall.nft', '')
            settings['openings'] = read_openings(data['firewall.json']) if 'firewall.json' in data else None
        except (KeyError, TypeError, ValueError) as error:
            raise Trouble(BUNDLE, 'ConfigMap {} is broken: {!r}'.format(name, error), 'apply the manifests of the group')
        # The start script sources this file as root: quoted assignments only, nothing that a shell would run.
        if not re.fullmatch(r"""(?:[A-Za-z_]\w*=(?:[\w@%+=:,./-]|'[^']*'|"'")*\n)*""", environment, re.ASCII):
            raise Trouble(BUNDLE, 'cluster.env in {} is not a list of quoted assignments'.format(name))
        if firewall and not re.fullmatch(FIREWALL_FORM, firewall):
            raise Trouble(BUNDLE, 'firewall.nft in {} is not one table inet meshvm'.format(name))
        return settings, environment, mesh

# <shared>
    def root_certificate(self):
        pem = self.config_map('istio-ca-root-cert').get('root-cert.pem', '')
        if not certificates_of(pem.encode()):
            raise Trouble(BUNDLE, 'ConfigMap istio-ca-root-cert holds no certificate', 'is istiod running?')
        return pem.encode()
# </shared>

    def token(self, identity):
        path = '/api/v1/namespaces/{namespace}/serviceaccounts/{serviceAccount}/token'.format(**identity)
        spec = {'audiences': [identity['audience']], 'expirationSeconds': identity['tokenLifetimeSeconds']}
        answer = self.call('token of ServiceAccount {namespace}/{serviceAccount}'.format(**identity), path,
                           {'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec': spec})
        return answer['status']['token']

    def gateway_addresses(self, gateway):
        """Addresses of the east-west gateway: IPs of its load balancer, what its host name resolves to, or external IPs."""
        name = '{namespace}/{service}'.format(**gateway)
        service = self.call('Service ' + name, '/api/v1/namespaces/{namespace}/services/{service}'.format(**gateway))
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
        if not found:
            raise Trouble(UNREACHABLE, 'gateway {} has no address yet'.format(name), 'its load balancer')
        return sorted(found)


# <shared>
def certificates_of(pem):
    """The certificates in a PEM text, as a set of their normalized content."""
    found = re.findall(rb'-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----', pem, re.DOTALL)
    return {b''.join(body.split()) for body in found}
# </shared>


def claims_of(token):
    """Claims of a JSON web token, unverified; {} when it is none."""
    try:
        body = token.split('.')[1]
        return json.loads(base64.urlsafe_b64decode(body + '=' * (-len(body) % 4)).decode())
    except (IndexError, ValueError):
        return {}


def token_problem(token, identity):
    """Why a token can't be used for an identity; empty when it can."""
    claims = claims_of(token)
    if not claims:
        return 'there is no token'
    if claims.get('sub') != 'system:serviceaccount:{namespace}:{serviceAccount}'.format(**identity):
        return 'the token belongs to ' + str(claims.get('sub'))
    if identity['audience'] not in claims.get('aud', []):
        return 'the token is meant for ' + str(claims.get('aud'))
    if time.time() >= claims.get('exp', 0):
        return 'the token has expired'
    return ''


def past_half_life(token):
    claims = claims_of(token)
    return time.time() >= (claims.get('iat', 0) + claims.get('exp', 0)) / 2


# ---------------------------------------------------------------------------------------------------------------------
# 6. Package: downloaded from the URL of the bundle, installed only with the checksum of the bundle
# ---------------------------------------------------------------------------------------------------------------------

def run(*command, **options):
    """(exit code, output) of a command; 127 when there is no such command or it does not end."""
    import subprocess
    if 'input' not in options:
        options['stdin'] = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode('utf-8', 'replace').strip()


def installed_version():
    """Version of the package istio-sidecar; '' when only its files are there (an image made otherwise), None without them."""
    code, text = run('dpkg-query', '-W', '-f', '${Status}|${Version}', 'istio-sidecar')
    if code == 0 and text.startswith('install ok '):  # Such as `install ok unpacked` after a failed installation.
        return text.split('|')[1] if text.startswith('install ok installed|') else 'half'
    code, text = run('rpm', '-q', '--qf', '%{VERSION}', 'istio-sidecar')
    if code == 0:
        return text
    return '' if os.path.exists(PILOT_AGENT) else None


def ensure_package(state, istio):
    """Installs the sidecar, or another version of it. Nothing to do on an image that has it."""
    # The package's own spelling of a version: without the first hyphen (tools/packaging/packaging.mk).
    wanted = istio['version'].replace('-', '', 1)
    if os.path.exists(PILOT_AGENT):
        about = os.stat(PILOT_AGENT)
        if state.get('package') == [about.st_mtime_ns, about.st_size, wanted]:
            return
        present = installed_version()
        if present == '':
            log('package: this image brings its own sidecar, left as it is')
        if present not in ('', wanted):
            log('package: istio-sidecar {} is installed, the bundle wants {}'.format(present, wanted))
        if present in ('', wanted) or istio.get('packages') is None:
            state['package'] = [about.st_mtime_ns, about.st_size, wanted]
            return
    kind = package_kind()
    machine = os.uname().machine
    architecture = {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(machine, machine)
    source = (istio.get('packages') or {}).get(kind, {}).get(architecture)
    if not source:
        raise Trouble(BUNDLE, 'there is no sidecar here, and the bundle names no {} package for {}'.format(kind, architecture),
                      'an image with the sidecar, or the packages of the mesh')
    if not source.get('sha256') and not istio.get('unverified'):
        raise Trouble(BUNDLE, 'the bundle gives no checksum of ' + source['url'], 'packages of the mesh')
    path = '{}/istio-sidecar.{}'.format(STATE_FOLDER, kind)
    try:
        download(source, path)
        install(kind, path)
    finally:
        remove(path)
    if installed_version() != wanted:
        raise Trouble(BUNDLE, '{} is not version {}'.format(source['url'], wanted), 'packages of the mesh')
    log('package: istio-sidecar {} installed'.format(wanted))


def package_kind():
    return 'deb' if run('apt-get', '--version')[0] == 0 else 'rpm'


def fetch(url, receive):
    """Downloads through the system's proxy settings, in pieces."""
    import urllib.request
    log('package: downloading ' + url)
    try:
        with as_sidecar(), urllib.request.urlopen(url, timeout=30) as answer:
            for piece in iter(lambda: answer.read(1 << 18), b''):
                receive(piece)
    except (urllib.request.URLError, socket.timeout) as error:
        raise Trouble(UNREACHABLE, 'can not download {}: {}'.format(url, error), 'packages of the mesh (mirror)')


def download(source, path):
    wanted, found = source.get('sha256'), hashlib.sha256()
    if not wanted:
        text = bytearray()
        fetch(source['url'] + '.sha256', text.extend)
        wanted = text.decode('ascii', 'replace').split(' ')[0].strip()
        log('package: only the checksum beside it is known, which proves a whole download but not its origin')

    def receive(piece):
        found.update(piece)
        file.write(piece)

    with open(path, 'wb') as file:
        fetch(source['url'], receive)
    if found.hexdigest() != wanted:
        raise Trouble(BUNDLE, '{} has SHA-256 {} instead of {}: not installed'.format(source['url'], found.hexdigest(), wanted),
                      'packages of the mesh')


def install(kind, path):
    """A file or a package of the system's, by its package manager, so that dependencies (iptables, sudo) come along."""
    if kind == 'deb':
        # force-confold: a sidecar.env that was there before must not stop the installation with a question.
        command = ['apt-get', 'install', '-y', '--allow-downgrades', '-o', 'Dpkg::Options::=--force-confold',
                   '-o', 'DPkg::Lock::Timeout=300', path]
        commands = [command, ['apt-get', 'update'], command]
    else:
        tool = 'dnf' if run('dnf', '--version')[0] == 0 else 'yum'
        commands = [[tool, 'install', '-y', path], [tool, 'downgrade', '-y', path]]
    output = ''
    for number, command in enumerate(commands):
        code, output = run(*command, env=dict(os.environ, DEBIAN_FRONTEND='noninteractive'))
        if code == 0 and command[1] != 'update':
            return
    raise Trouble(MACHINE, 'the package manager failed: ' + output[-600:], 'package manager of the machine')


# ---------------------------------------------------------------------------------------------------------------------
# 7. Services and capture
# ---------------------------------------------------------------------------------------------------------------------

def systemctl(*arguments):
    if MANAGED:
        code, output = run('systemctl', *arguments)
        if code:
            raise Trouble(MACHINE, 'systemctl {}: {}'.format(' '.join(arguments), output), 'systemd of the machine')


def write_units(state, interval):
    """Writes our units; tells systemd when one has changed."""
    if not MANAGED:
        return
    values = {'seconds': int(interval + jitter(interval / 10, 'interval')), 'dead_man': state.get('deadManSeconds', 300)}
    before = read(UNITS + '/meshvm-refresh.timer')
    changed = [write(UNITS + '/' + name, text.format(**values).encode()) for name, text in UNIT_FILES.items()]
    if any(changed):
        systemctl('daemon-reload')
    if before != read(UNITS + '/meshvm-refresh.timer'):
        systemctl('restart', '--no-block', 'meshvm-refresh.timer')


def sidecar_ready():
    """Whether the sidecar has its certificate and configuration."""
    try:
        get_local('http://127.0.0.1:15020/healthz/ready')
        return True
    except OSError:
        return False


def envoy_runs():
    """Whether there is an Envoy: one without certificate files (we delete them) serves on, although it is not called ready."""
    try:
        get_local('http://127.0.0.1:15000/server_info')
        return True
    except OSError:
        return False


def greet_istiod(settings, timeout=5):
    """Tries TLS to istiod as the sidecar does it: that host, that server name, the mesh's root. Raises OSError."""
    istiod = settings['istiod']
    context = trusting(cafile=ROOT_CERTIFICATE)
    with as_sidecar(), socket.create_connection((istiod['host'], istiod['port']), timeout) as plain:
        encrypted(plain, context, istiod['host']).close()


# Rules made by one flavour are invisible to the others; the plain names are whichever of them the system prefers.
IPTABLES = ('iptables-legacy', 'iptables-nft', 'iptables', 'ip6tables-legacy', 'ip6tables-nft', 'ip6tables')


def rules_in(tool, table):
    """(start of a command, rules as lists of words) of a table; no rules where there is no such tool."""
    command = (tool, '-w', '5', '-t', table)
    code, text = run(*command + ('-S',))
    return command, [line.split() for line in text.splitlines()] if code == 0 else []


def remove_capture():
    """Takes away every rule of Istio, whoever put it there, in every table of every flavour of iptables and nft."""
    removed = 0
    for tool in IPTABLES:
        for table in ('nat', 'mangle', 'raw'):
            command, rules = rules_in(tool, table)
            chains = [rule[1] for rule in rules if rule[:1] == ['-N'] and rule[1].startswith('ISTIO_')]
            for rule in rules:
                # Jumps into Istio's chains, and the rules of TPROXY mode, which carry its marks 1337 and 1338.
                ours = any(word.startswith('ISTIO_') or word.split('/')[0] in ('0x539', '0x53a') for word in rule[2:])
                if rule[0] == '-A' and rule[1] not in chains and ours:
                    removed += run(*command + ('-D',) + tuple(rule[1:]))[0] == 0
            for action in ('-F', '-X'):
                for chain in chains:
                    removed += run(*command + (action, chain))[0] == 0
    for table in ('nat', 'mangle', 'raw'):
        removed += run('nft', 'delete', 'table', 'inet', 'istio-proxy-' + table)[0] == 0
    for family in ('-4', '-6'):  # Routing of TPROXY mode.
        removed += run('ip', family, 'rule', 'del', 'fwmark', '1337', 'lookup', '133')[0] == 0
        run('ip', family, 'route', 'flush', 'table', '133')
    return removed


def capture_found():
    """Where Istio's capture rules are: a list of tools."""
    found = [tool for tool in IPTABLES if 'ISTIO_OUTPUT' in run(tool, '-w', '5', '-t', 'nat', '-S')[1]]
    if 'istio-proxy-nat' in run('nft', 'list', 'tables')[1]:
        found.append('nft')
    return found


def istiod_connections(port):
    """The connections to istiod's port that the kernel holds for alive."""
    lines = [line.split() for name in ('tcp', 'tcp6') for line in read(ROOT + '/proc/net/' + name).decode().splitlines()[1:]]
    return {words[1] for words in lines if words[3] == '01' and words[2].endswith(':{:04X}'.format(port))}


def disconnect(port):
    """Ends the connections to istiod, if the kernel lets us; the sidecar makes new ones. Tells whether they have ended."""
    before = istiod_connections(port)
    run('ss', '-K', '-t', 'dport', '=', ':{}'.format(port))
    return not before & istiod_connections(port)


def wait_until(condition, seconds):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        time.sleep(0.2)


AWAY = 'meshvm-away'  # Comment of the rules by which a sidecar stays away from istiod.


def stay_away(state):
    """Cuts the sidecar from istiod for longer than istiod keeps the entry of a machine that is gone: then it makes a new one.

    The sidecar goes on serving with the configuration and certificates that it has: to stop it would let plain text in.
    istiod hears of it by the reset that answers its next packet, at the latest a keepalive.
    """
    host, port, seconds = (state['absence'][key] for key in ('host', 'port', 'seconds'))
    state['away'] = True  # Noted first: when the agent is killed, the next refresh takes the rules away.
    save_state(state)
    tool = cut_off(host, port)
    if tool:
        log('registration: {} can not keep the sidecar from istiod (no right, or no such tool), so the entry stays the old '
            'one; to change: meshvm drain, and {} s later meshvm join'.format(tool, seconds))
        return
    log('registration: has changed; the sidecar stays away from istiod for {} s, to get a new entry'.format(seconds))
    let_istiod_notice(port, seconds)


def cut_off(host, port):
    """Keeps the sidecar from istiod until come_back. Returns the tool that could not do it; None when it is done."""
    # Resets may come in: those that the second rule sends do.
    rules = [('INPUT', '-p', 'tcp', '--sport', str(port), '!', '--tcp-flags', 'RST', 'RST'),
             ('OUTPUT', '-p', 'tcp', '--dport', str(port), '--syn')]
    reject = ('-m', 'comment', '--comment', AWAY, '-j', 'REJECT', '--reject-with', 'tcp-reset')
    for family in {'ip6tables' if ':' in address else 'iptables' for address in resolve(host)}:
        for tool in (family, family + '-nft', family + '-legacy'):
            if all(run(tool, '-w', '5', '-I', *rule + reject)[0] == 0 for rule in rules):
                break
        else:
            return family
    return None


def let_istiod_notice(port, seconds):
    """Waits until istiod has taken the entry of a sidecar that is cut off away."""
    disconnect(port)
    wait_until(lambda: not istiod_connections(port), KEEPALIVE_SECONDS)
    time.sleep(seconds)


def come_back():
    """Takes the rules of stay_away away."""
    for tool in IPTABLES:
        command, rules = rules_in(tool, 'filter')
        for rule in rules:
            if AWAY in rule:
                run(*command + ('-D',) + tuple(rule[1:]))


# What the bundle says of the firewall: one table, replaced as a whole.
FIREWALL_FORM = r'(?:#[^\n]*\n)*table inet meshvm\ndelete table inet meshvm\ntable inet meshvm \{\n(?:\t[^\n]*\n)*\}\n'


def firewall_rules():
    """The rules of our firewall as the kernel has them; empty when it has none."""
    code, text = run('nft', '--stateless', 'list', 'table', 'inet', 'meshvm')
    return text if code == 0 else ''


def loads_at_boot():
    link = UNITS + '/sysinit.target.wants/' + FIREWALL_UNIT
    return not MANAGED or read(UNITS + '/' + FIREWALL_UNIT).decode() == FIREWALL_UNIT_TEXT and os.path.lexists(link)


# A packet must pass every firewall of the machine. Those that somebody else has switched on are told to let pass what ours lets
# pass, by the port that they see: the capture has redirected before. That opens nothing by itself, for a packet must pass ours,
# too. What somebody has refused by a rule in them stays refused.

def read_openings(text):
    """What firewall.json opens, as (protocol, port, range of addresses), each once."""
    content, found = json.loads(text), []
    if content['schemaVersion'] != 1:
        raise ValueError('firewall.json has version {}, this agent knows 1'.format(content['schemaVersion']))
    for opening in content['openings']:
        protocol, port = opening['protocol'], opening['port']
        if protocol not in ('tcp', 'udp') or not isinstance(port, int) or not 0 < port < 65536:
            raise ValueError('firewall.json opens {!r}'.format(opening))
        found.extend((protocol, str(port), address_range(cidr)) for cidr in opening['cidrs'])
    return sorted(set(found), key=found.index)


def address_range(text):
    """A range of addresses as it is always spelled here."""
    address, _, bits = text.partition('/')
    family, longest = (socket.AF_INET6, 128) if ':' in address else (socket.AF_INET, 32)
    try:
        plain = socket.inet_ntop(family, socket.inet_pton(family, address))
    except OSError:
        raise ValueError('{} is no range of addresses'.format(text))
    return '{}/{:d}'.format(plain, int(bits or longest))


class Ufw:
    """Rules of ours have the comment meshvm. They stand behind those that are there: the first that fits decides."""
    name = 'ufw'
    RULE = (r'(?m)^### tuple ### ([a-z_-]+) (tcp|udp) (\d+) (?:0\.0\.0\.0/0|::/0) any ([\da-f.:]+(?:/\d+)?) in'
            r'(?: comment=(\w+))?$')

    def active(self):
        enabled = re.search(rb'(?mi)^ENABLED=["\']?yes', read(ROOT + '/etc/ufw/ufw.conf'))
        return bool(enabled) and run('ufw', '--version')[0] == 0

    def rules(self):
        """{opening: (action, whether the rule is ours)}, from the lines that ufw writes for programs."""
        names = ('user.rules', 'user6.rules') if self.ipv6() else ('user.rules',)
        text = b'\n'.join(read(ROOT + '/etc/ufw/' + name) for name in names).decode('utf-8', 'replace')
        return {(protocol, port, address_range(source)): (action, comment == b'meshvm'.hex())
                for action, protocol, port, source, comment in re.findall(self.RULE, text)}

    def marked(self):
        try:
            return any(ours for _, ours in self.rules().values())
        except PermissionError:  # Then we have put none there either.
            return False

    def call(self, *arguments):
        code, output = run('ufw', *arguments)
        if code:
            raise Trouble(MACHINE, 'ufw {}: {}'.format(' '.join(arguments), output), 'ufw of the machine, 0.35 or later')

    def ipv6(self):
        """Whether it has rules for IPv6. Else it drops all of that."""
        return bool(re.search(rb'(?mi)^IPV6=["\']?yes', read(ROOT + '/etc/default/ufw')))

    def filtered(self, openings):
        ipv6 = self.ipv6()
        return [opening for opening in openings if ipv6 or ':' not in opening[2]]

    def refused(self, openings):
        rules = self.rules()
        return [opening for opening in self.filtered(openings) if not rules.get(opening, ('',))[0].startswith('allow')]

    def open(self, openings):
        """Tells whether that changed anything. A rule of somebody else for the same port and range stays as it is."""
        wanted, before = self.filtered(openings), self.rules()
        for opening in sorted(set(wanted) - set(before), key=wanted.index):
            self.call('allow', *self.words(opening), 'comment', 'meshvm')
        rules = self.rules()
        if not set(wanted) <= set(rules):
            raise Trouble(MACHINE, 'ufw took rules that are not in /etc/ufw/user.rules', 'package ufw of the machine')
        for opening, (action, ours) in rules.items():
            if ours and opening not in wanted:
                self.call('delete', action, *self.words(opening))
        return self.rules() != before

    def close(self):
        """Tells whether there were rules of ours. Works while ufw is switched off, too."""
        ours = [(opening, action) for opening, (action, mine) in self.rules().items() if mine]
        for opening, action in ours:
            self.call('delete', action, *self.words(opening))
        return bool(ours)

    def words(self, opening):
        protocol, port, source = opening
        return 'proto', protocol, 'from', source, 'to', 'any', 'port', port


class Firewalld:
    """A policy of our own, in its file, which comes after the rules of zones and before they refuse the rest. It is known from
    the next reload on, which we leave to others: a reload takes away what somebody has set for now only. Until then the same
    rules stand in the zones in use, for now only, and are known by their priority."""
    name = 'firewalld'
    FILE = ROOT + '/etc/firewalld/policies/meshvm.xml'
    MARK = 'rule priority="15006" '
    RULE = MARK + 'family="{}" source address="{}" port port="{}" protocol="{}" accept'
    POLICY = """<?xml version="1.0" encoding="utf-8"?>
<policy priority="32767" target="CONTINUE">
  <short>meshvm</short>
  <description>What the host firewall of meshvm lets in. Made by meshvm, which replaces it.</description>
  <ingress-zone name="ANY"/>
  <egress-zone name="HOST"/>
{}</policy>
"""
    POLICY_RULE = """  <rule priority="15006" family="{}">
    <source address="{}"/>
    <port port="{}" protocol="{}"/>
    <accept/>
  </rule>
"""

    def active(self):
        return run('firewall-cmd', '--state')[0] == 0

    def marked(self):
        return os.path.exists(self.FILE)

    def call(self, *arguments):
        code, output = run('firewall-cmd', *arguments)
        if code:
            raise Trouble(MACHINE, 'firewall-cmd {}: {}'.format(' '.join(arguments), output),
                          'firewalld of the machine, 0.9 or later')
        return output

    def listed(self, *arguments):
        """{name: (whether it is in use, its rich rules)} of zones or policies."""
        found, rules = {}, []
        for line in self.call(*arguments).splitlines():
            if line[:1].strip():
                rules = []
                found[line.split()[0]] = ('active' in line.partition(' ')[2], rules)
            elif line.strip().startswith('rule '):
                rules.append(line.strip())
        return found

    def places(self):
        """[(option, our rules there)] of where a packet meets our rules now."""
        policies = self.listed('--list-all-policies')
        if 'meshvm' in policies:
            return [('--policy=meshvm', policies['meshvm'][1])]
        default = self.call('--get-default-zone')
        return [('--zone=' + zone, [rule for rule in rules if rule.startswith(self.MARK)])
                for zone, (used, rules) in self.listed('--list-all-zones').items() if used or zone == default]

    def opening(self, rule):
        found = re.fullmatch(self.RULE.format('ipv[46]', r'([\da-fA-F.:]+(?:/\d+)?)', r'(\d+)', '(tcp|udp)'), rule)
        return (found.group(3), found.group(2), address_range(found.group(1))) if found else None

    def fill(self, template, opening):
        protocol, port, source = opening
        return template.format('ipv6' if ':' in source else 'ipv4', source, port, protocol)

    def policy(self, openings):
        return self.POLICY.format(''.join(self.fill(self.POLICY_RULE, each) for each in openings))

    def refused(self, openings):
        """What the next reload would refuse counts, too."""
        present = [set(map(self.opening, rules)) for _, rules in self.places()]
        stored = read(self.FILE) == self.policy(openings).encode()
        return [opening for opening in openings if not stored or any(opening not in rules for rules in present)]

    def open(self, openings):
        """Tells whether that changed anything."""
        places = self.places()
        changed = write(self.FILE, self.policy(openings).encode())
        for place, rules in places:
            missing = set(openings) - set(map(self.opening, rules))
            if missing:
                self.call(place, *['--add-rich-rule=' + self.fill(self.RULE, each) for each in sorted(missing)])
                changed = True
        if changed:
            places = self.places()
        for place, rules in places:
            if not set(openings) <= set(map(self.opening, rules)):
                raise Trouble(MACHINE, 'firewalld took rules that it does not list at ' + place,
                              'package firewalld of the machine')
            changed = self.drop(place, [rule for rule in rules if self.opening(rule) not in openings]) or changed
        return changed

    def drop(self, place, rules, *scope):
        if rules:
            self.call(*scope + (place,) + tuple('--remove-rich-rule=' + rule for rule in rules))
        return bool(rules)

    def close(self):
        """Tells whether there was something of ours. Where our policy was loaded, an empty one stays until the next reload."""
        if not self.marked():
            return False
        if self.active():
            for place, rules in self.places():
                self.drop(place, rules)
            # `firewall-cmd --runtime-to-permanent` makes rules for now only into others.
            for scope in ((), ('--permanent',)):
                for zone, (_, rules) in self.listed(*scope + ('--list-all-zones',)).items():
                    self.drop('--zone=' + zone, [rule for rule in rules if rule.startswith(self.MARK)], *scope)
        remove(self.FILE)
        remove(self.FILE + '.old')
        return True


OTHERS = (Ufw(), Firewalld())


def other_firewalls():
    """Firewalls that somebody else has switched on."""
    return [other for other in OTHERS if other.active()]


def open_others(state, openings):
    problems = []
    for other in other_firewalls():
        if openings is None:
            raise Trouble(BUNDLE, '{} is active, and the bundle does not say what that must let pass'.format(other.name),
                          'apply the manifests of the group, made with a later meshvm')
        try:
            if other.open(openings):
                log('host firewall: {} lets pass what it lets pass'.format(other.name))
            if other.name == 'firewalld':
                bring_capture_back(state)
        except (Trouble, OSError) as error:
            problems.append(error)
    if problems:
        raise problems[0]


def bring_capture_back(state):
    """firewalld 1 flushes what iptables has made, when it starts and when it reloads: its issue 863."""
    if MANAGED and envoy_runs():
        found = bool(capture_found())
        # Only what was there before: somebody may capture by other means.
        if state.get('captured') and not found:
            systemctl('restart', '--no-block', 'istio.service')
            log('sidecar: restarted, somebody (firewalld?) has removed its capture')
        state['captured'] = found


def follow_firewall(state, settings):
    """Keeps the group's firewall in place, and takes it away when the group has none any more."""
    text = settings['firewall']
    state['firewallWanted'] = bool(text)
    if not text:
        if os.path.exists(FIREWALL) or any(other.marked() for other in OTHERS):
            remove_firewall()
            refuse_to_leave_rules()
            log('host firewall: removed, the group has none any more')
        if any(other.name == 'firewalld' for other in other_firewalls()):
            bring_capture_back(state)
        return
    rules, problem = firewall_rules(), None
    try:
        open_others(state, settings['openings'])  # Before ours closes anything.
    except (Trouble, OSError) as error:
        if not rules:
            raise
        problem = error
    load_firewall(state, settings, rules)
    if problem:
        raise problem


def load_firewall(state, settings, rules):
    text = settings['firewall']
    loaded = rules and sha256(rules.encode()) == state.get('firewall')
    if loaded and read(FIREWALL) == text.encode() and loads_at_boot():
        return
    # Loaded before it is noted anywhere: what the kernel refuses is not what the next boot tries.
    code, output = run('nft', '-f', '-', input=text.encode())
    if code == 127 and MANAGED and settings['istio'].get('packages') is not None:
        install(package_kind(), 'nftables')
        code, output = run('nft', '-f', '-', input=text.encode())
    if code:
        raise Trouble(MACHINE, 'the host firewall can not be loaded: ' + output, 'package nftables of the machine, its kernel')
    state['firewall'] = sha256(firewall_rules().encode())
    write(FIREWALL, text.encode())
    if MANAGED:
        if write(UNITS + '/' + FIREWALL_UNIT, FIREWALL_UNIT_TEXT.encode()):
            systemctl('daemon-reload')
        systemctl('enable', '--now', '--no-block', FIREWALL_UNIT)
    log('host firewall: in place')


def remove_firewall():
    """Says what was removed."""
    removed = ['host firewall'] if run('nft', 'delete', 'table', 'inet', 'meshvm')[0] == 0 else []
    for other in OTHERS:
        try:
            if other.close():
                removed.append('its rules in ' + other.name)
        except (Trouble, OSError) as error:
            log(str(error))
    if os.path.exists(FIREWALL):
        stop_sidecar('disable', '--now', FIREWALL_UNIT)
        with contextlib.suppress(OSError):
            remove(FIREWALL)
            remove(UNITS + '/' + FIREWALL_UNIT)
        stop_sidecar('daemon-reload')
    return removed


def refuse_to_leave_rules():
    if firewall_rules():
        raise Trouble(MACHINE, 'the host firewall is left', 'run it as root; nft delete table inet meshvm')
    for other in OTHERS:
        if other.marked():
            raise Trouble(MACHINE, 'rules of the host firewall are left in ' + other.name, 'run it as root')


# Names of the mesh by systemd-resolved: a link of our own, to whose server it sends questions below the link's domains, and no
# others. A server of all links (resolved.conf) would be asked for every name.
ROUTED = ('split', 'coreDns')
# A link without an address has no DNS. This one leads nowhere, and programs take it for a loopback.
DNS_ADDRESS = '127.15.53.1'
# systemd-resolved sends what is for a link's server out of that link, unless the server has an address of this machine. So
# CoreDNS gets a local address (RFC 7600: for no other use), and packets to it are translated.
DNS_STAND_IN = '192.0.0.8'
DNS_TABLE_TEXT = """# Questions for names of the mesh, to CoreDNS. Made by meshvm, which replaces it.
table ip meshvm-dns
delete table ip meshvm-dns
table ip meshvm-dns {{
	chain output {{
		type nat hook output priority -101; policy accept;
		ip daddr {stand_in} udp dport 53 dnat to {address}
		ip daddr {stand_in} tcp dport 53 dnat to {address}
	}}
	chain postrouting {{
		type nat hook postrouting priority 99; policy accept;
		ip saddr {stand_in} ip daddr {address} masquerade
	}}
}}
"""


def check_dns(dns):
    """Raises ValueError for what this agent does not know, or what must not stand in a unit."""
    if dns['mode'] not in ('capture', 'off') + ROUTED:
        raise ValueError('dns.mode is {!r}, which this agent does not know'.format(dns['mode']))
    if dns['mode'] in ROUTED:
        label = '[a-z0-9]([a-z0-9-]*[a-z0-9])?'
        for domain in dns['domains']:
            if not re.fullmatch(r'{0}(\.{0})*'.format(label), domain) or len(domain) > 253:
                raise ValueError('dns.domains has {!r}'.format(domain))
    if dns['mode'] == 'coreDns':
        try:
            socket.inet_pton(socket.AF_INET, dns['address'])
        except OSError:
            raise ValueError('dns.address is {!r}'.format(dns['address']))


def dns_server(dns):
    return '127.0.0.1:15053' if dns['mode'] == 'split' else DNS_STAND_IN


def dns_steps(dns):
    """The commands that set the link up, once it is there. Each may be repeated."""
    address = DNS_ADDRESS if dns['mode'] == 'split' else DNS_STAND_IN
    link, domains = DNS_LINK, ['~' + domain for domain in dns['domains']]
    # Without the scope the kernel takes an address of that range for one of the host alone, which gives a link no DNS.
    steps = [('ip', 'address', 'replace', address + '/32', 'dev', link, 'scope', 'global'), ('ip', 'link', 'set', link, 'up')]
    if dns['mode'] == 'coreDns':
        steps.append(('nft', '-f', DNS_TABLE))
    steps += [('resolvectl', 'dns', link, dns_server(dns)), ('resolvectl', 'domain', link) + tuple(domains),
              ('resolvectl', 'default-route', link, 'no')]
    # The answers are signed by nobody, and are this machine's own business.
    return steps + [('resolvectl', what, link, 'no') for what in ('llmnr', 'mdns', 'dnssec', 'dnsovertls')]


# Some kernels have no dummy links (those of containers and small virtual machines); a pair leads nowhere, too.
DNS_LINKS = ((('ip', 'link', 'add', DNS_LINK, 'type', 'dummy'),),
             (('ip', 'link', 'add', DNS_LINK, 'type', 'veth', 'peer', 'name', DNS_LINK + '-2'),
              ('ip', 'link', 'set', DNS_LINK + '-2', 'up')))


def dns_link_exists():
    return run('ip', 'link', 'show', 'dev', DNS_LINK)[0] == 0


def add_dns_link():
    """Returns the commands by which the link was made."""
    output = ''
    for commands in DNS_LINKS:
        for command in commands:
            code, output = run(*command)
            if code:
                break
        else:
            return commands
    raise Trouble(MACHINE, 'there can be no link {}: {}'.format(DNS_LINK, output),
                  'the right to change the network, or another dns of the group')


def refuse_without_resolved(mode):
    """systemd-resolved must run, and be whom programs ask."""
    code, output = run('resolvectl', 'dns')
    if code:
        raise Trouble(MACHINE, 'dns {} needs systemd-resolved, which does not answer here: {}'.format(mode, output),
                      'package systemd-resolved of the machine, or another dns of the group')
    servers = re.findall(rb'(?m)^\s*nameserver\s+(\S+)', read(ROOT + '/etc/resolv.conf'))
    lookup = re.search(rb'(?m)^\s*hosts:.*\bresolve\b', read(ROOT + '/etc/nsswitch.conf'))
    if not lookup and not any(server.startswith(b'127.0.0.5') for server in servers):
        raise Trouble(MACHINE, 'dns {} needs programs that ask systemd-resolved; here they ask {}'.format(
            mode, b', '.join(servers).decode('utf-8', 'replace') or 'nobody'),
            '/etc/resolv.conf: a link to /run/systemd/resolve/stub-resolv.conf; or package libnss-resolve')


def dns_in_place(dns):
    """Whether systemd-resolved does what dns says, now and after the next boot."""
    wanted = [('dns', [dns_server(dns)]), ('domain', ['~' + domain for domain in dns['domains']]), ('default-route', ['no'])]
    for what, values in wanted:
        code, text = run('resolvectl', what, DNS_LINK)
        if code or sorted(text.partition('):')[2].split()) != sorted(values):
            return False
    if 'Current Scopes: DNS' not in run('resolvectl', 'status', DNS_LINK)[1]:
        return False
    if dns['mode'] == 'coreDns' and run('nft', 'list', 'table', 'ip', 'meshvm-dns')[0]:
        return False
    return read(DNS).decode() == dns_note(dns) and (not MANAGED or dns_comes_back(dns))


def dns_comes_back(dns):
    sidecar = read(UNITS + '/' + DNS_SIDECAR).decode()
    return (dns_unit_steps(dns) in read(UNITS + '/' + DNS_UNIT).decode() and sidecar == dns_sidecar_text(dns)
            and os.path.lexists(UNITS + '/multi-user.target.wants/' + DNS_UNIT))


def dns_unit_steps(dns):
    return '\n'.join('ExecStart=' + ' '.join(step) for step in dns_steps(dns))


def dns_sidecar_text(dns):
    if dns['mode'] != 'split':
        return ''
    linked = os.path.realpath(ROOT + '/etc/resolv.conf').startswith(os.path.realpath(os.path.dirname(UPLINKS)) + '/')
    return DNS_SIDECAR_TEXT.format(OWN_FOLDER if linked else OWN_FILE)


def dns_note(dns):
    return json.dumps(dns, sort_keys=True, indent=1) + '\n'


def follow_dns(state, settings):
    """Brings the link about where the group's mode needs one. When that fails, nothing of it is left."""
    dns = settings['dns']
    if dns['mode'] not in ROUTED:
        return
    refuse_without_resolved(dns['mode'])
    if dns_in_place(dns):
        return
    remove_dns()
    try:
        place_dns(dns, settings)
    except BaseException:
        remove_dns()
        raise
    log('names of the mesh: systemd-resolved sends {} to {}'.format(', '.join(dns['domains']), dns_target(dns)))


def dns_target(dns):
    return 'the sidecar' if dns['mode'] == 'split' else dns['address']


def place_dns(dns, settings):
    write(DNS, dns_note(dns).encode())
    if dns['mode'] == 'coreDns':
        write(DNS_TABLE, DNS_TABLE_TEXT.format(stand_in=DNS_STAND_IN, address=dns['address']).encode())
        if run('nft', '--version')[0] == 127 and MANAGED and settings['istio'].get('packages') is not None:
            install(package_kind(), 'nftables')
    making, steps = add_dns_link(), dns_steps(dns)
    for step in steps:
        end = time.time() + 5
        while True:
            code, output = run(*step)
            # systemd-resolved hears of a new link a moment later.
            if code == 0 or step[0] != 'resolvectl' or time.time() > end:
                break
            time.sleep(0.2)
        if code:
            raise Trouble(MACHINE, 'names of the mesh: {}: {}'.format(' '.join(step), output),
                          'systemd-resolved 246 or later and nftables on the machine, and a network manager that leaves the '
                          'link {} alone; or another dns of the group'.format(DNS_LINK))
    if not MANAGED:
        return
    lines = ['ExecStart=-' + ' '.join(command) for command in making] + [dns_unit_steps(dns)]
    others = ' nftables.service' if dns['mode'] == 'coreDns' else ''
    write(UNITS + '/' + DNS_UNIT, DNS_UNIT_TEXT.format(
        target=dns_target(dns), others=others, link=DNS_LINK, steps='\n'.join(lines)).encode())
    if dns_sidecar_text(dns):
        write(UNITS + '/' + DNS_SIDECAR, dns_sidecar_text(dns).encode())
    systemctl('daemon-reload')
    systemctl('enable', '--now', '--no-block', DNS_UNIT)


def leave_dns(state, settings):
    """Takes away what an earlier mode needs, once the sidecar runs by another: until then it is used."""
    mode = settings['dns']['mode']
    if state.get('started') != restart_key(settings):
        return
    if mode not in ROUTED and os.path.exists(DNS) and remove_dns():
        log('names of the mesh: systemd-resolved is as it was')
    if mode != 'capture' and state.get('dnsCaptured', True):
        remove_dns_capture()
    state['dnsCaptured'] = mode == 'capture'


def remove_dns_capture():
    """The start script takes away what it would put there now. What it has put there for capture of DNS stays: all of ours in
    raw, and one chain in nat."""
    for tool in IPTABLES:
        for table, names in (('raw', ('ISTIO_INBOUND', 'ISTIO_OUTPUT_DNS')), ('nat', ('ISTIO_OUTPUT_DNS',))):
            command, rules = rules_in(tool, table)
            for rule in rules:
                if rule[0] == '-A' and rule[-1] in names:
                    run(*command + ('-D',) + tuple(rule[1:]))
            for chain in names:
                if ['-N', chain] in rules:
                    run(*command + ('-F', chain))
                    run(*command + ('-X', chain))


def remove_dns():
    """Takes away everything of ours in systemd-resolved. Says what was removed."""
    noted, link = os.path.exists(DNS), dns_link_exists()
    if noted and MANAGED:
        stop_sidecar('disable', '--now', DNS_UNIT)
    if link:
        run('ip', 'link', 'delete', DNS_LINK)
    if os.path.exists(DNS_TABLE):
        run('nft', 'delete', 'table', 'ip', 'meshvm-dns')
    with contextlib.suppress(OSError):
        for path in (UNITS + '/' + DNS_UNIT, UNITS + '/' + DNS_SIDECAR, DNS_TABLE, DNS):
            remove(path)
    if noted and MANAGED:
        stop_sidecar('daemon-reload')
    return ['names of the mesh in systemd-resolved'] if noted or link else []


# ---------------------------------------------------------------------------------------------------------------------
# 8. The refresh: one pass that brings this machine to what the bundle says. Safe to repeat, safe to kill anywhere.
# ---------------------------------------------------------------------------------------------------------------------

def refresh_once():
    state = load_state()
    interval = state.get('interval', JOIN_RETRY_SECONDS)
    # Before anything that may fail: cloud-init (manage_etc_hosts) rewrites the file at boot.
    if state.get('hosts'):
        set_hosts(state['hosts'])
    if state.get('away'):
        come_back()
        state['away'] = False
    try:
        update(state)
        interval = state['interval']
        state.update(failures=0, error=None, refreshed=int(time.time()))
        if not state.get('joined'):
            interval = min(interval, JOIN_RETRY_SECONDS)
    except Exception as error:
        state['failures'] = state.get('failures', 0) + 1
        state['error'] = str(error)
        interval = min(interval, JOIN_RETRY_SECONDS * 2 ** min(state['failures'] - 1, 6))
        raise
    finally:
        with contextlib.suppress(OSError):  # A full disk must not hide the first error.
            save_state(state)
            write_units(state, interval)


def update(state):
    config = read_join()
    cluster = Cluster(config)
    problems = []

    def attempt(step, *arguments):
        """One broken step must not keep the others from being done: a full disk does not stop the token, for example."""
        try:
            return step(*arguments)
        except (Trouble, OSError) as error:
            problems.append(error)
            return None

    try:
        settings, environment, mesh = cluster.bundle()
        state.update(interval=settings['refreshIntervalSeconds'], deadManSeconds=settings['deadManSeconds'],
                     serviceAccount='{namespace}/{serviceAccount}'.format(**settings['identity']),
                     absence={'host': settings['istiod']['host'], 'port': settings['istiod']['port'],
                              'seconds': settings['restart'].get('absenceSeconds', 15)},
                     dns=settings['dns']['mode'])
        if not state.get('givenBack'):
            attempt(follow_firewall, state, settings)
        if MANAGED:
            before = len(problems)
            attempt(ensure_package, state, settings['istio'])
            if len(problems) > before and not state.get('started'):
                raise problems[before]  # Nothing of Istio may be placed before its package.
        owner = sidecar_owner()
        for path in ('/var/run/secrets', '/etc/certs'):
            folder(ROOT + path, 0o755, owner)
        folder(ROOT + '/var/run/secrets/tokens', 0o700, owner)
        rebooted = state.get('boot') != boot_id()
        attempt(follow_gateway, state, cluster, settings, rebooted)
        attempt(follow_root_certificate, state, cluster, rebooted, owner)
        attempt(follow_token, cluster, settings['identity'], owner)
        before = len(problems)
        if not state.get('givenBack'):
            attempt(follow_dns, state, settings)
        # A sidecar without what its DNS mode needs would leave the machine without names: it stays as it is.
        placed = len(problems) == before and attempt(place_files, state, cluster, config, settings, environment, mesh)
        # A first start needs everything; a restart only what it is for.
        if not problems or placed and state.get('started'):
            attempt(follow_restart, state, settings, rebooted)
            attempt(leave_dns, state, settings)
        if not problems:
            state['boot'] = boot_id()
            follow_health(state, settings)
    finally:
        state['requests'] = cluster.connection.requests
    if problems:
        raise problems[0]


def follow_gateway(state, cluster, settings, rebooted):
    """Keeps the line in /etc/hosts on the gateway's addresses."""
    istiod, gateway = settings['istiod'], settings['gateway']
    if istiod['access'] != 'hostsEntry' or gateway is None:
        state['hosts'] = []
        set_hosts([])
        return
    known = [line for line in state.get('hosts') or [] if line.endswith(' ' + istiod['host'])]
    due = rebooted or time.time() - state.get('gatewayRead', 0) >= CHECK_SECONDS
    if known and not due:
        try:
            with as_sidecar():
                socket.create_connection((known[0].split()[0], istiod['port']), 3).close()
            return
        except OSError:
            log('gateway: {} does not answer, asking the cluster'.format(known[0].split()[0]))
    lines = ['{} {}'.format(address, istiod['host']) for address in cluster.gateway_addresses(gateway)]
    set_hosts(lines)
    state.update(hosts=lines, gatewayRead=int(time.time()))


def follow_root_certificate(state, cluster, rebooted, owner):
    present = read(ROOT_CERTIFICATE)
    if present and not rebooted and time.time() - state.get('rootRead', 0) < CHECK_SECONDS:
        return
    wanted = cluster.root_certificate()
    # pilot-agent writes this file too, beside each certificate that it gets: same certificates is the same.
    if certificates_of(present) != certificates_of(wanted):
        if certificates_of(present) - certificates_of(wanted):
            delete_key_pair(state, 'a root certificate was retired')
        write(ROOT_CERTIFICATE, wanted, 0o644, owner)
        log('root certificate: replaced' if present else 'root certificate: written')
    state['rootRead'] = int(time.time())


def follow_token(cluster, identity, owner):
    """A new token at half the life of the present one. The sidecar reads it at each use: no restart."""
    present = read(TOKEN).decode('utf-8', 'replace')
    why = token_problem(present, identity) or (past_half_life(present) and 'half of its life is over')
    if why:
        token = cluster.token(identity)
        write(TOKEN, token.encode(), 0o600, owner)
        log('token: renewed, because ' + why)


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
    spiffe = 'spiffe://{trustDomain}/ns/{namespace}/sa/{serviceAccount}'.format(**settings['identity'])
    certificate = certificate_facts()
    if certificate and certificate['name'] != spiffe:
        delete_key_pair(state, 'it belongs to ' + certificate['name'])
    if not os.path.lexists(ROOT + '/etc/istio'):
        os.makedirs(ROOT + '/var/lib/istio/config', exist_ok=True)
        os.symlink('/var/lib/istio' if not ROOT else '../var/lib/istio', ROOT + '/etc/istio')
    write(MESH, mesh.encode(), 0o644)
    if write(CLUSTER_ENV, text.encode(), 0o644):
        log('cluster.env: written')
    return True


def value_in(environment, name):
    found = re.search('^{}=(.*)$'.format(name), environment, re.MULTILINE)
    return found.group(1) if found else None


PLATFORMS = {'eks': 'aws', 'gke': 'gcp', 'aks': 'azure'}


def machine_settings(state, cluster, config, settings, environment):
    """Settings that the bundle can't contain. What the bundle does contain stays."""
    found = {'POD_NAME': os.uname().nodename.split('.')[0],
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


def find_address(kind, connection):
    """This machine's address as its cloud knows it, else that of its route to the API server."""
    try:
        if kind == 'eks':
            return aws_metadata('local-ipv4')[0].strip()
        if kind == 'gke':
            return get_local(IMDS + GCP_PATH + 'network-interfaces/0/ip', GCP_HEADERS).strip()
        if kind == 'aks':
            path = '/metadata/instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress?api-version=2021-02-01&format=text'
            return get_local(IMDS + path, {'Metadata': 'true'}).strip()
    except OSError as error:
        raise Trouble(UNREACHABLE, 'the metadata service does not tell the address: {}'.format(error), 'metadata service')
    with as_sidecar():
        entry = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(entry[0], entry[1]) as probe:
            probe.connect(entry[4])  # Sends nothing: only asks the kernel for the route.
            return probe.getsockname()[0]


def delete_key_pair(state, why):
    paths = [CERTIFICATES + '/' + name for name in ('cert-chain.pem', 'key.pem')]
    state['started'] = 'with a key pair that is gone'  # Noted first: killed between the two, the restart still comes.
    save_state(state)
    for path in paths:
        if os.path.exists(path):
            remove(path)
            log('key pair: {} deleted, because {}'.format(path, why))


def restart_key(settings):
    """Changes when the sidecar must be restarted to see what has changed."""
    parts = [read(path) for path in (CLUSTER_ENV, SIDECAR_ENV, MESH)] + [settings['istio']['version'].encode()]
    parts.append(settings.get('registration', '').encode())
    # The capture rules name these servers; and these are what the sidecar reads when it starts.
    servers = {'capture': ROOT + '/etc/resolv.conf', 'split': UPLINKS}.get(settings['dns']['mode'])
    parts += re.findall(rb'(?m)^\s*nameserver.*$', read(servers)) if servers else []
    return sha256(b'\0'.join(parts))


def follow_restart(state, settings, rebooted):
    key, started = restart_key(settings), state.get('started')
    now = {'started': key, 'registration': settings.get('registration')}
    # One that does not run yet, such as after a reboot, is away already.
    outdated = state.get('registration') not in (None, now['registration']) and envoy_runs()
    if not MANAGED:
        if started and started != key:
            restart_sidecar(state, outdated)
        state.update(now, joined=sidecar_ready())
    elif os.path.exists(RELEASED):
        return
    elif started is None or state.get('givenBack'):
        if state.get('givenBack'):
            try:
                greet_istiod(settings)
            except OSError as error:
                raise Trouble(UNREACHABLE, 'the capture stays off until istiod answers: {}'.format(error), 'meshvm doctor')
            follow_firewall(state, settings)
            follow_dns(state, settings)
        systemctl('restart', '--no-block', 'meshvm-guard.timer')
        systemctl('enable', 'istio.service')
        systemctl('restart', '--no-block', 'istio.service')
        state.update(now, givenBack=None, joined=False)
        log('sidecar: started')
    elif started != key:
        wait = state.get('restarted', 0) + settings['restart']['minimumIntervalSeconds'] - time.time()
        if wait > 0 and not rebooted:
            log('sidecar: must be restarted, put off: the last restart was less than {} s ago'.format(
                settings['restart']['minimumIntervalSeconds']))
            return
        spread = settings['restart']['jitterSeconds']
        if outdated and spread:  # Few machines of a group may be away at the same time.
            spread = max(spread, 20 * state['absence']['seconds'])
        if not rebooted:
            time.sleep(jitter(spread, 'restart'))
        state['restarted'] = int(time.time())
        save_state(state)
        restart_sidecar(state, outdated)
        state.update(now)
        log('sidecar: restarted, its configuration has changed')
    elif not state.get('joined'):
        if sidecar_ready():
            state['joined'] = True
            systemctl('stop', 'meshvm-guard.timer')
            log('sidecar: ready')
        elif rebooted:
            systemctl('restart', '--no-block', 'meshvm-guard.timer')


def restart_sidecar(state, outdated):
    """Asks for a restart. A sidecar whose entry is outdated ends before it can reach istiod again, with its old labels."""
    def process():
        return run('systemctl', 'show', '--property=MainPID', 'istio.service')[1] if MANAGED else os.path.exists(RESTART)

    try:
        if outdated:
            stay_away(state)
        if not MANAGED:
            write(RESTART, b'the configuration of the sidecar has changed\n')
        running = process()
        systemctl('try-restart', '--no-block', 'istio.service')  # One that was stopped by hand stays stopped.
        if outdated:
            wait_until(lambda: process() != running, 60)
    finally:
        if state.get('away'):
            come_back()
            state['away'] = False


def follow_health(state, settings):
    """Makes the sidecar report its health again when istiod has missed its report.

    istiod forgets a report that comes before it sees the entry that it has just made, and the sidecar reports a change only,
    or when it connects again. Then the machine is ready, its application answers, and no Service leads to it.
    """
    missing = sidecar_ready() and is_endpoint(settings) is False and application_answers(settings.get('probe', {}))
    state['missing'] = state.get('missing', 0) + 1 if missing else 0
    if state['missing'] != 2:  # The first time it may be on its way; when the second time did not help, a third won't.
        return
    log('sidecar: healthy, but not an endpoint of its Service: it connects to istiod again to report its health')
    if not disconnect(settings['istiod']['port']):
        state['started'] = 'without its health being known'  # Restarted by the next refresh.


def own_address():
    return (value_in(read(CLUSTER_ENV).decode('utf-8', 'replace'), 'ISTIO_SVC_IP') or '').strip("'")


def is_endpoint(settings):
    """Whether this machine's own Services lead to it, by its sidecar's view; None when they are not in its view."""
    from urllib.parse import quote
    hosts = '|'.join(re.escape(service['host']) for service in settings.get('services') or [])
    pattern = '^outbound[|][0-9]+[|][|]({})'.format(hosts)
    try:
        clusters = get_local('http://127.0.0.1:15000/clusters?filter=' + quote(pattern + '$')) if hosts else ''
    except OSError:
        return None
    lines = [line for line in clusters.splitlines() if re.match(pattern + '::', line)]
    address = own_address()
    place = '::[{}]:' if ':' in address else '::{}:'
    return any(place.format(address) in line for line in lines) if lines else None


def application_answers(probe):
    """Whether the application passes the group's readiness probe, asked as pilot-agent does; None when we can't know."""
    import http.client
    if probe is None:
        return True
    address = own_address()
    target = probe.get('httpGet') or probe.get('tcpSocket') or {}
    if not target or target.get('scheme', 'HTTP') != 'HTTP':
        return None
    # The source address tells the capture to let it through.
    place, source = (target.get('host') or address, target['port']), ('::6' if ':' in address else '127.0.0.6', 0)
    try:
        with socket.create_connection(place, probe.get('timeoutSeconds', 1), source) as plain:
            if 'httpGet' not in probe:
                return True
            asking = http.client.HTTPConnection(*place)
            asking.sock = plain
            headers = {header['name']: header['value'] for header in target.get('httpHeaders') or []}
            asking.request('GET', target.get('path') or '/', headers=headers)
            return 200 <= asking.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False


# ---------------------------------------------------------------------------------------------------------------------
# 9. Commands
# ---------------------------------------------------------------------------------------------------------------------

def join(options):
    """Tells this machine what to join, installs the timer, and joins."""
    if options.group or options.namespace or options.credential:
        kind, _, rest = (options.credential or '').partition(':')
        credential = dict(part.partition('=')[::2] for part in rest.split(',') if part)
        credential['kind'] = kind
        if not options.group or not options.namespace or kind not in list(CREDENTIALS) + ['kubeconfig']:
            raise Trouble(USAGE, '--namespace, --group and --credential (eks, gke, aks, tokenFile, kubeconfig) are needed')
        if kind != 'kubeconfig' and not options.api_server:
            raise Trouble(USAGE, '--api-server is needed')
        config = {'schemaVersion': 1, 'namespace': options.namespace, 'group': options.group, 'credential': credential,
                  'apiServer': options.api_server,
                  'caCertificate': read(options.ca_file).decode() if options.ca_file else None}
        write(JOIN, json.dumps(config, indent=1).encode())
    read_join()
    if MANAGED and os.path.realpath(__file__) != os.path.realpath(AGENT):
        write(AGENT, read(os.path.realpath(__file__)), 0o755)
    with locked():
        state = load_state()
        state.pop('boot', None)  # Everything is read again, as after a reboot.
        if os.path.exists(RELEASED):
            state.pop('started', None)  # Starts the sidecar again.
            come_back()
        save_state(state)
        remove(RELEASED)
        write_units(state, JOIN_RETRY_SECONDS)
        systemctl('enable', 'meshvm-refresh.service', 'meshvm-refresh.timer')
        systemctl('start', '--no-block', 'meshvm-refresh.timer')
        # The cluster may learn of this machine's identity a little later than it boots.
        pause, end = 1, time.time() + options.wait
        while True:
            try:
                return refresh_once()
            except Trouble as trouble:
                if trouble.code not in (UNREACHABLE, REFUSED) or time.time() + pause > end:
                    raise
                log('{}; trying again in {} s'.format(trouble.cause, pause))
            time.sleep(pause)
            pause = min(pause * 2, 15)


def refresh(_options):
    with locked():
        if os.path.exists(RELEASED):
            log('released from the mesh ({}); meshvm join takes this machine back'.format(read(RELEASED).decode().strip()))
        else:
            refresh_once()


def status(options):
    state, ready, token = load_state(), sidecar_ready(), claims_of(read(TOKEN).decode('utf-8', 'replace'))
    certificate = certificate_facts() or {}
    facts = [('ready', ready), ('released', os.path.exists(RELEASED)), ('identity', certificate.get('name')),
             ('certificateExpires', certificate.get('expires')), ('tokenExpires', token.get('exp')),
             ('istiod', state.get('hosts')), ('lastRefresh', state.get('refreshed')), ('lastError', state.get('error')),
             ('failures', state.get('failures', 0)), ('apiRequests', state.get('requests')),
             ('networkGivenBack', bool(state.get('givenBack'))), ('hostFirewall', firewall_status(state)),
             ('dns', dns_status(state))]
    if options.json:
        print(json.dumps(dict(facts), indent=1))
    else:
        for name, value in facts:
            if name in ('certificateExpires', 'tokenExpires', 'lastRefresh') and value:
                value = '{} ({:+.0f} min)'.format(time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime(value)),
                                                  (value - time.time()) / 60)
            print('{:20} {}'.format(name, value))
    return OK if ready else BROKEN


def firewall_status(state):
    if not state.get('firewallWanted'):
        return 'off'
    driven = ''.join(', and ' + other.name for other in OTHERS if other.marked() and other.active())
    return 'in place' + driven if firewall_rules() else 'not in place'


def dns_status(state):
    mode = state.get('dns')
    if mode not in ROUTED:
        return mode
    try:
        dns = json.loads(read(DNS).decode())
        return '{}, {}'.format(mode, 'in place' if dns['mode'] == mode and dns_in_place(dns) else 'not in place')
    except (ValueError, KeyError, TypeError):
        return mode + ', not in place'


def guard(_options):
    """Dead man's switch: run by its timer when a first join has had its time."""
    with locked():
        state = load_state()
        if state.get('joined') or sidecar_ready():
            state['joined'] = True
        else:
            state['givenBack'] = int(time.time())
            save_state(state)
            log('the first join has failed: {}; refresh starts it again when istiod answers (meshvm doctor says what is '
                'wrong)'.format(give_network_back()))
            stop_sidecar('disable', 'istio.service')
        save_state(state)


def release(_options):
    """Takes this machine out of the mesh and gives it its network back. Depends on nothing that may be broken."""
    try:
        os.makedirs(STATE_FOLDER, exist_ok=True)
        write(RELEASED, b'by hand\n')
    except OSError as error:
        log('can not note the release ({}): the units are disabled all the same'.format(error))
    done = give_network_back()
    for unit in ('meshvm-refresh.timer', 'meshvm-refresh.service', 'meshvm-guard.timer', 'istio.service'):
        stop_sidecar('disable', '--now', unit)
    come_back()
    with contextlib.suppress(OSError):
        set_hosts([])
    left = capture_found()
    if left:
        raise Trouble(MACHINE, 'capture rules are left in ' + ', '.join(left), 'run it as root')
    refuse_to_leave_rules()
    if dns_link_exists():
        raise Trouble(MACHINE, 'the link {} is left'.format(DNS_LINK), 'run it as root')
    log('released: {}; meshvm join takes this machine back'.format(done))


def drain(options):
    """Takes the machine out of its Services, lets connections end, then takes it out of the mesh until the next join."""
    os.makedirs(STATE_FOLDER, exist_ok=True)
    write(RELEASED, b'drained\n')
    stop_sidecar('stop', 'meshvm-refresh.timer')
    leave_services(load_state().get('absence'))
    try:
        get_local('http://127.0.0.1:15020/drain', method='POST')
        log('draining for {} s'.format(options.seconds))
        time.sleep(options.seconds)
    except OSError as error:
        log('the sidecar does not drain ({}); stopping it'.format(error))
    if stop_sidecar('disable', '--now', 'istio.service'):
        come_back()  # Without systemd the sidecar still runs, and would register again: join takes the rules away.
    log('drained: it takes no traffic until the next meshvm join')


def leave_services(absence):
    """Lets istiod take the machine off its Services while the sidecar still serves, so that no caller meets a closed door."""
    try:
        if absence and istiod_connections(absence['port']):
            tool = cut_off(absence['host'], absence['port'])
            log('leaving the Services of the mesh' if not tool else
                'callers find out when the sidecar stops: {} can not keep it from istiod'.format(tool))
            if not tool:
                let_istiod_notice(absence['port'], absence['seconds'])
    except OSError as error:  # Such as a name that does not resolve.
        log('callers find out when the sidecar stops: {}'.format(error))


def stop_sidecar(*arguments):
    """Tells whether systemd has done it."""
    try:
        systemctl(*arguments)
        return MANAGED
    except Trouble as trouble:
        log(trouble.cause)
        return False


def give_network_back():
    """Stops the sidecar, takes away what is left of its capture and the firewall, and says what was done."""
    stopped = stop_sidecar('stop', 'istio.service')
    capture, firewall = remove_capture(), remove_firewall() + remove_dns()
    return '{}capture rules removed: {}{}'.format(
        'the sidecar is stopped, which ends its capture; further ' if stopped else 'the sidecar is not stopped; ',
        capture, '; {} removed'.format(', '.join(firewall)) if firewall else '')


# ---------------------------------------------------------------------------------------------------------------------
# 10. Doctor: from the name of istiod to the mesh, in the order in which things depend on each other
# ---------------------------------------------------------------------------------------------------------------------

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


class Examination:
    """What the probes find out and hand on to later ones. A probe returns what is fine, or raises Trouble."""

    def __init__(self):
        self.config = self.cluster = self.settings = self.environment = None

    def settings_of_machine(self):
        """settings"""
        self.config = read_join()
        return '{namespace}/{group}'.format(**self.config)

    def credential(self):
        """credential"""
        self.cluster = Cluster(self.config)
        self.settings, self.environment, _mesh = self.cluster.bundle()
        return 'the API server knows this machine and gives it its bundle'

    def clock(self):
        """clock"""
        offset = clock_offset(self.cluster.connection.date)
        if abs(offset) > 60:
            raise Trouble(BROKEN, 'this clock is {:+.0f} s off'.format(offset), 'time synchronisation of the machine')
        return '{:+.0f} s from the API server'.format(offset)

    def name(self):
        """name of istiod"""
        host = self.settings['istiod']['host']
        try:
            return '{} is {}'.format(host, ', '.join(resolve(host)))
        except OSError as error:
            hint = 'istiodAccess: the DNS record of that name'
            if self.settings['istiod']['access'] == 'hostsEntry':
                hint = 'meshvm refresh writes it to /etc/hosts; the gateway needs an address (loadBalancer of EastWestGateway)'
            raise Trouble(BROKEN, '{} does not resolve: {}'.format(host, error), hint)

    def tcp(self):
        """TCP to istiod"""
        istiod = self.settings['istiod']
        try:
            with as_sidecar():
                socket.create_connection((istiod['host'], istiod['port']), 5).close()
        except OSError as error:
            raise Trouble(BROKEN, '{host}:{port} does not answer: {}'.format(error, **istiod),
                          'firewall between machine and gateway (port {port}), the gateway itself'.format(**istiod))
        return 'port {port} answers'.format(**istiod)

    def tls(self):
        """TLS with istiod"""
        if not os.path.exists(ROOT_CERTIFICATE):
            raise Trouble(BROKEN, 'there is no root certificate yet', 'meshvm refresh')
        try:
            greet_istiod(self.settings)
        except OSError as error:
            text, hint = str(error), 'the gateway must pass TLS through by SNI to istiod (EastWestGateway)'
            if 'not yet valid' in text or 'expired' in text:
                hint = 'time synchronisation of the machine'
            elif "doesn't match" in text or 'Hostname mismatch' in text:
                hint = 'istiodAccess: istiod must run with ISTIOD_CUSTOM_HOST set to this name (ControlPlane)'
            elif 'CERTIFICATE_VERIFY_FAILED' in text:
                hint = 'another mesh answers, or its root changed: istio-ca-root-cert of the namespace, meshvm refresh'
            raise Trouble(BROKEN, text, hint)
        return 'its certificate is from our root and carries the name'

    def token(self):
        """token"""
        problem = token_problem(read(TOKEN).decode('utf-8', 'replace'), self.settings['identity'])
        if problem:
            raise Trouble(BROKEN, problem, 'meshvm refresh; serviceAccount of the group')
        return 'audience and ServiceAccount are right, it has not expired'

    def files(self):
        """files"""
        if not read(CLUSTER_ENV).decode().startswith(self.environment):
            raise Trouble(BROKEN, 'cluster.env is not what the bundle says', 'meshvm refresh')
        if not os.stat(MESH).st_mode & 0o004:
            raise Trouble(BROKEN, 'the sidecar may not read /etc/istio/config/mesh', 'chmod 0644, or meshvm refresh')
        for line in read(HOSTS).decode('utf-8', 'replace').splitlines():
            words = line.split('#')[0].split()
            if self.settings['istiod']['host'] in words[1:] and not line.rstrip().endswith(HOSTS_MARK.decode()):
                raise Trouble(BROKEN, '/etc/hosts has a line of somebody else: ' + line, 'remove that line')
        return 'as the bundle says'

    def host_firewall(self):
        """host firewall"""
        if not self.settings['firewall']:
            return None
        if not firewall_rules():
            raise Trouble(BROKEN, 'not in place: plain text comes in while the sidecar is stopped', 'meshvm refresh says why')
        if not loads_at_boot():
            raise Trouble(BROKEN, 'it would not come back at boot', 'meshvm refresh')
        others = other_firewalls()
        for other in others:
            refused = other.refused(self.settings['openings'] or [])
            if refused:
                raise Trouble(BROKEN, '{} is active, too, and refuses '.format(other.name) + ', '.join(
                    '{1}/{0} from {2}'.format(*opening) for opening in refused),
                    'meshvm refresh says why, or a rule of somebody else for that port refuses it')
        return 'in place' + ''.join('; {} lets pass what it lets pass'.format(other.name) for other in others)

    def capture(self):
        """capture"""
        if not MANAGED:
            return 'left to whatever runs the sidecar here'
        found = capture_found()
        if not found:
            raise Trouble(BROKEN, 'no capture rules: plain text goes in and out', 'systemctl status istio, meshvm join')
        return 'by ' + ', '.join(found)

    def certificate(self):
        """certificate"""
        wanted = 'spiffe://{trustDomain}/ns/{namespace}/sa/{serviceAccount}'.format(**self.settings['identity'])
        facts = certificate_facts()
        if facts is None:
            raise Trouble(BROKEN, 'the sidecar has got no certificate', 'journalctl -t istio (istiod refuses the token?)')
        if facts['name'] != wanted:
            raise Trouble(BROKEN, 'the certificate says {}, the group {}'.format(facts['name'], wanted), 'meshvm refresh')
        if facts['expires'] < time.time():
            raise Trouble(BROKEN, 'the certificate has expired', 'meshvm refresh, then journalctl -t istio')
        return facts['name']

    def registration(self):
        """registration"""
        if not sidecar_ready():
            raise Trouble(BROKEN, 'the sidecar is not ready', 'journalctl -t istio')
        # Envoy's one stream of configuration, which pilot-agent ends when istiod ends its own.
        if not re.search(r': [1-9]', get_local('http://127.0.0.1:15000/stats?filter=xds-grpc.*http2.streams_active')):
            raise Trouble(BROKEN, 'istiod has ended the connection', "log of istiod: registration refused (the group's CIDRs, "
                          'labels, ServiceAccount)')
        return 'connected; the WorkloadEntry itself this machine may not read'

    def locality(self):
        """locality"""
        node = json.loads(get_local('http://127.0.0.1:15000/server_info')).get('node', {})
        place = node.get('locality') or {}
        return '/'.join(filter(None, (place.get('region'), place.get('zone')))) or 'none (locality of the group)'

    def services(self):
        """services"""
        clusters = get_local('http://127.0.0.1:15000/clusters')
        for service in self.settings.get('services') or []:
            for port in service['ports']:
                if 'inbound|{}||'.format(port) not in clusters:
                    raise Trouble(BROKEN, '{} does not select this machine on port {}'.format(service['host'], port),
                                  'ports and services of the group')
        if is_endpoint(self.settings) is False:
            raise Trouble(BROKEN, 'the mesh does not send anything to this machine: it counts as not ready',
                          "the application and the group's readiness probe; if the application answers, meshvm refresh")
        return 'every Service of the group selects this machine'

    def resolver(self):
        """resolver"""
        dns = self.settings['dns']
        if dns['mode'] not in ROUTED:
            return None
        refuse_without_resolved(dns['mode'])
        if not dns_in_place(dns):
            raise Trouble(BROKEN, 'systemd-resolved does not send names of the mesh to ' + dns_target(dns),
                          'meshvm refresh says why (resolvectl status {})'.format(DNS_LINK))
        place = ('127.0.0.1', 15053) if dns['mode'] == 'split' else (dns['address'], 53)
        try:
            with as_sidecar():
                socket.create_connection(place, 5).close()
        except OSError as error:
            raise Trouble(BROKEN, 'nobody answers for names of the mesh at {}:{}: {}'.format(*place, error),
                          'the sidecar (journalctl -t istio)' if dns['mode'] == 'split' else 'address of DnsMode.coreDns')
        return 'systemd-resolved sends {} to {}'.format(', '.join(dns['domains']), dns_target(dns))

    def mesh_names(self):
        """names of the mesh"""
        host = next((service['host'] for service in self.settings.get('services') or []), None)
        if self.settings['dns']['mode'] == 'off' or not host:
            return 'not to be asked of the sidecar'
        try:
            socket.getaddrinfo(host, None)  # Not as the sidecar, whose own queries are not captured.
            return host + ' resolves'
        except OSError as error:
            line = re.search(r'(?m)^\s*hosts:.*', read(ROOT + '/etc/nsswitch.conf').decode('utf-8', 'replace'))
            if self.settings['dns']['mode'] == 'capture' and line and re.search(
                    r'\bresolve\s*\[[^]]*=return\].*\bdns\b', line.group(), re.IGNORECASE):
                raise Trouble(BROKEN, '{}: {}; systemd-resolved answers, not the sidecar: {}'.format(host, error, line.group()),
                              'remove resolve [...] from the line hosts of /etc/nsswitch.conf, or package libnss-resolve')
            return '{} does not resolve ({}): perhaps it is not in the scope of this machine'.format(host, error)


PROBES = ('settings_of_machine', 'credential', 'clock', 'name', 'tcp', 'tls', 'token', 'files', 'host_firewall', 'capture',
          'certificate', 'registration', 'locality', 'services', 'resolver', 'mesh_names')


def doctor(options):
    examination, results = Examination(), []
    for probe in PROBES:
        step = getattr(examination, probe)
        try:
            detail = step()
            if detail is not None:  # Else there is nothing of that kind on this machine.
                results.append({'probe': step.__doc__, 'ok': True, 'detail': detail})
        except (Trouble, OSError) as error:
            results.append({'probe': step.__doc__, 'ok': False, 'cause': str(error), 'change': getattr(error, 'change', '')})
            break
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        for result in results:
            verdict = 'ok  ' if result['ok'] else 'FAIL'
            print('{} {:16} {}'.format(verdict, result['probe'], result.get('detail') or result['cause']))
            if result.get('change'):
                print('     change: ' + result['change'])
    return OK if results[-1]['ok'] else BROKEN


def main(arguments):
    parser = argparse.ArgumentParser('meshvm', description='Makes this machine a member of an Istio mesh, and keeps it one.',
                                     epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest='command', metavar='command')

    def command(run_it, text):
        added = commands.add_parser(run_it.__name__, help=text, description=text, epilog=EXIT_CODES,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
        added.set_defaults(run=run_it)
        return added

    joining = command(join, 'join the mesh now and at every boot; without options, as /etc/meshvm/join.json says')
    joining.add_argument('--api-server', help='URL of the Kubernetes API')
    joining.add_argument('--ca-file', help='PEM file of the CA of that URL')
    joining.add_argument('--namespace', help='namespace of the group')
    joining.add_argument('--group', help='name of the MeshVmGroup')
    joining.add_argument('--credential', help='eks:cluster=NAME | gke: | aks:[clientId=ID] | tokenFile:path=FILE | '
                                              'kubeconfig:path=FILE[,context=NAME]')
    joining.add_argument('--wait', type=int, default=60, help='seconds to keep trying before leaving it to the timer (60)')
    command(refresh, 'do once what the timer does: follow bundle, gateway, root certificate and token')
    command(status, 'say how this machine stands').add_argument('--json', action='store_true')
    command(doctor, 'find the first broken link to the mesh, its cause and what to change').add_argument(
        '--json', action='store_true')
    command(drain, 'let connections end and leave the mesh until the next join').add_argument(
        '--seconds', type=int, default=10, help='time for connections to end (10)')
    command(release, 'leave the mesh at once, remove capture and firewall; works when everything else is broken')
    command(guard, 'used by its timer: give the network back when the first join has failed')
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return USAGE
    try:
        return options.run(options) or OK
    except Trouble as trouble:
        log('{}{}'.format(trouble.cause, '; to change: ' + trouble.change if trouble.change else ''))
        return trouble.code
    except OSError as error:
        log('this machine is in the way: {}'.format(error))
        return MACHINE
    except (KeyError, TypeError, ValueError) as error:
        log('something that this machine was told has an unexpected form: {!r}'.format(error))
        return BUNDLE


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # Ends like by an error: what is begun is undone.
    sys.exit(main(sys.argv[1:]))
