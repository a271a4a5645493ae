"""On the wire: a credential goes to its API server by TLS and to nobody else; nobody holds the agent up or makes it swallow more than it can."""
import socket
import threading
import unittest

from support import CA, FIRST_STAGE, SERVER_CERTIFICATE, Cluster, Machine, Server, digest, load_agent

CONTENT = b'a package' * 1000


class Dripping:
    """A server that sends the start of an answer, then a byte each tenth of a second, for ever."""

    def __init__(self, start):
        self.socket = socket.create_server(('127.0.0.1', 0)) if hasattr(socket, 'create_server') else socket.socket()
        if not hasattr(socket, 'create_server'):
            self.socket.bind(('127.0.0.1', 0))
            self.socket.listen(5)
        self.url = 'http://127.0.0.1:{}'.format(self.socket.getsockname()[1])
        self.start, self.over = start, threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.drip, args=(connection,), daemon=True).start()

    def drip(self, connection):
        try:
            connection.sendall(self.start)
            while not self.over.wait(0.1):
                connection.sendall(b'x')
        except OSError:
            pass

    def close(self):
        self.over.set()
        self.socket.close()


class Deadlines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = load_agent()

    def test_an_answer_that_never_ends_is_no_answer(self):
        for start in (b'', b'HTTP/1.1 200 OK\r\nx-a: ', b'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'):
            with self.subTest(start):
                server = Dripping(start)
                self.addCleanup(server.close)
                connection = self.agent.Connection(server.url, timeout=10, deadline=1)
                with self.assertRaisesRegex(OSError, 'within 1 s'):
                    connection.call('GET', '/')

    def test_a_download_that_never_ends_is_given_up(self):
        server = Dripping(b'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n')
        self.addCleanup(server.close)
        with self.assertRaises(self.agent.Trouble) as caught:
            self.agent.fetch(server.url + '/sidecar', bytearray().extend, 1 << 20, 1)
        self.assertEqual(caught.exception.code, self.agent.UNREACHABLE)

    def test_a_connection_serves_again_after_it(self):
        server, proper = Dripping(b''), Server()
        self.addCleanup(server.close)
        self.addCleanup(proper.close)
        proper.answers['GET', '/'] = (200, 'here')
        with self.assertRaises(OSError):
            self.agent.Connection(server.url, deadline=1).call('GET', '/')
        connection = self.agent.Connection(proper.url, deadline=5)
        self.addCleanup(connection.close)
        self.assertEqual(connection.call('GET', '/'), (200, b'here'))


class Sizes(unittest.TestCase):
    def setUp(self):
        self.agent, self.server = load_agent(), Server()
        self.addCleanup(self.server.close)

    def test_an_answer_larger_than_any_of_kubernetes_is_refused(self):
        self.server.answers['GET', '/'] = (200, b'x' * (self.agent.LARGEST_ANSWER + 1))
        with self.assertRaisesRegex(OSError, 'more than 8388608 bytes'):
            self.agent.Connection(self.server.url).call('GET', '/')

    def test_the_largest_answer_is_taken(self):
        self.server.answers['GET', '/'] = (200, b'x' * self.agent.LARGEST_ANSWER)
        connection = self.agent.Connection(self.server.url)
        self.addCleanup(connection.close)
        self.assertEqual(len(connection.call('GET', '/')[1]), self.agent.LARGEST_ANSWER)

    def test_a_package_larger_than_any_is_not_kept(self):
        self.server.answers['GET', '/sidecar'] = (200, CONTENT)
        kept = bytearray()
        with self.assertRaises(self.agent.Trouble) as caught:
            self.agent.fetch(self.server.url + '/sidecar', kept.extend, len(CONTENT) - 1, 10)
        self.assertEqual((caught.exception.code, bytes(kept)), (self.agent.BUNDLE, b''))


class Redirecting(Server):
    """Sends whoever asks to another place."""

    def __init__(self, target, tls=None):
        super().__init__(tls)
        handler = self.http.RequestHandlerClass
        owner = self

        def redirect(request):
            owner.asked.append((request.command, request.path, dict(request.headers)))
            request.send_response(302)
            request.send_header('Location', target + request.path)
            request.send_header('Content-Length', '0')
            request.end_headers()

        handler.do_GET = handler.do_POST = handler.do_PUT = redirect


