"""release, drain and guard: the machine gets its network back whatever else is broken. With real rules in a network namespace."""
import os
import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

from support import AGENT, IPTABLES, Cluster, Machine, Namespace

RULES = Path(__file__).with_name('capture')


class Release(unittest.TestCase):
    def setUp(self):
        self.machine = Machine(systemd=True)

    def test_stops_and_disables_everything_and_stays_released(self):
        cluster = Cluster()
        self.addCleanup(cluster.close)
        self.machine.configure(cluster)
        self.assertEqual(self.machine.run('join').code, 0)
        self.machine.forget_calls()
        result = self.machine.run('release')
        self.assertEqual(result.code, 0, result.output)
        self.assertIn('released: the sidecar is stopped', result.output)
        calls = self.machine.calls('systemctl')
        self.assertEqual(calls[0], 'stop istio.service')
        for unit in ('istio.service', 'meshvm-refresh.timer', 'meshvm-refresh.service', 'meshvm-guard.timer'):
            self.assertIn('disable --now ' + unit, calls)
        self.assertEqual(self.machine.read('etc/hosts'), '127.0.0.1 localhost\n')
        self.machine.forget_calls()
        del cluster.asked[:]
        self.assertEqual(self.machine.run('refresh').code, 0)
        self.assertEqual((cluster.asked, self.machine.calls('systemctl')), ([], []))
        self.assertEqual(self.machine.run('join').code, 0)
        self.assertIn('restart --no-block istio.service', self.machine.calls('systemctl'))
        self.assertIn('enable istio.service', self.machine.calls('systemctl'))

    def test_works_with_everything_broken(self):
        self.machine.write('var/lib/meshvm/state.json', b'\xff\x00{')
        self.machine.write('etc/meshvm/join.json', b'\xff\x00{')
        (self.machine.root / 'etc/hosts').unlink()
        self.machine.stub('systemctl', 'exit 1')
        result = self.machine.run('release')
        self.assertEqual(result.code, 0, result.output)
        self.assertIn('the sidecar is not stopped; capture rules removed: 0', result.output)

    def test_gives_the_network_back_before_anything_else(self):
        self.machine.stub('iptables-legacy', 'case "$*" in *"-t nat -S") [ -e {0}/gone ] || echo "-N ISTIO_OUTPUT";; *-X*) '
                                             'touch {0}/gone;; esac'.format(self.machine.root))
        self.assertIn('further capture rules removed: 2', self.machine.run('release').output)
        calls = (self.machine.root / 'calls').read_text().splitlines()
        self.assertLess(calls.index('systemctl stop istio.service'), calls.index('iptables-legacy -w 5 -t nat -X ISTIO_OUTPUT'))
        self.assertLess(calls.index('iptables-legacy -w 5 -t nat -X ISTIO_OUTPUT'),
                        calls.index('systemctl disable --now meshvm-refresh.timer'))

    def test_works_without_a_place_to_write(self):
        self.machine.write('var/lib', 'a file where a folder should be')
        result = self.machine.run('release')
        self.assertEqual(result.code, 0, result.output)
        self.assertIn('disable --now istio.service', self.machine.calls('systemctl'))

    def test_says_so_when_rules_are_left(self):
        self.machine.stub('iptables-legacy', 'case "$*" in *-S) echo "-N ISTIO_OUTPUT";; *) exit 4;; esac')
        result = self.machine.run('release')
        self.assertEqual(result.code, 7)
        self.assertIn('iptables-legacy', result.output)

    def test_drain_lets_connections_end_and_stays_out(self):
        cluster = Cluster()
        self.addCleanup(cluster.close)
        self.machine.configure(cluster)
        self.assertEqual(self.machine.run('join').code, 0)
        self.machine.forget_calls()
        result = self.machine.run('drain', '--seconds', '0')
        self.assertEqual(result.code, 0, result.output)
        self.assertEqual(self.machine.calls('systemctl')[-1], 'disable --now istio.service')
        self.assertIn('drained', self.machine.run('refresh').output)


