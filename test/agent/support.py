"""What the tests of the agent stand on: a machine in a folder, an API server with TLS, a metadata service, stub commands."""
import atexit
import base64
import contextlib
import hashlib
import http.server
import importlib.util
import json
import os
import shutil
import socketserver
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
MODULES = REPOSITORY / 'lib/join/agent'
# The interpreter that runs the agent, such as a Python 3.6; the tests themselves may need a later one.
PYTHON = os.environ.get('MESHVM_TEST_PYTHON', sys.executable)
FOLDER = Path(tempfile.mkdtemp(prefix='meshvm-agent-'))
IPTABLES = [six + kind for kind in ('-legacy', '-nft') for six in ('iptables', 'ip6tables')]
atexit.register(shutil.rmtree, str(FOLDER), ignore_errors=True)


def joined_programs():
    """Folder of the programs as machines get them. Processes that a test starts find it in their environment."""
    if 'MESHVM_TEST_PROGRAMS' not in os.environ:
        subprocess.run(['node_modules/.bin/tsx', 'projenrc/agent-programs.ts', str(FOLDER / 'programs')], cwd=str(REPOSITORY),
                       check=True)
        os.environ['MESHVM_TEST_PROGRAMS'] = str(FOLDER / 'programs')
    return Path(os.environ['MESHVM_TEST_PROGRAMS'])


AGENT = joined_programs() / 'meshvm.py'
FIRST_STAGE = AGENT.with_name('meshvm-first-stage.py')
CERTIFICATE = AGENT.with_name('meshvm-certificate.py')


