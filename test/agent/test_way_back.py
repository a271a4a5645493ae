"""The way back: a change of the group that breaks the sidecar does not take its machines out of the mesh. And clocks that jump."""
import contextlib
import io
import json
import os
import time
import types
import unittest
import warnings
from unittest import mock

from support import MESH_CA, Cluster, Machine, claims, load_agent, web_token


class Group(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter('ignore', ResourceWarning)  # The process that runs the agent ends with it.
        self.cluster, self.machine = Cluster(), Machine(systemd=True)
        self.addCleanup(self.cluster.close)
        self.machine.configure(self.cluster)
        self.cluster.settings.update(istiod={'host': 'localhost', 'port': 15012, 'access': 'dnsName'},
                                     restart={'jitterSeconds': 0, 'minimumIntervalSeconds': 60, 'absenceSeconds': 15})
        environment = mock.patch.dict(os.environ, self.machine.env)
        environment.start()
        self.addCleanup(environment.stop)
        self.agent = load_agent()
        self.agent.resolve = lambda host: ['127.0.0.1']
        self.agent.envoy_runs = lambda: True
        self.agent.is_endpoint = lambda settings: None
        self.agent.sidecar_ready = lambda: 'concurrency: 99' not in self.machine.read('var/lib/istio/config/mesh')
        self.istiod_answers()
        self.passed = self.clock = 0
        self.agent.time = types.SimpleNamespace(**dict(
            vars(time), sleep=lambda seconds: None, time=lambda: time.time() + self.passed + self.clock,
            monotonic=lambda: 1000 + self.passed))
        self.after(0)
        self.after(30)
        self.after(30)
        self.machine.forget_calls()

    def istiod_answers(self, error=None):
        self.agent.greet_istiod = mock.Mock(side_effect=error)

    def after(self, seconds, code=0):
        """A refresh, so many seconds after the one before it."""
        self.passed += seconds
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(self.agent.main(['refresh']), code, output.getvalue())
        return output.getvalue()

    def breaks(self):
        self.cluster.mesh_yaml += '  concurrency: 99\n'

    def restarts(self):
        return [call for call in self.machine.calls('systemctl') if call.startswith('try-restart')]


class WayBack(Group):
    def test_a_bundle_with_which_the_sidecar_is_ready_is_kept(self):
        self.assertEqual(json.loads(self.machine.read('var/lib/meshvm/good-bundle.json'))['mesh.yaml'], self.cluster.mesh_yaml)
        self.assertEqual(self.machine.mode('var/lib/meshvm/good-bundle.json'), 0o600)

    def test_a_bundle_that_breaks_the_sidecar_is_taken_back_and_told(self):
        good = self.machine.read('var/lib/istio/config/mesh')
        self.breaks()
        self.after(300)
        self.assertIn('99', self.machine.read('var/lib/istio/config/mesh'))
        self.assertEqual(len(self.restarts()), 1)
        self.after(200)
        self.assertEqual(len(self.restarts()), 1)
        self.assertIn('back to the last good one', self.after(101))
        output = self.after(30, code=6)
        self.assertIn('stays with the last good one', output)
        self.assertEqual(self.machine.read('var/lib/istio/config/mesh'), good)
        self.assertEqual(len(self.restarts()), 2)
        self.assertTrue(self.machine.state['wayBack'])
        self.assertEqual(self.agent.bundle_status(self.machine.state), 'the last good one, not that of the group')

    def test_it_is_not_tried_again_until_it_changes(self):
        self.breaks()
        self.after(300)
        self.after(301)
        for _ in range(5):
            self.after(3600, code=6)
        self.assertEqual(len(self.restarts()), 2)
        self.cluster.mesh_yaml = self.cluster.mesh_yaml.replace('99', '2')
        self.after(300)
        self.assertIn('concurrency: 2', self.machine.read('var/lib/istio/config/mesh'))
        self.after(30)
        self.assertEqual(json.loads(self.machine.read('var/lib/meshvm/good-bundle.json'))['mesh.yaml'], self.cluster.mesh_yaml)

    def test_the_way_back_outlives_a_reboot(self):
        self.breaks()
        self.after(300)
        self.machine.reboot()
        self.after(30)
        self.after(299)
        self.after(2)
        self.after(30, code=6)
        self.assertNotIn('99', self.machine.read('var/lib/istio/config/mesh'))

    def test_nobody_blames_a_bundle_while_istiod_does_not_answer(self):
        self.istiod_answers(OSError('no route to host'))
        self.breaks()
        self.after(300)
        self.assertIn('istiod does not answer', self.after(301))
        self.after(3600)
        self.assertIn('99', self.machine.read('var/lib/istio/config/mesh'))
        self.istiod_answers()
        self.after(30)
        self.after(30, code=6)
        self.assertNotIn('99', self.machine.read('var/lib/istio/config/mesh'))

    def test_the_readiness_of_a_sidecar_that_has_not_restarted_yet_says_nothing(self):
        self.agent.sidecar_ready = lambda: True
        self.breaks()
        self.after(300)
        self.agent.sidecar_ready = lambda: False
        self.after(19)
        self.assertNotIn('99', json.loads(self.machine.read('var/lib/meshvm/good-bundle.json'))['mesh.yaml'])

    def test_a_package_that_breaks_the_sidecar_is_replaced_by_the_one_before(self):
        self.agent.sidecar_ready = lambda: self.machine.read('version') != '1.31.2'
        self.machine.write('version', '1.31.1')
        self.agent.installed_version = lambda: self.machine.read('version')

        def ensure_package(_state, istio):
            self.machine.write('version', istio['version'])

        self.agent.ensure_package = ensure_package
        self.cluster.settings['istio'] = dict(self.cluster.settings['istio'], version='1.31.2')
        self.after(300)
        self.assertEqual(self.machine.read('version'), '1.31.2')
        self.after(301)
        self.after(30, code=6)
        self.assertEqual(self.machine.read('version'), '1.31.1')
        self.assertEqual(len(self.restarts()), 2)

    def test_a_lost_copy_of_the_good_bundle_leaves_things_as_they_are(self):
        self.breaks()
        self.after(300)
        self.machine.write('var/lib/meshvm/good-bundle.json', '{')
        self.after(301)
        self.after(30)
        self.assertEqual(len(self.restarts()), 1)


class Clocks(Group):
    def asked(self, what):
        del self.cluster.asked[:]
        self.after(30)
        return [path for method, path, _ in self.cluster.asked if (method, path) == what]

    def test_a_root_that_was_read_in_the_future_is_read_again(self):
        self.machine.reboot()
        self.clock = 86400 * 365
        self.after(30)
        self.clock = 0
        self.assertEqual(len(self.asked(self.cluster.ROOT)), 1)
        self.assertEqual(len(self.asked(self.cluster.ROOT)), 0)

    def test_a_restart_in_the_future_puts_none_off(self):
        self.clock = 86400 * 365
        self.cluster.mesh_yaml += '  concurrency: 2\n'
        self.after(300)
        self.assertEqual(len(self.restarts()), 1)
        self.clock = 0
        self.cluster.mesh_yaml += '  drainDuration: "9s"\n'
        self.after(30)
        self.assertEqual(len(self.restarts()), 2)

    def test_a_token_of_the_future_is_renewed(self):
        self.machine.write('var/run/secrets/tokens/istio-token', web_token(issued=time.time() + 86400))
        self.after(30)
        self.assertLess(claims(self.machine.read('var/run/secrets/tokens/istio-token'))['iat'], time.time() + 3600)


class Steps(Group):
    def test_a_bundle_that_is_refused_does_not_keep_the_token_from_being_renewed(self):
        path, good = 'var/run/secrets/tokens/istio-token', self.cluster.cluster_env
        for line in ("LD_PRELOAD='/tmp/x.so'\n", 'reboot\n'):
            with self.subTest(line):
                self.cluster.cluster_env = good + line
                self.machine.write(path, web_token(lifetime=1))
                self.assertIn('cluster.env', self.after(30, code=6))
                self.assertGreater(claims(self.machine.read(path))['exp'], time.time() + 1800)
                self.assertNotIn(line, self.machine.read('var/lib/istio/envoy/cluster.env'))

    def test_a_bundle_that_is_gone_or_unreadable_does_not_keep_the_token_from_being_renewed(self):
        path = 'var/run/secrets/tokens/istio-token'
        for answer, code in (((404, {'message': 'not found'}), 5), ((403, {'message': 'forbidden'}), 5), ((500, {'message': 'x'}), 4),
                             ((200, '<html>captive portal</html>'), 6), ((200, {'data': None}), 6), ((200, []), 6),
                             ((200, {'data': {'settings.json': '[' * 100000, 'cluster.env': '', 'mesh.yaml': ''}}), 6)):
            for good in (True, False):
                with self.subTest(answer=answer, good=good):
                    if not good:
                        self.machine.write('var/lib/meshvm/good-bundle.json', '{')
                    self.cluster.answers[self.cluster.BUNDLE] = answer
                    self.machine.write(path, web_token(lifetime=1))
                    self.assertNotIn('Traceback', self.after(30, code=code))
                    self.assertGreater(claims(self.machine.read(path))['exp'], time.time() + 1800)

    def test_a_machine_that_never_joined_asks_for_no_token_without_a_bundle(self):
        machine = Machine()
        machine.configure(self.cluster)
        self.cluster.answers[self.cluster.BUNDLE] = (404, {'message': 'not found'})
        del self.cluster.asked[:]
        self.assertEqual(machine.run('refresh').code, 5)
        self.assertNotIn(self.cluster.TOKEN, [(method, path) for method, path, _body in self.cluster.asked])

    def test_an_unexpected_value_in_one_step_does_not_keep_the_token_from_being_renewed(self):
        self.machine.write('var/run/secrets/tokens/istio-token', web_token(lifetime=1))
        self.cluster.root = MESH_CA[0]

        def broken(*_arguments):
            raise ValueError('unexpected')

        self.agent.follow_gateway = broken
        self.after(30, code=6)
        self.assertGreater(claims(self.machine.read('var/run/secrets/tokens/istio-token'))['exp'], time.time() + 1800)


if __name__ == '__main__':
    unittest.main()
