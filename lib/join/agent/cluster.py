"""Cluster: what this machine asks of the Kubernetes API, with its credential."""
import json
import re
import time

from .trouble import BUNDLE, CONFIG, REFUSED, Trouble, UNREACHABLE
from .network import Connection, clock_offset, trusting
from .credentials import CREDENTIALS
from .kubeconfig import read_kubeconfig


def bearer(credential):
    try:
        return CREDENTIALS[credential['kind']](credential)
    except (OSError, ValueError) as error:
        raise Trouble(UNREACHABLE, 'no credential of kind {}: {}'.format(credential['kind'], error),
                      'give the machine an identity (instance profile, service account, managed identity, token file)')
    except KeyError as error:
        raise Trouble(CONFIG, 'the credential lacks {}'.format(error), 'credential')


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
        if not re.match('https://', server or '', re.IGNORECASE):
            raise Trouble(CONFIG, 'the API server {} is no https URL: a credential never goes in clear'.format(server),
                          'apiServer (of a kubeconfig: clusters[].cluster.server)')
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
            return an_object(answer)
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

    def root_certificate(self):
        pem = self.config_map('istio-ca-root-cert').get('root-cert.pem', '')
        if not certificates_of(pem.encode()):
            raise Trouble(BUNDLE, 'ConfigMap istio-ca-root-cert holds no certificate', 'is istiod running?')
        return pem.encode()


def an_object(answer):
    try:
        found = json.loads(answer.decode())
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        raise ValueError('the API server answers {!r}'.format(answer[:200]))
    return found


def certificates_of(pem):
    """The certificates in a PEM text, as a set of their normalized content."""
    found = re.findall(rb'-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----', pem, re.DOTALL)
    return {b''.join(body.split()) for body in found}
