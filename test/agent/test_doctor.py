"""doctor: each broken link is the one it names, with a cause and what to change."""
import contextlib
import io
import json
import os
import socket
import time
import unittest
import warnings
from unittest import mock

from support import MESH_CA, Cluster, Machine, Server, certificate, certificate_authority, load_agent, web_token

SPIFFE = 'spiffe://cluster.local/ns/payments/sa/payment-service'
NAME = 'payment-service.payments.svc.cluster.local'
GET_ADDRESS = socket.getaddrinfo
ISTIOD = certificate('istiod', MESH_CA, 'DNS:localhost')
STRANGER = certificate('stranger', certificate_authority('doctor-other-ca'), 'DNS:localhost')
OTHER_NAME = certificate('istiod-other-name', MESH_CA, 'DNS:istiod.elsewhere.svc')
WORKLOAD = certificate('workload', MESH_CA, 'URI:' + SPIFFE)
FOREIGN_WORKLOAD = certificate('foreign-workload', MESH_CA, 'URI:' + SPIFFE.replace('payment-service', 'other'))


class Doctor(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter('ignore', ResourceWarning)  # The process that runs doctor ends with it.
        self.cluster, self.machine = Cluster(), Machine()
        self.addCleanup(self.cluster.close)
        self.istiod(ISTIOD)
        self.machine.write('etc/hosts', '127.0.0.1 machine\n')
        self.machine.configure(self.cluster)
        self.assertEqual(self.machine.run('join').code, 0)
        self.machine.write('etc/certs/cert-chain.pem', WORKLOAD.read_text() + MESH_CA[0])
        with mock.patch.dict(os.environ, self.machine.env):
            self.agent = load_agent()
        self.agent.MANAGED = True
        self.agent.capture_found = lambda: ['iptables-legacy']
        self.local = {'15020/healthz/ready': '', '15000/stats?filter=xds-grpc.*http2.streams_active':
                      'cluster.xds-grpc;.http2.streams_active: 1\n', '15000/clusters': 'inbound|8080||::default_priority\n',
                      '15000/server_info': json.dumps({'node': {'locality': {'region': 'eu-west-1', 'zone': 'eu-west-1a'}}})}
        self.agent.get_local = self.get_local
        self.known = True
        look_up = mock.patch.object(socket, 'getaddrinfo', self.get_address)
        look_up.start()
        self.addCleanup(look_up.stop)

    def get_address(self, host, *arguments, **options):
        if host != NAME:
            return GET_ADDRESS(host, *arguments, **options)
        if not self.known:
            raise socket.gaierror('Name or service not known')
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, '', ('240.240.0.1', 0))]

    def istiod(self, tls, port=None):
        server = Server(tls)
        self.addCleanup(server.close)
        self.cluster.settings['istiod'] = {'host': 'localhost', 'port': port or server.port, 'access': 'hostsEntry'}

    def get_local(self, url, *_arguments):
        path = url.replace('http://127.0.0.1:', '')
        if path not in self.local:
            raise OSError(url + ' does not answer')
        return self.local[path]

    def examine(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = self.agent.main(['doctor', '--json'])
        return code, json.loads(output.getvalue())

    def broken(self, probe, cause, change):
        code, results = self.examine()
        self.assertEqual(code, 1, results)
        last = results[-1]
        self.assertEqual((last['probe'], last['ok']), (probe, False), last)
        self.assertTrue(all(result['ok'] for result in results[:-1]))
        self.assertIn(cause, last['cause'])
        self.assertIn(change, last['change'])

    def test_a_machine_in_the_mesh(self):
        code, results = self.examine()
        self.assertEqual(code, 0, results)
        self.assertEqual([result['probe'] for result in results], [
            'settings', 'credential', 'bundle', 'clock', 'name of istiod', 'TCP to istiod', 'TLS with istiod', 'token', 'files',
            'capture', 'certificate', 'registration', 'locality', 'services', 'names of the mesh'])
        self.assertEqual(results[-3]['detail'], 'eu-west-1/eu-west-1a')
        self.assertEqual(results[-1]['detail'], NAME + ' resolves')

    def test_in_words(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.agent.main(['doctor'])
        self.assertEqual(len(output.getvalue().splitlines()), 15)

    def test_never_told_what_to_join(self):
        (self.machine.root / 'etc/meshvm/join.json').unlink()
        self.broken('settings', 'never told', 'meshvm join --help')

    def test_a_machine_that_the_cluster_does_not_know(self):
        self.cluster.answers[self.cluster.BUNDLE] = (401, {'message': 'Unauthorized'})
        self.broken('credential', '401', 'access entry')

    def test_a_machine_without_rights(self):
        self.cluster.answers[self.cluster.BUNDLE] = (403, {'message': 'forbidden: User "x"'})
        self.broken('credential', 'User "x"', 'RBAC subject')

    def test_no_route_to_the_api_server(self):
        self.machine.configure(self.cluster, apiServer='https://127.0.0.1:1')
        self.broken('credential', '127.0.0.1:1 does not answer', 'firewall')

    def test_a_clock_that_is_off(self):
        self.cluster.clock_ahead = -120
        self.broken('clock', 'this clock is +12', 'time synchronisation')

    def test_a_name_that_does_not_resolve(self):
        self.cluster.settings['istiod']['host'] = 'istiod.does-not-exist.invalid'
        self.broken('name of istiod', 'does not resolve', 'EastWestGateway')
        self.cluster.settings['istiod']['access'] = 'dnsName'
        self.broken('name of istiod', 'does not resolve', 'istiodAccess')

    def test_a_closed_port(self):
        self.cluster.settings['istiod']['port'] = 1
        self.broken('TCP to istiod', 'localhost:1 does not answer', 'port 1')

    def test_the_control_plane_of_another_mesh(self):
        self.istiod(STRANGER)
        self.broken('TLS with istiod', 'CERTIFICATE_VERIFY_FAILED', 'istio-ca-root-cert')

    def test_a_certificate_without_the_name(self):
        self.istiod(OTHER_NAME)
        self.broken('TLS with istiod', 'localhost', 'ISTIOD_CUSTOM_HOST')

    def test_a_port_that_speaks_no_tls(self):
        self.istiod(None)
        self.broken('TLS with istiod', '', 'SNI')

    def test_tokens_that_istiod_refuses(self):
        for token, cause in (('', 'no token'), (web_token(subject='system:serviceaccount:a:b'), 'belongs to'),
                             (web_token(audience='api'), 'meant for'), (web_token(issued=time.time() - 9999), 'expired')):
            with self.subTest(cause):
                self.machine.write('var/run/secrets/tokens/istio-token', token)
                self.broken('token', cause, 'meshvm refresh')

    def test_files_of_an_earlier_bundle(self):
        self.cluster.cluster_env = self.cluster.cluster_env.replace('8080', '8081')
        self.broken('files', 'not what the bundle says', 'meshvm refresh')

    def test_a_mesh_file_that_the_sidecar_can_not_read(self):
        (self.machine.root / 'etc/istio/config/mesh').chmod(0o600)
        self.broken('files', 'may not read', '0644')

    def test_a_hosts_line_of_somebody_else(self):
        self.machine.write('etc/hosts', '10.0.0.9 localhost\n')
        self.broken('files', '10.0.0.9 localhost', 'remove that line')

    def test_no_capture(self):
        self.agent.capture_found = lambda: []
        self.broken('capture', 'plain text', 'systemctl status istio')

    def test_no_certificate(self):
        (self.machine.root / 'etc/certs/cert-chain.pem').unlink()
        self.broken('certificate', 'no certificate', 'journalctl')

    def test_a_certificate_of_another_identity(self):
        self.machine.write('etc/certs/cert-chain.pem', FOREIGN_WORKLOAD.read_text())
        self.broken('certificate', 'sa/other', 'meshvm refresh')

    def test_an_expired_certificate(self):
        with mock.patch.object(self.agent, 'certificate_facts', lambda: {'name': SPIFFE, 'expires': time.time() - 1}):
            self.broken('certificate', 'expired', 'meshvm refresh')

    def test_a_sidecar_that_is_not_ready(self):
        del self.local['15020/healthz/ready']
        self.broken('registration', 'not ready', 'journalctl')

    def test_a_refused_registration(self):
        self.local['15000/stats?filter=xds-grpc.*http2.streams_active'] = 'cluster.xds-grpc;.http2.streams_active: 0\n'
        self.broken('registration', 'ended the connection', 'CIDRs')

    def test_no_service_selects_the_machine(self):
        self.local['15000/clusters'] = 'outbound|8080||x::\n'
        self.broken('services', 'does not select this machine on port 8080', 'services of the group')

    def test_systemd_resolved_before_the_sidecar(self):
        self.known = False
        for line in ('hosts: files resolve [!UNAVAIL=return] dns', 'hosts:  mymachines resolve [NOTFOUND=RETURN SUCCESS=return] dns',
                     '  hosts: files mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] dns'):
            with self.subTest(line):
                self.machine.write('etc/nsswitch.conf', 'passwd: files\n{}\nnetworks: files\n'.format(line))
                self.broken('names of the mesh', 'resolve', 'libnss-resolve')

    def test_a_name_that_is_unknown_for_another_reason(self):
        self.known = False
        for line in ('hosts: files dns', 'hosts: files resolve dns', 'hosts: files dns resolve [!UNAVAIL=return]', '# hosts: files'):
            with self.subTest(line):
                self.machine.write('etc/nsswitch.conf', 'passwd: files\n{}\n'.format(line))
                code, results = self.examine()
                self.assertEqual(code, 0)
                self.assertIn('perhaps it is not in the scope', results[-1]['detail'])

    def test_names_are_not_the_sidecars_business_without_dns_capture(self):
        self.known, self.cluster.settings['dns'] = False, {'mode': 'off'}
        code, results = self.examine()
        self.assertEqual((code, results[-1]['detail']), (0, 'not to be asked of the sidecar'))


if __name__ == '__main__':
    unittest.main()
