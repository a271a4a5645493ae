"""join, refresh and status against an API server with TLS."""
import os
import socket
import time
import unittest

from support import CA, MESH_CA, Cluster, Machine, certificate, certificate_authority, load_agent, web_token

SECOND_CA = certificate_authority('second-mesh-ca')


def key_pair(machine, name='spiffe://cluster.local/ns/payments/sa/payment-service'):
    """A certificate of the sidecar on a machine, as pilot-agent leaves it."""
    path = certificate('workload-' + str(abs(hash(name))), MESH_CA, 'URI:' + name)
    machine.write('etc/certs/cert-chain.pem', path.read_text())
    machine.write('etc/certs/key.pem', 'key', 0o600)


class RefreshCase(unittest.TestCase):
    systemd = False

    def setUp(self):
        self.cluster = Cluster()
        self.addCleanup(self.cluster.close)
        self.machine = Machine(self.systemd)
        self.machine.configure(self.cluster)

    def succeed(self, *arguments):
        result = self.machine.run(*arguments)
        self.assertEqual(result.code, 0, result.output)
        return result.output

    def asked(self):
        """Paths asked of the API server since the last time."""
        asked = [(method, path) for method, path, _body in self.cluster.asked]
        del self.cluster.asked[:]
        return asked


class Join(RefreshCase):
    def test_places_every_file(self):
        self.succeed('join')
        env = self.machine.read('var/lib/istio/envoy/cluster.env')
        self.assertTrue(env.startswith(self.cluster.cluster_env))
        own = env[len(self.cluster.cluster_env):].splitlines()
        self.assertEqual(own[1:], ['POD_NAME=' + os.uname().nodename.split('.')[0], 'CLOUD_PLATFORM=none',
                                   'ISTIO_SVC_IP=127.0.0.1', 'ISTIO_SERVICE_EXCLUDE_CIDR=127.0.0.1/32,169.254.169.254/32'])
        self.assertEqual(self.machine.read('etc/istio/config/mesh'), self.cluster.mesh_yaml)
        self.assertEqual(self.machine.read('etc/certs/root-cert.pem'), MESH_CA[0])
        self.assertEqual(self.machine.read('etc/hosts'), '127.0.0.1 localhost\n127.0.0.1 istiod.istio-system.svc # meshvm\n')

    def test_the_token_is_readable_by_its_owner_only_and_nowhere_else(self):
        self.succeed('join')
        path = 'var/run/secrets/tokens/istio-token'
        self.assertEqual(self.machine.mode(path), 0o600)
        self.assertEqual(self.machine.mode('var/run/secrets/tokens'), 0o700)
        token = self.machine.read(path)
        for folder, _folders, files in os.walk(str(self.machine.root)):
            for file in files:
                if not os.path.join(folder, file).endswith('istio-token'):
                    with open(os.path.join(folder, file), errors='replace') as content:
                        self.assertNotIn(token, content.read(), file)

    def test_the_mesh_file_is_readable_by_the_sidecar(self):
        self.succeed('join')
        self.assertEqual(self.machine.mode('etc/istio/config/mesh'), 0o644)

    def test_etc_istio_stays_a_symlink(self):
        self.succeed('join')
        self.assertTrue((self.machine.root / 'etc/istio').is_symlink())
        self.assertTrue(self.machine.exists('var/lib/istio/config/mesh'))

    def test_what_the_bundle_says_about_the_machine_stays(self):
        self.cluster.cluster_env += "ISTIO_SVC_IP='203.0.113.9'\n"
        self.succeed('join')
        self.assertEqual(self.machine.read('var/lib/istio/envoy/cluster.env').count('ISTIO_SVC_IP='), 1)

    def test_a_second_time_changes_nothing(self):
        self.succeed('join')
        before = {path: (self.machine.root / path).stat().st_mtime_ns for path in (
            'etc/hosts', 'etc/istio/config/mesh', 'var/lib/istio/envoy/cluster.env', 'etc/certs/root-cert.pem',
            'var/run/secrets/tokens/istio-token')}
        self.succeed('join')
        after = {path: (self.machine.root / path).stat().st_mtime_ns for path in before}
        self.assertEqual(before, after)

    def test_sends_the_credential_and_asks_for_exactly_the_token_of_the_identity(self):
        self.succeed('join')
        self.assertEqual(self.cluster.headers['Authorization'], 'Bearer secret-of-the-machine')
        bodies = [body for method, _path, body in self.cluster.asked if method == 'POST']
        self.assertEqual(bodies, [b'{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": '
                                  b'{"audiences": ["istio-ca"], "expirationSeconds": 3600}}'])

    def test_by_hand(self):
        (self.machine.root / 'etc/meshvm/join.json').unlink()
        self.machine.write('ca.pem', CA[0])
        self.succeed('join', '--api-server', self.cluster.url, '--ca-file', self.machine.root / 'ca.pem', '--namespace', 'payments',
                     '--group', 'payment-service', '--credential', 'tokenFile:path=/secrets/credential')
        self.succeed('refresh')

    def test_by_hand_with_something_missing_is_a_wrong_command_line(self):
        result = self.machine.run('join', '--namespace', 'payments', '--group', 'g', '--credential', 'magic:')
        self.assertEqual(result.code, 2)

    def test_waits_for_a_cluster_that_does_not_know_the_machine_yet(self):
        bundle, refusals = self.cluster.answers[self.cluster.BUNDLE], [1, 2]
        self.cluster.answers[self.cluster.BUNDLE] = lambda body: (
            (401, {'message': 'Unauthorized'}) if refusals and refusals.pop() else bundle(body))
        output = self.succeed('join')
        self.assertIn('trying again', output)

    def test_dns_name_keeps_no_hosts_line(self):
        self.succeed('join')
        self.cluster.settings['istiod']['access'] = 'dnsName'
        self.cluster.settings['gateway'] = None
        self.succeed('refresh')
        self.assertEqual(self.machine.read('etc/hosts'), '127.0.0.1 localhost\n')


