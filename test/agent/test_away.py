"""A new registration: the sidecar stays away from istiod until its old entry is gone, and serves on meanwhile."""
import contextlib
import io
import os
import shutil
import subprocess
import sys
import time
import types
import unittest
import warnings
from pathlib import Path
from unittest import mock

from support import AGENT, Cluster, Machine, Namespace, load_agent

REJECT = ' -m comment --comment meshvm-away -j REJECT --reject-with tcp-reset'
INPUT = '-w 5 -I INPUT -p tcp --sport 15012 ! --tcp-flags RST RST' + REJECT
OUTPUT = '-w 5 -I OUTPUT -p tcp --dport 15012 --syn' + REJECT
LISTED = '-A INPUT -p tcp -m tcp --sport 15012' + REJECT


class Away(unittest.TestCase):
    """With stubs of iptables, ss and systemctl."""

    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine(systemd=True)
        self.addCleanup(self.cluster.close)
        self.machine.configure(self.cluster)
        self.cluster.settings['istiod']['host'] = 'localhost'
        self.cluster.settings['restart'] = {'jitterSeconds': 0, 'minimumIntervalSeconds': 0, 'absenceSeconds': 15}
        self.cluster.settings['registration'] = 'first'
        self.machine.stub('ss', '')
        self.machine.stub('iptables', 'case "$*" in *-S) echo "{}";; esac'.format(LISTED))
        # Another process each time that it is asked.
        self.machine.stub('systemctl', 'case "$1" in show) echo x >>{0}/pids; cat {0}/pids;; esac'.format(self.machine.root))
        environment = mock.patch.dict(os.environ, self.machine.env)
        environment.start()
        self.addCleanup(environment.stop)
        self.agent = load_agent()
        self.agent.resolve = lambda host: ['127.0.0.1']
        self.agent.sidecar_ready = self.agent.envoy_runs = lambda: True
        self.slept = []
        self.agent.time = types.SimpleNamespace(**dict(vars(time), sleep=lambda seconds: seconds and self.slept.append(seconds)))
        for _ in range(2):  # The second finds the sidecar ready.
            self.refresh()
        self.change()

    def change(self):
        self.machine.forget_calls()
        del self.slept[:]
        self.cluster.settings['registration'] += '+'

    def refresh(self, code=0):
        warnings.simplefilter('ignore', ResourceWarning)  # The process that runs the agent ends with it.
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(self.agent.main(['refresh']), code)
        return output.getvalue()

    def calls(self):
        """Calls of stubs in their order, but for looks at something."""
        path = self.machine.root / 'calls'
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if '-S' not in line.split() and line.split()[1] not in ('show', '--state')]

    def test_cuts_disconnects_waits_restarts_and_removes_the_rules_of_every_flavour(self):
        self.refresh()
        self.assertEqual(self.calls(), [
            'iptables ' + INPUT, 'iptables ' + OUTPUT, 'ss -K -t dport = :15012',
            'systemctl try-restart --no-block istio.service', 'iptables -w 5 -t filter -D ' + LISTED[3:]])
        self.assertEqual(self.slept, [15])
        self.assertFalse(self.machine.state['away'])
        for tool in ('iptables-legacy', 'iptables-nft', 'ip6tables', 'ip6tables-legacy', 'ip6tables-nft'):
            self.assertEqual(self.machine.calls(tool), ['-w 5 -t filter -S'])

    def test_once(self):
        self.refresh()
        self.machine.forget_calls()
        self.refresh()
        self.assertEqual(self.calls(), [])

    def test_a_change_that_istiod_does_not_copy_is_an_ordinary_restart(self):
        self.refresh()
        self.machine.forget_calls()
        self.cluster.mesh_yaml += '  concurrency: 2\n'
        self.refresh()
        self.assertEqual(self.calls(), ['systemctl try-restart --no-block istio.service'])

    def test_a_machine_that_boots_is_away_already(self):
        self.machine.reboot()
        self.agent.envoy_runs = lambda: False
        self.refresh()
        self.assertEqual(self.machine.calls('iptables'), [])
        self.agent.envoy_runs = lambda: True
        self.refresh()
        self.assertEqual(self.machine.calls('iptables'), [])

    def test_another_service_account_too_although_its_certificate_is_deleted_before(self):
        self.agent.sidecar_ready = lambda: False
        self.refresh()
        self.assertEqual(self.machine.calls('iptables')[:2], [INPUT, OUTPUT])

    def test_an_agent_that_comes_to_know_of_registrations_just_notes_the_present_one(self):
        state = self.machine.state
        del state['registration']
        self.machine.write('var/lib/meshvm/state.json', self.agent.json.dumps(state), 0o600)
        self.refresh()
        self.assertEqual(self.machine.calls('iptables'), [])
        self.assertEqual(self.machine.state['registration'], 'first+')

    def test_a_group_goes_one_after_the_other_even_with_little_jitter(self):
        self.cluster.settings['restart']['jitterSeconds'] = 60
        self.refresh()
        self.assertEqual(self.slept, [self.agent.jitter(300, 'restart'), 15])
        self.cluster.settings['restart']['jitterSeconds'] = 3600
        self.change()
        self.refresh()
        self.assertEqual(self.slept, [self.agent.jitter(3600, 'restart'), 15])

    def test_restarts_stay_rate_limited(self):
        self.refresh()
        self.cluster.settings['restart']['minimumIntervalSeconds'] = 300
        self.change()
        self.assertIn('put off', self.refresh())
        self.assertEqual(self.calls(), [])

    def test_the_address_decides_on_the_tool_and_each_flavour_is_tried(self):
        self.agent.resolve = lambda host: ['fd00::1']
        self.machine.stub('ip6tables-nft', '')
        self.refresh()
        self.assertEqual(self.machine.calls('ip6tables-nft')[:2], [INPUT, OUTPUT])
        self.assertEqual(self.machine.calls('ip6tables')[0], INPUT)
        self.assertNotIn(INPUT, self.machine.calls('iptables'))

    def test_without_iptables_it_says_so_and_restarts_all_the_same_once(self):
        self.machine.stub('iptables', 'exit 4')
        self.assertIn('meshvm drain', self.refresh())
        self.assertIn('systemctl try-restart --no-block istio.service', self.calls())
        self.assertEqual(self.slept, [])
        self.machine.forget_calls()
        self.refresh()
        self.assertEqual(self.machine.calls('systemctl'), [])

    def test_an_error_leaves_no_rule(self):
        self.agent.disconnect = mock.Mock(side_effect=OSError('broken'))
        self.refresh(7)
        self.assertIn('iptables -w 5 -t filter -D ' + LISTED[3:], self.calls())
        self.assertNotIn('systemctl try-restart --no-block istio.service', self.calls())

    def test_a_refresh_removes_the_rules_of_one_that_was_killed(self):
        self.refresh()
        self.machine.forget_calls()
        self.machine.change_state(away=True)
        self.refresh()
        self.assertEqual(self.calls(), ['iptables -w 5 -t filter -D ' + LISTED[3:]])

    def test_release_removes_them(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(self.agent.main(['release']), 0)
        self.assertIn('iptables -w 5 -t filter -D ' + LISTED[3:], self.calls())


class RealRules(unittest.TestCase):
    """In network namespaces, with the kernel's answers."""

    def setUp(self):
        if os.geteuid() or not all(map(shutil.which, ['nsenter', 'unshare', 'ip', 'iptables', 'ss'])):
            self.skipTest('needs root, iptables, iproute2, unshare and nsenter')
        self.machine = Namespace(self)

    def python(self, program):
        done = subprocess.run(self.machine.command + [sys.executable, '-c', program, str(AGENT)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, cwd=str(Path(__file__).parent), timeout=60)
        return done.stdout.decode().splitlines()

    # A sidecar that says nothing and an istiod that does: istiod must hear of the cut, with and without `ss -K`.
    CUT = '''
import socket, sys, threading, time
from support import load_agent
agent = load_agent()
agent.MANAGED, agent.KEEPALIVE_SECONDS, agent.save_state = False, 2, lambda state: None
agent.resolve, agent.log = (lambda host: ['10.77.0.2']), (lambda text: None)
absence = {'host': 'istiod', 'port': 15012, 'seconds': 0}
run = agent.run
for killer in (True, False):
    agent.run = lambda *command, **options: run(*command, **options) if killer or command[0] != 'ss' else (127, '')
    sidecar, state = socket.create_connection(('10.77.0.2', 15012), 3), {'absence': absence}
    print(len(agent.istiod_connections(15012)), sidecar.recv(5) != b'')
    agent.stay_away(state)
    print(state['away'], len(agent.istiod_connections(15012)))
    try:
        socket.create_connection(('10.77.0.2', 15012), 3)
    except ConnectionRefusedError:
        print('refused')
    agent.come_back()
    print(socket.create_connection(('10.77.0.2', 15012), 3).recv(5) != b'', run('iptables', '-S')[1].count('meshvm'))
    sidecar.close()
'''
    ISTIOD = '''
import socket, threading, time
listener = socket.create_server(('10.77.0.2', 15012))
def talk(number, connection):
    try:
        while True:
            connection.send(b'hello')
            time.sleep(0.1)
    except ConnectionError as error:
        print(number, type(error).__name__, flush=True)
for number in range(4):
    threading.Thread(target=talk, args=(number, listener.accept()[0]), daemon=True).start()
time.sleep(2)
'''

    def test_the_cut(self):
        istiod = Namespace(self)
        self.machine.run('ip link add m0 type veth peer name m1 && ip addr add 10.77.0.1/24 dev m0 && ip link set m0 up && '
                         'ip link set m1 netns {}'.format(istiod.keeper.pid))
        istiod.run('ip addr add 10.77.0.2/24 dev m1 && ip link set m1 up')
        server = subprocess.Popen(istiod.command + [sys.executable, '-c', self.ISTIOD], stdout=subprocess.PIPE)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        time.sleep(0.5)
        seen = self.python(self.CUT)
        # Without `ss -K` the sidecar itself does not know yet, and the agent goes on after the time of a keepalive.
        self.assertEqual(seen, ['1 True', 'True 0', 'refused', 'True 0',
                                '1 True', 'True 1', 'refused', 'True 0'])
        heard = server.stdout.read().decode().splitlines()
        self.assertIn('0 ConnectionResetError', heard)
        self.assertTrue([line for line in heard if line.startswith('2 ')], heard)

    END = '''
import http.server, os, signal, subprocess, sys, threading, time
from support import AGENT, PYTHON, Cluster, Machine
class Envoy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()
    log_message = lambda *_: None
threading.Thread(target=http.server.ThreadingHTTPServer(('127.0.0.1', 15000), Envoy).serve_forever, daemon=True).start()
cluster, machine = Cluster(), Machine(systemd=True)
for stub in machine.bin.glob('ip*tables*'):
    stub.unlink()
machine.configure(cluster)
cluster.settings['istiod']['host'] = 'localhost'
cluster.settings['registration'], cluster.settings['restart']['absenceSeconds'] = 'first', 60
print(machine.run('join').code)
cluster.settings['registration'] = 'second'
def rules():
    return subprocess.run(['iptables', '-S'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().count('meshvm-away')
for how in (signal.SIGTERM, signal.SIGKILL):
    machine.change_state(restarted=0)
    agent = subprocess.Popen([PYTHON, '-I', str(AGENT), 'refresh'], env=machine.env, stdout=subprocess.DEVNULL)
    while rules() < 2:
        time.sleep(0.05)
    agent.send_signal(how)
    print(agent.wait(), rules())
print('put off' in machine.run('refresh').output, rules())
'''

    def test_an_agent_that_is_ended_tidies_up_and_one_that_is_killed_does_so_at_its_next_run(self):
        self.assertEqual(self.python(self.END), ['0', '143 0', '-9 2', 'True 0'])


if __name__ == '__main__':
    unittest.main()
