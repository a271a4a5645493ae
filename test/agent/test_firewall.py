"""The host firewall: how the agent applies and removes it."""
import json
import os
import signal
import subprocess
import unittest

from support import AGENT, PYTHON, Cluster, Machine, load_agent
from two_machines import HERE, OPENINGS, OTHER, OTHER_OPENINGS, TEXT, as_bundled

FILE = 'etc/meshvm/firewall.nft'
UNIT = 'etc/systemd/system/meshvm-firewall.service'
# A kernel in a file: what was loaded is what is listed.
NFT = '''case "$*" in
"-f -") cat >{0}/kernel;;
"--stateless list table inet meshvm") cat {0}/kernel 2>/dev/null;;
"delete table inet meshvm") rm {0}/kernel 2>/dev/null;;
*) exit 1;;
esac'''
SYSTEMCTL = '''case "$*" in *enable*meshvm-firewall.service)
mkdir -p {0}/etc/systemd/system/sysinit.target.wants
link={0}/etc/systemd/system/sysinit.target.wants/meshvm-firewall.service
case "$1" in enable) ln -sf ../meshvm-firewall.service $link;; *) rm -f $link;; esac;; esac'''


class Firewall(unittest.TestCase):
    """With stubs of nft and systemctl."""

    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine(systemd=True)
        self.addCleanup(self.cluster.close)
        self.machine.configure(self.cluster)
        self.machine.stub('nft', NFT.format(self.machine.root))
        self.machine.stub('systemctl', SYSTEMCTL.format(self.machine.root))
        self.machine.stub('firewall-cmd', 'exit 252')
        self.machine.stub('ufw', 'exit 127')
        as_bundled(self.cluster, TEXT, OPENINGS)

    def run_agent(self, command='refresh', code=0):
        result = self.machine.run(command)
        self.assertEqual(result.code, code, result.output)
        return result.output

    def order(self):
        return (self.machine.root / 'calls').read_text().splitlines()

    def loads(self):
        return self.machine.calls('nft').count('-f -')

    def test_nobody_asks_nft_without_one(self):
        as_bundled(self.cluster, '')
        self.run_agent('join')
        self.assertEqual(self.machine.calls('nft'), [])
        self.assertFalse(self.machine.exists(UNIT))
        self.assertIn('hostFirewall         off', self.run_agent('status', 1))

    def test_is_in_place_before_the_sidecar_and_at_every_boot(self):
        self.assertIn('host firewall: in place', self.run_agent('join'))
        self.assertEqual((self.machine.read('kernel'), self.machine.read(FILE)), (TEXT, TEXT))
        order = self.order()
        enabled = 'systemctl enable --now --no-block meshvm-firewall.service'
        self.assertLess(order.index('nft -f -'), order.index(enabled))
        self.assertLess(order.index(enabled), order.index('systemctl restart --no-block istio.service'))
        self.assertIn('Before=network-pre.target', self.machine.read(UNIT))
        self.assertIn('hostFirewall         in place', self.run_agent('status', 1))

    def test_an_idle_refresh_loads_nothing(self):
        self.run_agent('join')
        self.machine.forget_calls()
        self.assertNotIn('firewall', self.run_agent())
        self.assertEqual(self.machine.calls('nft'), ['--stateless list table inet meshvm'])
        self.assertEqual(self.machine.calls('systemctl'), [])

    def test_a_change_of_the_group_reaches_it_without_a_restart_of_the_sidecar(self):
        self.run_agent('join')
        as_bundled(self.cluster, OTHER)
        self.machine.forget_calls()
        self.run_agent()
        self.assertEqual((self.machine.read('kernel'), self.machine.read(FILE)), (OTHER, OTHER))
        self.assertEqual(self.machine.calls('systemctl'), ['enable --now --no-block meshvm-firewall.service'])

    def test_comes_back_when_somebody_has_changed_or_flushed_it(self):
        self.run_agent('join')
        for damage in (lambda: self.machine.write('kernel', 'table inet meshvm {\n}\n'),
                       lambda: (self.machine.root / 'kernel').unlink(),
                       lambda: (self.machine.root / UNIT).unlink(),
                       lambda: (self.machine.root / FILE).unlink()):
            damage()
            self.run_agent()
            self.assertEqual((self.machine.read('kernel'), self.machine.read(FILE), self.machine.exists(UNIT)), (TEXT, TEXT, True))

    def test_goes_when_the_group_has_none_any_more(self):
        self.run_agent('join')
        as_bundled(self.cluster, '')
        self.assertIn('host firewall: removed', self.run_agent())
        self.assertEqual([self.machine.exists(path) for path in ('kernel', FILE, UNIT)], [False, False, False])
        self.machine.forget_calls()
        self.run_agent()
        self.assertEqual(self.machine.calls('nft'), [])

    def test_release_removes_it_and_join_brings_it_back(self):
        self.run_agent('join')
        self.assertIn('host firewall removed', self.run_agent('release'))
        self.assertEqual([self.machine.exists(path) for path in ('kernel', FILE, UNIT)], [False, False, False])
        self.assertIn('disable --now meshvm-firewall.service', self.machine.calls('systemctl'))
        self.run_agent()
        self.assertFalse(self.machine.exists('kernel'))
        self.run_agent('join')
        self.assertEqual(self.machine.read('kernel'), TEXT)

    def test_release_says_so_when_it_is_left(self):
        self.run_agent('join')
        self.machine.stub('nft', 'case "$*" in *list*meshvm) echo table;; *) exit 1;; esac')
        self.assertIn('the host firewall is left', self.run_agent('release', 7))

    def test_a_drained_machine_keeps_it(self):
        self.run_agent('join')
        self.assertEqual(self.machine.run('drain', '--seconds', '0').code, 0)
        self.assertEqual((self.machine.read('kernel'), self.machine.exists(UNIT)), (TEXT, True))

    def test_the_guard_keeps_it(self):
        """Who blocks istiod for the time of the first join must not get plain text for it."""
        self.run_agent('join')
        self.assertIn('the first join has failed', self.run_agent('guard'))
        self.assertEqual((self.machine.read('kernel'), self.machine.exists(UNIT)), (TEXT, True))
        self.assertIn('the capture stays off', self.run_agent(code=4))
        self.assertIn('hostFirewall         in place', self.run_agent('status', 1))
        (self.machine.root / 'kernel').unlink()
        self.assertIn('the capture stays off', self.run_agent(code=4))
        self.assertEqual(self.machine.read('kernel'), TEXT)
        with self.agent() as agent:
            agent.greet_istiod = lambda settings: None
            self.machine.forget_calls()
            self.assertEqual(agent.main(['refresh']), 0)
        self.assertIn('systemctl restart --no-block istio.service', self.order())
        self.assertEqual(self.machine.read('kernel'), TEXT)

    def agent(self):
        """The agent inside of this process."""
        import contextlib
        import io
        import warnings
        from unittest import mock

        @contextlib.contextmanager
        def loaded():
            warnings.simplefilter('ignore', ResourceWarning)  # The process that runs the agent ends with it.
            with mock.patch.dict(os.environ, self.machine.env), contextlib.redirect_stdout(io.StringIO()):
                yield load_agent()
        return loaded()

    def switch_on_ufw(self, script='exit 1'):
        self.machine.write('etc/ufw/ufw.conf', '# on\nENABLED=yes\n')
        self.machine.write('etc/default/ufw', 'IPV6=yes\n')
        self.machine.stub('ufw', 'case "$*" in --version) ;; *) {}; esac'.format(script))

    def test_stays_off_while_another_one_can_not_be_opened_and_a_new_machine_stays_out(self):
        firewalld = 'case "$*" in --state) echo running;; *) echo {}; exit 2; esac'
        for switch_on, message in (
                (lambda: self.switch_on_ufw('echo xtables lock; exit 1'), 'ufw allow proto tcp from 0.0.0.0/0 to any port 15006 '
                 'comment meshvm: xtables lock; to change: ufw of the machine, 0.35 or later'),
                (lambda: self.machine.stub('firewall-cmd', firewalld.format('unrecognized arguments: --list-all-policies')),
                 'unrecognized arguments: --list-all-policies; to change: firewalld of the machine, 0.9 or later')):
            self.machine.stub('firewall-cmd', 'exit 252')
            switch_on()
            with self.subTest(message):
                self.assertIn(message, self.run_agent('join', 7))
                self.assertEqual((self.loads(), self.machine.exists(FILE)), (0, False))
                self.assertNotIn('restart --no-block istio.service', self.machine.calls('systemctl'))
                self.assertIn('hostFirewall         not in place', self.run_agent('status', 1))
            self.machine.write('etc/ufw/ufw.conf', 'ENABLED=no\n')

    def test_is_refused_beside_another_one_when_the_bundle_does_not_say_what_that_must_let_pass(self):
        self.switch_on_ufw()
        as_bundled(self.cluster, TEXT)
        self.assertIn('ufw is active, and the bundle does not say what that must let pass', self.run_agent('join', 6))
        self.assertEqual(self.loads(), 0)

    def test_knows_a_ufw_that_was_uninstalled_and_left_its_settings(self):
        self.switch_on_ufw()
        self.machine.stub('ufw', 'exit 127')
        self.run_agent('join')
        self.assertEqual(self.machine.read('kernel'), TEXT)

    def test_goes_on_following_the_group_when_another_one_that_can_not_be_opened_is_switched_on_later(self):
        self.run_agent('join')
        self.switch_on_ufw('echo no space; exit 1')
        as_bundled(self.cluster, OTHER, OTHER_OPENINGS)
        self.assertIn('no space', self.run_agent(code=7))
        self.assertEqual(self.machine.read('kernel'), OTHER)

    def test_release_says_so_when_its_rules_in_another_one_are_left(self):
        self.run_agent('join')
        self.switch_on_ufw()
        self.machine.write('etc/ufw/user.rules', '### tuple ### allow tcp 22 0.0.0.0/0 any 10.0.0.0/24 in comment=6d657368766d\n')
        self.assertIn('rules of the host firewall are left in ufw', self.run_agent('release', 7))
        self.assertFalse(self.machine.exists('kernel'))

    def test_openings_of_another_form_are_refused(self):
        good = {'protocol': 'tcp', 'port': 22, 'cidrs': ['10.0.0.0/24']}
        for bad in ({'protocol': 'tcp comment x'}, {'port': '22 '}, {'port': 0}, {'port': 65536}, {'cidrs': ['10.0.0.0/24 to any']},
                    {'cidrs': ['any']}, {'cidrs': ['fd00::/x']}, {'cidrs': None}):
            text = json.dumps({'schemaVersion': 1, 'openings': [dict(good, **bad)]})
            as_bundled(self.cluster, TEXT, text)
            self.assertIn('payment-service-bootstrap is broken', self.run_agent('join', 6))
        as_bundled(self.cluster, TEXT, OPENINGS.replace('"schemaVersion": 1', '"schemaVersion": 2'))
        self.assertIn('firewall.json has version 2, this agent knows 1', self.run_agent('join', 6))
        self.assertEqual(self.loads(), 0)

    def test_ranges_have_one_spelling(self):
        with self.agent() as agent:
            for text, spelled in (('10.0.0.5', '10.0.0.5/32'), ('10.0.0.0/8', '10.0.0.0/8'), ('FD00:0:0::/32', 'fd00::/32'),
                                  ('::1', '::1/128'), ('::/0', '::/0')):
                self.assertEqual(agent.address_range(text), spelled)

    def test_a_sidecar_whose_capture_firewalld_has_flushed_is_restarted_once(self):
        self.run_agent('join')
        self.machine.stub('firewall-cmd', 'echo running')
        captured = '-N ISTIO_OUTPUT'
        with self.agent() as agent:
            agent.envoy_runs = lambda: True
            state = {}
            for rules, restarts in (('', 0), (captured, 0), ('', 1), ('', 0), (captured, 0), (captured, 0), ('', 1)):
                self.machine.stub('iptables', 'echo ' + rules)
                self.machine.forget_calls()
                agent.bring_capture_back(state)
                self.assertEqual(self.machine.calls('systemctl').count('restart --no-block istio.service'), restarts)
            agent.envoy_runs = lambda: False
            agent.bring_capture_back({'captured': True})
            self.assertEqual(self.machine.calls('systemctl').count('restart --no-block istio.service'), 1)

    def test_it_is_restarted_where_the_group_has_no_firewall_of_its_own_too(self):
        self.run_agent('join')
        self.machine.stub('firewall-cmd', 'echo running')
        with self.agent() as agent:
            agent.envoy_runs = lambda: True
            state = {'captured': True}
            self.machine.stub('iptables', 'echo')
            self.machine.forget_calls()
            agent.follow_firewall(state, {'firewall': ''})
            self.assertEqual(self.machine.calls('systemctl').count('restart --no-block istio.service'), 1)
            self.assertEqual(state['captured'], False)

    def test_text_that_is_more_than_one_table_is_refused(self):
        for text in ('flush ruleset\n' + TEXT, TEXT + 'flush ruleset\n', 'include "/etc/x"\n', TEXT[:-3], TEXT.replace('\n', ' ')):
            as_bundled(self.cluster, text)
            self.assertIn('is not one table', self.run_agent('join', 6))
            self.assertEqual(self.loads(), 0)

    def test_what_the_kernel_refuses_is_not_kept_for_the_next_boot(self):
        self.run_agent('join')
        self.machine.stub('nft', NFT.format(self.machine.root).replace('cat >{}/kernel'.format(self.machine.root),
                                                                      'echo "Error: syntax error"; exit 1'))
        as_bundled(self.cluster, OTHER)
        self.assertIn('can not be loaded: Error: syntax error', self.run_agent(code=7))
        self.assertEqual((self.machine.read('kernel'), self.machine.read(FILE)), (TEXT, TEXT))

    def test_nftables_is_installed_when_it_is_missing_but_not_on_an_image_that_brings_its_packages(self):
        self.machine.stub('nft', 'exit 127')
        self.machine.stub('apt-get', 'case "$*" in *nftables*) cat >{0}/stubs/nft <<"END"\n#!/bin/sh\n{1}\nEND\nesac'.format(
            self.machine.root, NFT.format(self.machine.root)))
        self.assertIn('package nftables', self.run_agent('join', 7))
        self.cluster.settings['istio']['packages'] = {}
        as_bundled(self.cluster, TEXT)
        self.run_agent('join')
        self.assertEqual(self.machine.read('kernel'), TEXT)
        self.assertTrue(self.machine.calls('apt-get')[-1].endswith(' nftables'))

    def test_a_killed_agent_leaves_the_old_file_or_the_new_one_and_the_next_refresh_brings_it_to_the_end(self):
        calls = 0
        for step in range(1, 500):
            for text in (TEXT, OTHER):
                as_bundled(self.cluster, text)
                if text == TEXT:
                    self.run_agent('join')
            done = subprocess.run([PYTHON, '-I', str(HERE / 'faults.py'), str(AGENT), 'kill', str(step), 'refresh'],
                                  env=self.machine.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertIn(self.machine.read(FILE), (TEXT, OTHER))
            self.assertIn(self.machine.read('kernel'), (TEXT, OTHER))
            if done.returncode != -signal.SIGKILL:
                break
            calls = step
            self.run_agent()
            self.assertEqual((self.machine.read('kernel'), self.machine.read(FILE)), (OTHER, OTHER))
        self.assertGreater(calls, 5)

    def test_doctor_knows_it(self):
        self.run_agent('join')
        with self.agent() as agent:
            examination = agent.Examination()
            examination.settings = {'firewall': TEXT, 'openings': [('tcp', '22', '10.0.0.0/24'), ('tcp', '22', 'fd00::/8')]}
            self.assertEqual(examination.host_firewall(), 'in place')
            self.switch_on_ufw()
            self.assertEqual(self.trouble(agent, examination),
                             'ufw is active, too, and refuses 22/tcp from 10.0.0.0/24, 22/tcp from fd00::/8')
            rule = '### tuple ### {} tcp 22 0.0.0.0/0 any 10.0.0.0/24 in\n### tuple ### allow tcp 22 ::/0 any fd00::/8 in\n'
            self.machine.write('etc/ufw/user.rules', rule.format('deny'))
            self.assertEqual(self.trouble(agent, examination), 'ufw is active, too, and refuses 22/tcp from 10.0.0.0/24')
            self.machine.write('etc/ufw/user.rules', rule.format('allow'))
            self.assertEqual(examination.host_firewall(), 'in place; ufw lets pass what it lets pass')
            (self.machine.root / UNIT).unlink()
            self.assertEqual(self.trouble(agent, examination), 'it would not come back at boot')
            (self.machine.root / 'kernel').unlink()
            self.assertIn('plain text comes in while the sidecar is stopped', self.trouble(agent, examination))
            examination.settings = {'firewall': ''}
            self.assertIsNone(examination.host_firewall())

    def trouble(self, agent, examination):
        with self.assertRaises(agent.Trouble) as raised:
            examination.host_firewall()
        return raised.exception.cause


if __name__ == '__main__':
    unittest.main()