class Refresh(RefreshCase):
    def setUp(self):
        super().setUp()
        self.succeed('join')
        self.asked()

    def listen(self, settings):
        """Something that answers where the gateway is said to be."""
        listener = socket.socket()
        self.addCleanup(listener.close)
        listener.bind(('127.0.0.1', 0))
        listener.listen(5)
        settings['istiod']['port'] = listener.getsockname()[1]

    def test_idle_asks_for_the_bundle_only(self):
        self.listen(self.cluster.settings)
        self.succeed('refresh')
        self.assertEqual(self.asked(), [self.cluster.BUNDLE])

    def test_an_hour_takes_at_most_twenty_requests(self):
        self.listen(self.cluster.settings)
        per_refresh = len((self.succeed('refresh'), self.asked())[1])
        self.machine.change_state(gatewayRead=0, rootRead=0)
        checks = len((self.succeed('refresh'), self.asked())[1]) - per_refresh
        hour = 3600 // self.cluster.settings['refreshIntervalSeconds'] * per_refresh + 2 * checks + 2
        print('\nAPI requests per machine and hour: {}'.format(hour))
        self.assertLessEqual(hour, 20)

    def test_a_gateway_that_does_not_answer_is_asked_for_again(self):
        self.cluster.settings['istiod']['port'] = 1
        self.cluster.ingress = [{'ip': '192.0.2.44'}]
        self.succeed('refresh')
        self.assertEqual(self.asked(), [self.cluster.BUNDLE, self.cluster.GATEWAY])
        self.assertEqual(self.machine.read('etc/hosts'),
                         '127.0.0.1 localhost\n192.0.2.44 istiod.istio-system.svc # meshvm\n')

    def test_a_gateway_with_a_host_name_is_resolved(self):
        self.cluster.ingress = [{'hostname': 'localhost'}]
        self.machine.change_state(gatewayRead=0)
        self.succeed('refresh')
        self.assertIn('127.0.0.1 istiod.istio-system.svc # meshvm', self.machine.read('etc/hosts'))

    def test_a_gateway_without_address_keeps_the_line_and_the_other_steps(self):
        self.cluster.ingress = []
        self.machine.change_state(gatewayRead=0)
        (self.machine.root / 'var/run/secrets/tokens/istio-token').unlink()
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 4)
        self.assertIn('has no address yet', result.output)
        self.assertIn('# meshvm', self.machine.read('etc/hosts'))
        self.assertTrue(self.machine.exists('var/run/secrets/tokens/istio-token'))

    def test_the_token_is_renewed_at_half_its_life(self):
        path = 'var/run/secrets/tokens/istio-token'
        for age, renewed in ((1700, False), (1900, True), (4000, True)):
            with self.subTest(age):
                old = web_token(issued=time.time() - age)
                self.machine.write(path, old, 0o600)
                self.succeed('refresh')
                self.assertEqual(self.machine.read(path) != old, renewed)

    def test_a_broken_or_foreign_token_is_replaced(self):
        path = 'var/run/secrets/tokens/istio-token'
        for content in ('', 'garbage', 'a.b.c', web_token(subject='system:serviceaccount:payments:other'),
                        web_token(audience='api')):
            with self.subTest(content[:20]):
                self.machine.write(path, content, 0o600)
                self.succeed('refresh')
                self.assertNotEqual(self.machine.read(path), content)

    def test_an_added_root_keeps_the_key_pair(self):
        key_pair(self.machine)
        self.cluster.root = MESH_CA[0] + SECOND_CA[0]
        self.machine.change_state(rootRead=0)
        self.succeed('refresh')
        self.assertEqual(self.machine.read('etc/certs/root-cert.pem'), self.cluster.root)
        self.assertTrue(self.machine.exists('etc/certs/key.pem'))
        self.assertFalse(self.machine.exists('var/lib/meshvm/restart'))

    def test_a_retired_root_takes_the_key_pair_along(self):
        key_pair(self.machine)
        self.cluster.root = SECOND_CA[0]
        self.machine.change_state(rootRead=0)
        self.succeed('refresh')
        self.assertEqual(self.machine.read('etc/certs/root-cert.pem'), SECOND_CA[0])
        self.assertFalse(self.machine.exists('etc/certs/key.pem'))
        self.assertFalse(self.machine.exists('etc/certs/cert-chain.pem'))
        self.assertTrue(self.machine.exists('var/lib/meshvm/restart'))

    def test_another_spelling_of_the_same_root_is_left_alone(self):
        key_pair(self.machine)
        self.machine.write('etc/certs/root-cert.pem', '\n' + MESH_CA[0].replace('\n', '\r\n') + MESH_CA[0])
        before = self.machine.read('etc/certs/root-cert.pem')
        self.machine.change_state(rootRead=0)
        self.succeed('refresh')
        self.assertEqual(self.machine.read('etc/certs/root-cert.pem'), before)
        self.assertTrue(self.machine.exists('etc/certs/key.pem'))

    def test_another_identity_takes_the_key_pair_along(self):
        for old, new in (('payment-service\'\nTRUST', 'other\'\nTRUST'), ('prod-eu', 'prod-us'), ('cluster.local', 'acme.example'),
                         ("POD_NAMESPACE='payments'", "POD_NAMESPACE='billing'")):
            with self.subTest(new):
                self.cluster.cluster_env = self.cluster.cluster_env.replace(old, new)
                key_pair(self.machine)
                self.succeed('refresh')
                self.assertFalse(self.machine.exists('etc/certs/key.pem'))

    def test_a_certificate_of_somebody_else_is_deleted(self):
        key_pair(self.machine, 'spiffe://cluster.local/ns/payments/sa/baked-into-the-image')
        self.succeed('refresh')
        self.assertFalse(self.machine.exists('etc/certs/key.pem'))

    def test_another_port_asks_for_a_restart_but_keeps_the_key_pair(self):
        key_pair(self.machine)
        self.cluster.cluster_env = self.cluster.cluster_env.replace('8080', '8081')
        self.succeed('refresh')
        self.assertTrue(self.machine.exists('var/lib/meshvm/restart'))
        self.assertTrue(self.machine.exists('etc/certs/key.pem'))

    def test_a_cluster_env_with_shell_code_is_refused(self):
        for line in ('A=$(reboot)\n', 'A=`x`\n', 'reboot\n', "A='x'; reboot\n", 'A=1 reboot\n', "A='open\n", '. /tmp/x\n', 'A=1'):
            with self.subTest(line):
                self.cluster.cluster_env = self.cluster.cluster_env + line
                result = self.machine.run('refresh')
                self.assertEqual(result.code, 6, result.output)
                self.assertNotIn(line, self.machine.read('var/lib/istio/envoy/cluster.env'))
                self.cluster.cluster_env = self.cluster.cluster_env[:-len(line)]

    def test_quoted_values_are_accepted(self):
        for number, value in enumerate(("''", "'{\"a\":\"b c\"}'", "'it'\"'\"'s'", 'a,b:c/d.e-f@g%h+i=', "'$(not run)'")):
            with self.subTest(value):
                self.cluster.cluster_env += 'ISTIO_META_A{}={}\n'.format(number, value)
                self.succeed('refresh')

    def test_a_bundle_of_another_version_is_refused(self):
        self.cluster.settings['schemaVersion'] = 2
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 6)
        self.assertIn('version 2', result.output)

    def test_broken_bundles_are_refused(self):
        for data in (None, {}, {'settings.json': '{'}, {'settings.json': '[]', 'cluster.env': '', 'mesh.yaml': ''},
                     {'settings.json': '{"schemaVersion":1}', 'cluster.env': '', 'mesh.yaml': ''}):
            with self.subTest(data):
                self.cluster.answers[self.cluster.BUNDLE] = (200, {'data': data})
                self.assertEqual(self.machine.run('refresh').code, 6)

    def test_settings_of_an_unexpected_form_end_in_words(self):
        for change in ({'istiod': {}}, {'identity': None}, {'capture': []}, {'istiod': {'host': 1, 'port': 'x', 'access': 'hostsEntry'}}):
            with self.subTest(change):
                whole = dict(self.cluster.settings)
                self.cluster.settings.update(change)
                result = self.machine.run('refresh')
                self.assertNotIn('Traceback', result.output)
                self.assertNotEqual(result.code, 0)
                self.cluster.settings = whole
        self.cluster.answers[self.cluster.BUNDLE] = (200, '<html>captive portal</html>')
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 6)
        self.assertNotIn('Traceback', result.output)

    def test_each_refusal_has_its_code_and_names_what_to_change(self):
        for status, code, text in ((401, 5, 'access entry'), (403, 5, 'RBAC'), (404, 5, 'apply the manifests'), (500, 4, '500'),
                                   (429, 4, '429')):
            with self.subTest(status):
                self.cluster.answers[self.cluster.BUNDLE] = (status, {'message': 'because'})
                result = self.machine.run('refresh')
                self.assertEqual(result.code, code)
                self.assertIn(text, result.output)

    def test_a_wrong_clock_is_named(self):
        self.cluster.clock_ahead = 7200
        self.cluster.answers[self.cluster.BUNDLE] = (401, {'message': 'Unauthorized'})
        result = self.machine.run('refresh')
        self.assertRegex(result.output, 'this clock is -7(199|200) s off')

    def test_an_api_server_that_is_down_changes_nothing_and_is_tried_again_soon(self):
        before = self.machine.read('var/lib/istio/envoy/cluster.env')
        self.cluster.close()
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 4, result.output)
        self.assertEqual(self.machine.read('var/lib/istio/envoy/cluster.env'), before)
        self.assertEqual(self.machine.state['failures'], 1)
        self.addCleanup(lambda: None)
        self.cluster.close = lambda: None

    def test_an_impostor_of_the_api_server_gets_no_credential(self):
        self.machine.configure(self.cluster, caCertificate=SECOND_CA[0])
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 3, result.output)
        self.assertEqual(self.asked(), [])

    def test_after_days_offline_everything_is_renewed(self):
        self.machine.reboot()
        self.assertFalse(self.machine.exists('var/run/secrets/tokens/istio-token'))
        self.succeed('refresh')
        self.assertEqual(self.asked(), [self.cluster.BUNDLE, self.cluster.GATEWAY, self.cluster.ROOT, self.cluster.TOKEN])

    def test_hosts_lines_that_a_boot_dropped_are_back_without_any_network(self):
        self.machine.reboot()
        self.machine.write('etc/hosts', '127.0.0.1 from-the-template\n')
        self.machine.configure(self.cluster, apiServer='https://127.0.0.1:1')
        self.assertEqual(self.machine.run('refresh').code, 4)
        self.assertEqual(self.machine.read('etc/hosts'),
                         '127.0.0.1 from-the-template\n127.0.0.1 istiod.istio-system.svc # meshvm\n')

    def test_lost_and_broken_state_is_no_state(self):
        for content in ('', '{', '[]', '\x00' * 10, '{"machine": "another"}'):
            with self.subTest(content):
                self.machine.write('var/lib/meshvm/state.json', content)
                self.succeed('refresh')

    def test_a_broken_join_file_is_named(self):
        for content in ('', '{', '[]', '{"schemaVersion": 1}', '{"schemaVersion": 9}'):
            with self.subTest(content):
                self.machine.write('etc/meshvm/join.json', content)
                result = self.machine.run('refresh')
                self.assertEqual(result.code, 3, result.output)
                self.assertNotIn('Traceback', result.output)

    def test_server_addresses_that_change_in_part_cause_no_rewrite(self):
        self.machine.change_state(apiAddresses=['127.0.0.1', '192.0.2.7'])
        self.succeed('refresh')
        first = self.machine.read('var/lib/istio/envoy/cluster.env')
        self.assertIn('192.0.2.7/32', first)
        self.succeed('refresh')
        self.assertEqual(self.machine.read('var/lib/istio/envoy/cluster.env'), first)

    def test_status_tells_how_the_machine_stands(self):
        key_pair(self.machine)
        result = self.machine.run('status', '--json')
        self.assertEqual(result.code, 1)
        facts = result.json()
        self.assertEqual(facts['ready'], False)
        self.assertEqual(facts['identity'], 'spiffe://cluster.local/ns/payments/sa/payment-service')
        self.assertAlmostEqual(facts['tokenExpires'], time.time() + 3600, delta=60)
        self.assertAlmostEqual(facts['certificateExpires'], time.time() + 30 * 86400, delta=7200)
        self.assertEqual(facts['apiRequests'], 4)


