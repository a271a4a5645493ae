"""A report of health that istiod has lost: the agent finds it out and makes the sidecar report again, and never without need."""
import contextlib
import io
import os
import re
import unittest
import warnings
from unittest import mock
from urllib.parse import unquote

from support import Cluster, Machine, Server, load_agent

HOST = 'payment-service.payments.svc.cluster.local'
EMPTY = 'outbound|80||{0}::observability_name::outbound|80||{0}\n'.format(HOST)
OTHERS = EMPTY + 'outbound|80||{}::127.0.0.10:8080::health_flags::healthy\n'.format(HOST)
OURS = OTHERS + 'outbound|80||{}::127.0.0.1:8080::health_flags::healthy\n'.format(HOST)
ELSEWHERE = 'inbound|8080||::127.0.0.1:8080::health_flags::healthy\noutbound|80||other.{}::127.0.0.1:8080::x\n'.format(HOST)


class Health(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter('ignore', ResourceWarning)  # The process that runs the agent ends with it.
        self.cluster, self.machine, self.application = Cluster(), Machine(), Server()
        self.addCleanup(self.cluster.close)
        self.addCleanup(self.application.close)
        self.application.answers['GET', '/healthz'] = (200, 'ok')
        self.probe = {'httpGet': {'path': '/healthz', 'port': self.application.port, 'scheme': 'HTTP',
                                  'httpHeaders': [{'name': 'X-Probe', 'value': 'yes'}]}, 'timeoutSeconds': 2}
        self.cluster.settings['probe'] = self.probe
        self.machine.configure(self.cluster)
        environment = mock.patch.dict(os.environ, self.machine.env)
        environment.start()
        self.addCleanup(environment.stop)
        self.agent = load_agent()
        self.agent.sidecar_ready = lambda: True
        self.agent.get_local = self.get_local
        self.agent.disconnect = mock.Mock(return_value=True)
        self.clusters, self.asked = OTHERS + ELSEWHERE, ''

    def get_local(self, url, *_arguments):
        path, _, query = url.partition('?')
        if path != 'http://127.0.0.1:15000/clusters' or self.clusters is None:
            raise OSError(url + ' does not answer')
        self.asked = unquote(query)
        return self.clusters

    def refresh(self, times=1):
        output = io.StringIO()
        for _ in range(times):
            with contextlib.redirect_stdout(output):
                self.assertEqual(self.agent.main(['refresh']), 0)
        return output.getvalue()

    def assert_left_alone(self):
        self.refresh(3)
        self.agent.disconnect.assert_not_called()

    def test_connects_again_when_it_is_missing_twice_in_a_row(self):
        self.refresh()
        self.agent.disconnect.assert_not_called()
        self.assertIn('not an endpoint of its Service', self.refresh())
        self.agent.disconnect.assert_called_once_with(15012)
        self.assertEqual(self.application.headers['X-Probe'], 'yes')

    def test_not_again_before_it_was_found_once(self):
        self.refresh(5)
        self.agent.disconnect.assert_called_once_with(15012)
        self.clusters = OURS
        self.refresh()
        self.clusters = OTHERS
        self.refresh(3)
        self.assertEqual(self.agent.disconnect.call_count, 2)

    def test_not_when_it_was_found_in_between(self):
        for clusters in (OTHERS, OURS, OTHERS, OURS):
            self.clusters = clusters
            self.refresh()
        self.agent.disconnect.assert_not_called()

    def test_a_kernel_that_can_not_disconnect_has_the_sidecar_restarted(self):
        self.agent.disconnect.return_value = False
        self.refresh(2)
        self.assertFalse(self.machine.exists('var/lib/meshvm/restart'))
        self.refresh()
        self.assertTrue(self.machine.exists('var/lib/meshvm/restart'))

    def test_a_service_without_any_endpoint_counts(self):
        self.clusters = EMPTY
        self.refresh(2)
        self.agent.disconnect.assert_called_once_with(15012)

    def test_without_a_probe_every_machine_is_healthy(self):
        self.cluster.settings['probe'] = None
        self.refresh(2)
        self.agent.disconnect.assert_called_once_with(15012)

    def test_a_tcp_probe(self):
        self.cluster.settings['probe'] = {'tcpSocket': {'port': self.application.port}}
        self.refresh(2)
        self.agent.disconnect.assert_called_once_with(15012)
        self.cluster.settings['probe'] = {'tcpSocket': {'port': 1}}
        self.refresh(2)
        self.agent.disconnect.assert_called_once_with(15012)

    def test_nothing_happens_to_a_machine_that_is_found(self):
        self.clusters = OURS
        self.assert_left_alone()

    def test_nothing_happens_while_the_application_is_unhealthy(self):
        self.application.answers['GET', '/healthz'] = (500, 'no')
        self.assert_left_alone()

    def test_nothing_happens_while_the_application_is_down(self):
        self.probe['httpGet']['port'] = 1
        self.assert_left_alone()

    def test_nothing_happens_with_a_probe_that_the_agent_does_not_evaluate(self):
        for probe in ({'exec': {'command': ['true']}}, {'httpGet': dict(self.probe['httpGet'], scheme='HTTPS')}):
            with self.subTest(probe):
                self.cluster.settings['probe'] = probe
                self.assert_left_alone()

    def test_nothing_happens_with_a_bundle_that_does_not_say_the_probe(self):
        del self.cluster.settings['probe']
        self.assert_left_alone()

    def test_nothing_happens_when_its_service_is_not_in_its_scope(self):
        self.clusters = ELSEWHERE
        self.assert_left_alone()

    def test_nothing_happens_when_envoy_does_not_answer(self):
        self.clusters = None
        self.assert_left_alone()

    def test_nothing_happens_before_the_sidecar_is_ready(self):
        self.agent.sidecar_ready = lambda: False
        self.assert_left_alone()

    def test_nothing_happens_in_a_group_without_services(self):
        self.cluster.settings['services'] = []
        self.assert_left_alone()

    def test_asks_envoy_for_its_own_services_only(self):
        self.refresh()
        pattern = self.asked[len('filter='):]
        self.assertTrue(re.search(pattern, 'outbound|80||' + HOST))
        for name in ('inbound|8080||', 'outbound|80||x.' + HOST, 'outbound|80|v1|' + HOST, 'outbound|80||' + HOST + '.x',
                     'outbound|80||' + HOST.replace('.', 'x')):
            self.assertFalse(re.search(pattern, name), name)

    def test_an_ipv6_address(self):
        self.agent.own_address = lambda: 'fd00::7'
        settings = {'services': [{'host': HOST}]}
        self.clusters = OTHERS
        self.assertIs(self.agent.is_endpoint(settings), False)
        self.clusters += 'outbound|80||{}::[fd00::7]:8080::health_flags::healthy\n'.format(HOST)
        self.assertIs(self.agent.is_endpoint(settings), True)


if __name__ == '__main__':
    unittest.main()