class RealRules(unittest.TestCase):
    """Rules that the real pilot-agent made, in the three places where rules can be."""

    def setUp(self):
        if os.geteuid() or not all(map(shutil.which, ['nft', 'nsenter', 'unshare'] + IPTABLES)):
            self.skipTest('needs root, iptables (legacy and nft), nft, unshare and nsenter')
        self.namespace = Namespace(self)
        self.machine = Machine(systemd=True)
        for stub in self.machine.bin.iterdir():
            if 'tables' in stub.name or stub.name == 'nft':
                stub.unlink()
        for tool in IPTABLES[:2]:  # What the machine has of its own must stay.
            self.namespace.run(tool + ' -t nat -A OUTPUT -p tcp --dport 9 -j RETURN')
            self.namespace.run(tool + ' -t mangle -A OUTPUT -p tcp --dport 9 -j MARK --set-mark 7')
        self.namespace.run('nft add table inet mine')

    def release(self):
        done = subprocess.run(self.namespace.command + [sys.executable, '-I', str(AGENT), 'release'], env=self.machine.env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def check(self, load):
        # The first listing makes the empty base chains that iptables-nft makes when it is asked.
        for tool in IPTABLES:
            for table in ('nat', 'mangle', 'raw'):
                self.namespace.run('{} -t {} -S'.format(tool, table))
        before = self.namespace.rules()
        self.namespace.run(load)
        self.assertNotEqual(self.namespace.rules(), before)
        self.release()
        left = [line for line in self.namespace.rules() if 'ISTIO' in line or 'istio' in line or '1337' in line or '0x53' in line]
        self.assertEqual(left, [])
        self.assertEqual([line for line in self.namespace.rules() if 'dport 9' in line],
                         [line for line in before if 'dport 9' in line])
        self.assertIn('table inet mine {', self.namespace.rules())

    def test_redirect_in_legacy(self):
        self.check('iptables-legacy-restore --noflush < {}/redirect.rules'.format(RULES))

    def test_redirect_in_nft(self):
        self.check('iptables-nft-restore --noflush < {}/redirect.rules'.format(RULES))

    def test_redirect_of_ipv6(self):
        self.check('grep -v "[0-9][.][0-9]" {}/redirect.rules | ip6tables-legacy-restore --noflush'.format(RULES))

    def test_tproxy_in_legacy(self):
        self.check('iptables-legacy-restore --noflush < {}/tproxy.rules; ip rule add fwmark 1337 lookup 133; '
                   'ip route add local default dev lo table 133'.format(RULES))

    def test_native_nft(self):
        self.check('nft -f {}/native.nft'.format(RULES))

    def test_all_at_once(self):
        self.check('iptables-legacy-restore --noflush < {0}/tproxy.rules; iptables-nft-restore --noflush < {0}/redirect.rules; '
                   'nft -f {0}/native.nft'.format(RULES))


class BlackHole(unittest.TestCase):
    """A sidecar that captures everything and answers nothing does not keep the agent from reaching the cluster."""

    PROGRAM = '''
import importlib.util, sys
spec = importlib.util.spec_from_file_location('agent', sys.argv[1])
agent = importlib.util.module_from_spec(spec)
spec.loader.exec_module(agent)
import os, socket
agent.sidecar_owner = lambda: (1337, 1337)
try:
    socket.create_connection(('10.77.0.2', 8080), 2)
    print('captured: no')
except OSError:
    print('captured: yes')
print('agent:', agent.get_local('http://10.77.0.2:8080/'))
print('uid afterwards:', os.geteuid())
'''

    def test_the_agent_passes(self):
        if os.geteuid() or not all(map(shutil.which, ['nsenter', 'unshare', 'ip', 'iptables-legacy'])):
            self.skipTest('needs root, iptables, unshare and nsenter')
        machine, cluster = Namespace(self), Namespace(self)
        machine.run('ip link add m0 type veth peer name m1 && ip addr add 10.77.0.1/24 dev m0 && ip link set m0 up && '
                    'ip link set m1 netns {}'.format(cluster.keeper.pid))
        cluster.run('ip addr add 10.77.0.2/24 dev m1 && ip link set m1 up')
        server = subprocess.Popen(cluster.command + [sys.executable, '-c', 'from support import *; s = Server(); s.answers'
                                  '["GET", "/"] = (200, "hello"); import http.server as h, time; '
                                  'h.HTTPServer(("10.77.0.2", 8080), s.http.RequestHandlerClass).serve_forever()'],
                                  cwd=str(Path(__file__).parent))
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        time.sleep(1)
        machine.run('iptables-legacy-restore --noflush < {}/redirect.rules'.format(RULES))
        done = subprocess.run(machine.command + [sys.executable, '-c', self.PROGRAM, str(AGENT)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.assertEqual(done.stdout.decode(), 'captured: yes\nagent: hello\nuid afterwards: 0\n')


if __name__ == '__main__':
    unittest.main()