class Systemd(RefreshCase):
    systemd = True

    def test_the_first_join_arms_the_guard_before_the_sidecar_starts(self):
        self.succeed('join')
        calls = self.machine.calls('systemctl')
        self.assertLess(calls.index('restart --no-block meshvm-guard.timer'), calls.index('restart --no-block istio.service'))
        self.assertIn('enable istio.service', calls)
        self.assertIn('enable meshvm-refresh.service meshvm-refresh.timer', calls)

    def test_systemd_is_told_once_of_the_units_and_not_again(self):
        self.succeed('join')
        self.assertEqual(self.machine.calls('systemctl').count('daemon-reload'), 1)
        self.machine.forget_calls()
        self.succeed('join')
        self.assertNotIn('daemon-reload', self.machine.calls('systemctl'))

    def test_nothing_is_restarted_when_nothing_changed(self):
        self.succeed('join')
        self.succeed('refresh')
        self.machine.forget_calls()
        self.succeed('refresh')
        self.assertEqual([call for call in self.machine.calls('systemctl') if 'istio.service' in call], [])

    def test_a_change_restarts_a_running_sidecar_once(self):
        self.succeed('join')
        self.machine.forget_calls()
        self.cluster.mesh_yaml += '  concurrency: 2\n'
        self.succeed('refresh')
        self.succeed('refresh')
        self.assertEqual(self.machine.calls('systemctl').count('try-restart --no-block istio.service'), 1)

    def test_a_change_of_name_servers_restarts(self):
        self.machine.write('etc/resolv.conf', 'nameserver 10.0.0.2\nsearch example.com\n')
        self.succeed('join')
        self.machine.forget_calls()
        self.machine.write('etc/resolv.conf', '# comment\nnameserver 10.0.0.2\nsearch example.org\n')
        self.succeed('refresh')
        self.assertNotIn('try-restart --no-block istio.service', self.machine.calls('systemctl'))
        self.machine.write('etc/resolv.conf', 'nameserver 10.0.0.3\n')
        self.succeed('refresh')
        self.assertIn('try-restart --no-block istio.service', self.machine.calls('systemctl'))

    def test_restarts_are_rate_limited_and_not_forgotten(self):
        self.succeed('join')
        mesh = self.cluster.mesh_yaml
        for threads in (1, 2):
            self.machine.forget_calls()
            self.cluster.mesh_yaml = mesh + '  concurrency: {}\n'.format(threads)
            output = self.succeed('refresh')
        self.assertIn('put off', output)
        self.assertEqual([call for call in self.machine.calls('systemctl') if 'istio.service' in call], [])
        self.machine.change_state(restarted=int(time.time()) - 301)
        self.succeed('refresh')
        self.assertIn('try-restart --no-block istio.service', self.machine.calls('systemctl'))

    def test_restarts_are_spread_by_machine(self):
        agent = load_agent()
        delays = set()
        for number in range(50):
            agent.machine_id = lambda number=number: 'machine-{}'.format(number)
            self.assertEqual(agent.jitter(60, 'restart'), agent.jitter(60, 'restart'))
            delays.add(agent.jitter(60, 'restart'))
        self.assertGreater(len(delays), 25)
        self.assertTrue(all(0 <= delay < 60 for delay in delays))

    def test_the_guard_gives_the_network_back_when_the_first_join_failed(self):
        self.succeed('join')
        self.machine.forget_calls()
        output = self.succeed('guard')
        self.assertEqual(self.machine.calls('systemctl'), ['stop istio.service', 'disable istio.service'])
        self.assertIn('the sidecar is stopped, which ends its capture; further capture rules removed: 0', output)
        self.assertIsNotNone(self.machine.state['givenBack'])

    def test_the_sidecar_starts_again_only_when_istiod_answers(self):
        self.succeed('join')
        self.succeed('guard')
        self.machine.forget_calls()
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 4)
        self.assertIn('the capture stays off', result.output)
        self.assertNotIn('restart --no-block istio.service', self.machine.calls('systemctl'))

    def test_the_guard_does_nothing_to_a_machine_that_has_joined(self):
        self.succeed('join')
        self.machine.change_state(joined=True)
        self.machine.forget_calls()
        self.succeed('guard')
        self.assertEqual(self.machine.calls('systemctl'), [])

    def test_a_reboot_before_the_first_join_arms_the_guard_again(self):
        self.succeed('join')
        self.machine.reboot()
        self.machine.forget_calls()
        self.succeed('refresh')
        self.assertIn('restart --no-block meshvm-guard.timer', self.machine.calls('systemctl'))

    def test_the_timer_follows_the_interval_and_tries_sooner_until_joined(self):
        unit = 'etc/systemd/system/meshvm-refresh.timer'
        self.succeed('join')
        self.assertRegex(self.machine.read(unit), r'OnUnitInactiveSec=3[0-3]\n')
        self.machine.change_state(joined=True)
        self.succeed('refresh')
        self.assertRegex(self.machine.read(unit), r'OnUnitInactiveSec=3[0-3][0-9]\n')
        self.machine.configure(self.cluster, apiServer='https://127.0.0.1:1')
        seconds = []
        for _failure in range(6):
            self.machine.run('refresh')
            seconds.append(int(self.machine.read(unit).split('OnUnitInactiveSec=')[1].split('\n')[0]))
        self.assertLess(seconds[0], 35)
        self.assertEqual(seconds, sorted(seconds))
        self.assertLess(seconds[-1], 331)

    def test_another_machine_with_a_copy_of_the_disk_starts_anew(self):
        self.succeed('join')
        self.machine.write('etc/machine-id', 'another\n')
        self.machine.forget_calls()
        self.succeed('refresh')
        self.assertIn('restart --no-block istio.service', self.machine.calls('systemctl'))

    def test_join_again_does_not_restart_the_sidecar(self):
        self.succeed('join')
        self.machine.forget_calls()
        self.succeed('join')
        self.assertEqual([call for call in self.machine.calls('systemctl') if 'istio.service' in call], [])


if __name__ == '__main__':
    unittest.main()