class Credentials(unittest.TestCase):
    def setUp(self):
        self.elsewhere, self.machine = Server(), Machine()
        self.addCleanup(self.elsewhere.close)

    def test_the_first_stage_follows_no_redirect(self):
        server = Redirecting(self.elsewhere.url, SERVER_CERTIFICATE)
        self.addCleanup(server.close)
        self.machine.configure(server, agentSha256='0' * 64)
        result = self.machine.run(script=FIRST_STAGE)
        self.assertNotEqual(result.code, 0)
        self.assertEqual(len(server.asked), 1)
        self.assertEqual(self.elsewhere.asked, [])

    def test_the_agent_follows_no_redirect(self):
        server = Redirecting(self.elsewhere.url, SERVER_CERTIFICATE)
        self.addCleanup(server.close)
        self.machine.configure(server)
        self.assertNotEqual(self.machine.run('join', '--wait', '0').code, 0)
        self.assertNotEqual(server.asked, [])
        self.assertEqual(self.elsewhere.asked, [])

    def test_none_goes_to_an_api_server_without_tls(self):
        self.machine.configure(self.elsewhere, agentSha256='0' * 64)
        for script in (FIRST_STAGE, None):
            result = self.machine.run(*([] if script else ['join']), script=script)
            self.assertNotEqual(result.code, 0)
            self.assertIn('SSL' if script else 'no https URL', result.output)
        self.assertEqual(self.elsewhere.asked, [])

    def test_none_goes_there_from_the_command_line(self):
        self.machine.write('ca.pem', CA[0])
        self.machine.write('token', 'secret\n')
        result = self.machine.run('join', '--api-server', self.elsewhere.url, '--ca-file', self.machine.root / 'ca.pem',
                                  '--namespace', 'payments', '--group', 'payment-service', '--credential', 'tokenFile:path=/token')
        self.assertEqual(result.code, 2, result.output)
        self.assertIn('https', result.output)
        self.assertEqual(self.elsewhere.asked, [])
        self.assertFalse(self.machine.exists('etc/meshvm/join.json'))

    def test_none_goes_there_by_a_kubeconfig(self):
        self.machine.write('kubeconfig', '''{{"current-context": "c", "contexts": [{{"name": "c", "context": {{"cluster": "c", "user": "u"}}}}],
            "clusters": [{{"name": "c", "cluster": {{"server": "{}"}}}}], "users": [{{"name": "u", "user": {{"token": "secret"}}}}]}}'''.format(
            self.elsewhere.url))
        self.machine.configure(self.elsewhere, credential={'kind': 'kubeconfig', 'path': '/kubeconfig'})
        result = self.machine.run('join')
        self.assertEqual(result.code, 3, result.output)
        self.assertIn('clusters[].cluster.server', result.output)
        self.assertEqual(self.elsewhere.asked, [])


class Packages(unittest.TestCase):
    """The man in the middle of a download."""

    def setUp(self):
        self.cluster, self.plain, self.machine = Cluster(), Server(), Machine(systemd=True)
        self.addCleanup(self.cluster.close)
        self.addCleanup(self.plain.close)
        (self.machine.root / 'usr/local/bin/pilot-agent').unlink()
        self.machine.stub('dpkg-query', 'exit 1')
        self.machine.stub('apt-get', '')
        self.machine.configure(self.cluster)
        self.machine.env['SSL_CERT_FILE'] = str(CA[1])
        self.plain.answers['GET', '/sidecar'] = (200, CONTENT)
        self.plain.answers['GET', '/sidecar.sha256'] = (200, digest(CONTENT) + ' istio-sidecar\n')

    def join(self, **source):
        self.cluster.settings['istio'] = {'version': '1.31.1', 'unverified': True,
                                          'packages': {'deb': {'amd64': source, 'arm64': source}}}
        result = self.machine.run('join', '--wait', '0')
        self.assertFalse([call for call in self.machine.calls('apt-get') if 'install' in call], result.output)
        return result

    def test_no_download_leaves_https(self):
        mirror = Redirecting(self.plain.url, SERVER_CERTIFICATE)
        self.addCleanup(mirror.close)
        for checksum in (None, digest(CONTENT)):
            result = self.join(url=mirror.url + '/sidecar', sha256=checksum)
            self.assertEqual(result.code, 6, result.output)
            self.assertIn('which is not https: not followed', result.output)
        self.assertEqual(self.plain.asked, [])

    def test_a_checksum_is_not_asked_of_whoever_serves_in_clear(self):
        result = self.join(url=self.plain.url + '/sidecar')
        self.assertEqual(result.code, 6, result.output)
        self.assertIn('is not https', result.output)
        self.assertEqual(self.plain.asked, [])

    def test_another_server_by_https_is_fine(self):
        end = Server(SERVER_CERTIFICATE)
        mirror = Redirecting(end.url, SERVER_CERTIFICATE)
        self.addCleanup(mirror.close)
        self.addCleanup(end.close)
        end.answers['GET', '/sidecar'] = (200, b'something else')
        result = self.join(url=mirror.url + '/sidecar', sha256=digest(CONTENT))
        self.assertIn('instead of ' + digest(CONTENT), result.output)
        self.assertEqual(len(end.asked), 1)


if __name__ == '__main__':
    unittest.main()