def optional(name):
    """A module of requirements.txt. Its absence skips a test by hand and fails it in CI."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get('CI'):
            raise
        raise unittest.SkipTest('pip install -r test/agent/requirements.txt')


def load_agent():
    """The agent as a module, for tests of its functions."""
    spec = importlib.util.spec_from_file_location('meshvm_agent', str(AGENT))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def certificate_authority(name):
    """(PEM, key file) of a new CA."""
    key, pem = FOLDER / (name + '.key'), FOLDER / (name + '.pem')
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30',
            '-subj', '/CN=' + name, '-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', key, '-out', pem)
    return pem.read_text(), pem, key


def certificate(name, authority, subject_alternative_name, days=30):
    """Path of a PEM file with key and certificate, signed by an authority."""
    _pem, ca, ca_key = authority
    key, request, signed, extension = (FOLDER / (name + ending) for ending in ('.key', '.csr', '.crt', '.ext'))
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=' + name,
            '-keyout', key, '-out', request)
    # What Python 3.13 demands of a certificate (RFC 5280).
    extension.write_text('subjectAltName={}\nauthorityKeyIdentifier=keyid\n'.format(subject_alternative_name))
    openssl('x509', '-req', '-in', request, '-CA', ca, '-CAkey', ca_key, '-CAcreateserial', '-days', str(days),
            '-extfile', extension, '-out', signed)
    both = FOLDER / (name + '.both')
    both.write_text(signed.read_text() + key.read_text())
    return both


def openssl(*arguments):
    subprocess.run(['openssl'] + [str(argument) for argument in arguments], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def web_token(lifetime=3600, issued=None, subject='system:serviceaccount:payments:payment-service', audience='istio-ca'):
    issued = time.time() if issued is None else issued

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip('=')

    claims = {'sub': subject, 'aud': [audience], 'iat': int(issued), 'exp': int(issued + lifetime)}
    return '.'.join([part({'alg': 'none'}), part(claims), 'signature'])


def claims(token):
    body = token.split('.')[1] if token.count('.') == 2 else ''
    try:
        return json.loads(base64.urlsafe_b64decode(body + '=' * (-len(body) % 4)).decode())
    except ValueError:
        return None


class Server:
    """An HTTP server whose answers are `answers[(method, path)] = (status, JSON or text)`; it keeps what it was asked."""

    def __init__(self, tls=None):
        self.answers, self.asked, self.headers = {}, [], {}
        self.clock_ahead = 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            disable_nagle_algorithm = True
            wbufsize = -1

            def date_time_string(self, timestamp=None):
                return super().date_time_string(time.time() + owner.clock_ahead)

            def reply(self):
                length = int(self.headers.get('Content-Length') or 0)
                body = self.rfile.read(length)
                owner.asked.append((self.command, self.path, body))
                owner.headers = dict(self.headers)
                answer = owner.answers.get((self.command, self.path), (404, {'message': 'not found'}))
                if callable(answer):
                    answer = answer(body)
                status, content = answer
                data = content if isinstance(content, bytes) else (
                    content if isinstance(content, str) else json.dumps(content)).encode()
                self.send_response(status)
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = reply

            def log_message(self, *_arguments):
                pass

        class Quiet(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True

            def handle_error(self, *_arguments):
                pass

        self.http = Quiet(('127.0.0.1', 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(str(tls))
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.port = self.http.server_address[1]
        self.url = '{}://127.0.0.1:{}'.format('https' if tls else 'http', self.port)
        threading.Thread(target=self.http.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


CA = certificate_authority('cluster-ca')
SERVER_CERTIFICATE = certificate('api-server', CA, 'IP:127.0.0.1')
MESH_CA = certificate_authority('mesh-ca')

CLUSTER_ENV = """CANONICAL_SERVICE='payment-service'
ISTIO_INBOUND_PORTS='8080'
ISTIO_META_CLUSTER_ID='prod-eu'
POD_NAMESPACE='payments'
SERVICE_ACCOUNT='payment-service'
TRUST_DOMAIN='cluster.local'
"""
MESH_YAML = 'defaultConfig:\n  discoveryAddress: "istiod.istio-system.svc:15012"\n'


class Cluster(Server):
    """The API server, with the objects of one group."""

    def __init__(self):
        super().__init__(SERVER_CERTIFICATE)
        self.cluster_env, self.mesh_yaml, self.root = CLUSTER_ENV, MESH_YAML, MESH_CA[0]
        self.ingress = [{'ip': '127.0.0.1'}]
        self.token = web_token
        self.settings = {
            'schemaVersion': 1,
            'istio': {'version': '1.31.1', 'packages': None},
            'refreshIntervalSeconds': 300,
            'restart': {'jitterSeconds': 0, 'minimumIntervalSeconds': 300, 'absenceSeconds': 15},
            'deadManSeconds': 300,
            'istiod': {'host': 'istiod.istio-system.svc', 'port': 15012, 'access': 'hostsEntry'},
            'gateway': {'namespace': 'istio-system', 'service': 'istio-eastwestgateway'},
            'identity': {'namespace': 'payments', 'serviceAccount': 'payment-service', 'trustDomain': 'cluster.local',
                         'audience': 'istio-ca', 'tokenLifetimeSeconds': 3600, 'clusterName': 'prod-eu'},
            'capture': {'excludeCidrs': ['169.254.169.254/32']},
            'dns': {'mode': 'capture'},
            'services': [{'host': 'payment-service.payments.svc.cluster.local', 'ports': [8080]}],
        }
        config_maps = '/api/v1/namespaces/payments/configmaps/'
        self.BUNDLE = ('GET', config_maps + 'payment-service-bootstrap')
        self.ROOT = ('GET', config_maps + 'istio-ca-root-cert')
        self.TOKEN = ('POST', '/api/v1/namespaces/payments/serviceaccounts/payment-service/token')
        self.GATEWAY = ('GET', '/api/v1/namespaces/istio-system/services/istio-eastwestgateway')
        self.answers.update({
            self.BUNDLE: lambda _: (200, {'data': {'settings.json': json.dumps(self.settings),
                                                   'cluster.env': self.cluster_env, 'mesh.yaml': self.mesh_yaml}}),
            self.ROOT: lambda _: (200, {'data': {'root-cert.pem': self.root}}),
            self.TOKEN: lambda _: (201, {'status': {'token': self.token()}}),
            self.GATEWAY: lambda _: (200, {'spec': {}, 'status': {'loadBalancer': {'ingress': self.ingress}}}),
        })


class Metadata(Server):
    """The metadata services of three clouds."""

    def __init__(self):
        super().__init__()
        base = '/latest/meta-data/'
        self.answers.update({
            ('PUT', '/latest/api/token'): (200, 'imds-session'),
            ('GET', base + 'iam/security-credentials/'): (200, 'payments-role'),
            ('GET', base + 'iam/security-credentials/payments-role'): (
                200, {'AccessKeyId': 'AKIDEXAMPLE', 'SecretAccessKey': 'secret/+x', 'Token': 'tok/+=abc~'}),
            ('GET', base + 'placement/region'): (200, 'eu-west-1'),
            ('GET', base + 'services/domain'): (200, 'amazonaws.com'),
            ('GET', base + 'local-ipv4'): (200, '10.20.0.7'),
            ('GET', '/computeMetadata/v1/instance/service-accounts/default/token'): (200, {'access_token': 'gcp-token'}),
            ('GET', '/computeMetadata/v1/instance/network-interfaces/0/ip'): (200, '10.30.0.7'),
            ('GET', '/metadata/instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress'
                    '?api-version=2021-02-01&format=text'): (200, '10.40.0.7'),
        })
        for client in ('', '&client_id=11-22'):
            self.answers['GET', '/metadata/identity/oauth2/token?api-version=2018-02-01&resource='
                                '6dae42f8-4368-4678-94ff-3960e28e3630' + client] = (200, {'access_token': 'azure-token' + client})


class Result:
    def __init__(self, done):
        self.code, self.output = done.returncode, done.stdout.decode()

    def json(self):
        return json.loads(self.output)


class Machine:
    """A machine in a folder. `systemd` says whether there is a (stub) systemd, which notes what it was asked."""

    def __init__(self, systemd=False):
        self.root = Path(tempfile.mkdtemp(dir=str(FOLDER)))
        self.bin, self.systemd = self.root / 'stubs', systemd
        self.bin.mkdir()
        self.write('etc/machine-id', 'b08dfa6083e7567a1921a715000001fb\n')
        self.write('etc/hosts', '127.0.0.1 localhost\n')
        self.write('proc/sys/kernel/random/boot_id', 'first-boot\n')
        self.env = {'PATH': '{}:{}'.format(self.bin, os.environ['PATH']), 'MESHVM_ROOT': str(self.root),
                    'MESHVM_IMDS_ENDPOINT': 'http://127.0.0.1:1', 'MESHVM_SERVICE_MANAGER': 'systemd' if systemd else 'none'}
        for tool in ('apt-get', 'dpkg-query', 'rpm', 'dnf', 'nft', 'firewall-cmd') + tuple(
                six + 'tables' + kind for six in ('ip', 'ip6') for kind in ('', '-legacy', '-nft')):
            self.stub(tool, 'exit 127')
        self.stub('systemctl', '')
        if systemd:
            # An image with the sidecar in it.
            self.write('usr/local/bin/pilot-agent', 'binary')
            self.stub('dpkg-query', 'echo "install ok installed|1.31.1"')

    def stub(self, name, script):
        path = self.bin / name
        path.write_text('#!/bin/sh\necho "{} $*" >> {}/calls\n{}\n'.format(name, self.root, script))
        path.chmod(0o755)

    def calls(self, name):
        """The arguments of each call of a stub since the last time, in order."""
        path = self.root / 'calls'
        lines = path.read_text().splitlines() if path.exists() else []
        return [line[len(name) + 1:] for line in lines if line.split()[0] == name]

    def forget_calls(self):
        with contextlib.suppress(FileNotFoundError):
            (self.root / 'calls').unlink()

    def write(self, path, content, mode=0o644):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        file.write_bytes(content)
        file.chmod(mode)

    def read(self, path):
        return (self.root / path).read_text()

    def exists(self, path):
        return (self.root / path).exists()

    def mode(self, path):
        return stat.S_IMODE((self.root / path).stat().st_mode)

    @property
    def state(self):
        return json.loads(self.read('var/lib/meshvm/state.json'))

    def change_state(self, **changes):
        self.write('var/lib/meshvm/state.json', json.dumps(dict(self.state, **changes)), 0o600)

    def reboot(self):
        self.write('proc/sys/kernel/random/boot_id', 'boot at {}\n'.format(time.time()))
        shutil.rmtree(str(self.root / 'var/run'), ignore_errors=True)

    def configure(self, cluster, **changes):
        """Writes join.json as user-data does."""
        self.write('secrets/credential', 'secret-of-the-machine\n', 0o600)
        config = {'schemaVersion': 1, 'apiServer': cluster.url, 'caCertificate': CA[0], 'namespace': 'payments',
                  'group': 'payment-service', 'credential': {'kind': 'tokenFile', 'path': '/secrets/credential'}}
        self.write('etc/meshvm/join.json', json.dumps(dict(config, **changes)))

    def run(self, *arguments, **options):
        script = options.pop('script', None)
        command = [PYTHON, '-IS', str(script or AGENT)] + [str(argument) for argument in arguments]
        return Result(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     env=dict(self.env, **options), timeout=60))


class Namespace:
    """A network namespace of its own."""

    def __init__(self, case):
        self.keeper = subprocess.Popen(['unshare', '--net', 'sleep', '600'], stderr=subprocess.DEVNULL)
        case.addCleanup(self.keeper.wait)
        case.addCleanup(self.keeper.kill)
        own = os.readlink('/proc/self/ns/net')
        for _ in range(100):
            if os.path.exists('/proc/{}/ns/net'.format(self.keeper.pid)) and os.readlink(
                    '/proc/{}/ns/net'.format(self.keeper.pid)) != own:
                break
            if self.keeper.poll() is not None:
                case.skipTest('may not make network namespaces here')
            time.sleep(0.02)
        self.command = ['nsenter', '--net=/proc/{}/ns/net'.format(self.keeper.pid), '--']
        self.run('ip link set lo up')

    def run(self, shell, **options):
        done = subprocess.run(self.command + ['sh', '-c', shell], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        if done.returncode:
            raise AssertionError('{}: {}'.format(shell, done.stdout.decode()))
        return done.stdout.decode()

    def rules(self):
        text = ''.join(self.run(tool + '-save') for tool in IPTABLES) + self.run('nft list ruleset; ip rule')
        return [line.strip() for line in text.splitlines() if not line.startswith(('#', ':', '*'))]


def digest(data):
    return hashlib.sha256(data).hexdigest()
