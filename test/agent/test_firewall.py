"""The host firewall: how the agent applies and removes it, and what it lets through in a real kernel."""
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from support import AGENT, PYTHON, Cluster, Machine, Namespace, load_agent

HERE = Path(__file__).parent
TEXT = HERE.joinpath('firewall.nft').read_text()  # What meshvm makes of a group: test/bootstrap/host-firewall.test.ts.
OTHER = TEXT.replace('10.78.0.0/24', '10.79.0.0/24')
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


def as_bundled(cluster, text):
    """The bundle with a firewall; without one when the text is empty."""
    data = {'settings.json': json.dumps(cluster.settings), 'cluster.env': cluster.cluster_env, 'mesh.yaml': cluster.mesh_yaml}
    cluster.answers[cluster.BUNDLE] = (200, {'data': dict(data, **({'firewall.nft': text} if text else {}))})


class Firewall(unittest.TestCase):
    """With stubs of nft and systemctl."""

    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine(systemd=True)
        self.addCleanup(self.cluster.close)
        self.machine.configure(self.cluster)
        self.machine.stub('nft', NFT.format(self.machine.root))
        self.machine.stub('systemctl', SYSTEMCTL.format(self.machine.root))
        self.machine.stub('firewall-cmd', 'exit 252')
        as_bundled(self.cluster, TEXT)

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

    def test_the_guard_removes_it_until_istiod_answers(self):
        self.run_agent('join')
        self.assertIn('host firewall removed', self.run_agent('guard'))
        self.assertFalse(self.machine.exists('kernel'))
        self.assertIn('the capture stays off', self.run_agent(code=4))
        self.assertFalse(self.machine.exists('kernel'))
        self.assertIn('hostFirewall         not in place', self.run_agent('status', 1))
        with self.agent() as agent:
            agent.greet_istiod = lambda settings: None
            self.machine.forget_calls()
            self.assertEqual(agent.main(['refresh']), 0)
        order = self.order()
        self.assertLess(order.index('nft -f -'), order.index('systemctl restart --no-block istio.service'))
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

    def test_is_refused_beside_another_one_and_a_new_machine_stays_out(self):
        for name, switch_on, switch_off in (
                ('ufw', lambda: self.machine.write('etc/ufw/ufw.conf', '# on\nENABLED=yes\n'),
                 lambda: self.machine.write('etc/ufw/ufw.conf', 'ENABLED=no\n')),
                ('firewalld', lambda: self.machine.stub('firewall-cmd', 'echo running'),
                 lambda: self.machine.stub('firewall-cmd', 'exit 252'))):
            with self.subTest(name):
                switch_on()
                output = self.run_agent('join', 7)
                self.assertIn('{} is active'.format(name), output)
                self.assertIn('TCP port 15006', output)
                self.assertEqual((self.loads(), self.machine.exists(FILE)), (0, False))
                self.assertNotIn('restart --no-block istio.service', self.machine.calls('systemctl'))
                self.assertIn('hostFirewall         not in place', self.run_agent('status', 1))
                switch_off()

    def test_goes_on_following_the_group_when_another_one_is_switched_on_later(self):
        self.run_agent('join')
        self.machine.write('etc/ufw/ufw.conf', 'ENABLED=yes\n')
        as_bundled(self.cluster, OTHER)
        self.run_agent()
        self.assertEqual(self.machine.read('kernel'), OTHER)

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
            examination.settings = {'firewall': TEXT}
            self.assertEqual(examination.host_firewall(), 'in place')
            (self.machine.root / UNIT).unlink()
            self.assertEqual(self.trouble(agent, examination), 'it would not come back at boot')
            (self.machine.root / 'kernel').unlink()
            self.assertIn('plain text comes in while the sidecar is stopped', self.trouble(agent, examination))
            self.machine.write('etc/ufw/ufw.conf', 'ENABLED=yes\n')
            self.assertIn('ufw is active', self.trouble(agent, examination))
            examination.settings = {'firewall': ''}
            self.assertIsNone(examination.host_firewall())

    def trouble(self, agent, examination):
        with self.assertRaises(agent.Trouble) as raised:
            examination.host_firewall()
        return raised.exception.cause


# Whether each of (address, port) takes a connection from a source address: open, refused, or nothing (dropped).
CALLS = '''
import json, socket, sys
def call(source, address, port):
    try:
        socket.create_connection((address, port), 0.4, (source, 0)).close()
        return 'open'
    except ConnectionRefusedError:
        return 'refused'
    except OSError:
        return 'dropped'
print(json.dumps([call(*each) for each in json.loads(sys.argv[1])]))
'''
SERVER = '''
import socket, sys, time
servers = [socket.create_server(('::', int(port)), family=socket.AF_INET6, dualstack_ipv6=True) for port in sys.argv[1:]]
print('ready', flush=True)
time.sleep(600)
'''
HOST, NEAR, FAR = '10.77.0.1', '10.77.0.2', '10.78.0.2'
HOST6, NEAR6, FAR6 = 'fd00:77::1', 'fd00:77::2', 'fd00:78::2'


class RealRules(unittest.TestCase):
    """Two machines: one with the firewall, the other with addresses inside and outside of the ranges."""

    def setUp(self):
        if os.geteuid() or not all(map(shutil.which, ['nft', 'nsenter', 'unshare', 'ip', 'iptables-legacy', 'ip6tables-legacy'])):
            self.skipTest('needs root, nft, iptables (legacy), iproute2, unshare and nsenter')
        self.host, self.caller = Namespace(self), Namespace(self)
        self.host.run('ip link add m0 type veth peer name m1 && ip link set m1 netns {}'.format(self.caller.keeper.pid))
        for space, link, addresses in ((self.host, 'm0', (HOST + '/24', HOST6 + '/64')),
                                       (self.caller, 'm1', (NEAR + '/24', FAR + '/24', NEAR6 + '/64', FAR6 + '/64'))):
            space.run('ip link set {} up; '.format(link) + '; '.join('ip address add {} dev {} {}'.format(
                address, link, 'nodad' if ':' in address else '') for address in addresses))
        self.host.run('ip route add 10.78.0.0/24 dev m0; ip route add fd00:78::/64 dev m0')
        self.serve(self.host, 22, 8080, 9090, 9100, 9999, 15006, 15020)
        self.load()

    def serve(self, space, *ports):
        server = subprocess.Popen(space.command + [sys.executable, '-c', SERVER] + list(map(str, ports)), stdout=subprocess.PIPE)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.assertEqual(server.stdout.readline(), b'ready\n')
        return server

    def load(self):
        self.host.run('nft -f {}/firewall.nft'.format(HERE))

    def calls(self, *each, **options):
        done = subprocess.run(options.get('space', self.caller).command + [sys.executable, '-c', CALLS, json.dumps(each)],
                              stdout=subprocess.PIPE, timeout=60)
        return json.loads(done.stdout.decode())

    def ports(self, source, address, *ports):
        return self.calls(*[(source, address, port) for port in ports])

    def capture(self, tool='iptables-legacy', action='-A'):
        self.host.run('for port in 8080 9090; do {} -t nat {} PREROUTING -p tcp --dport $port -j REDIRECT --to-ports 15006; done'
                      .format(tool, action))

    def test_what_is_open_to_whom(self):
        ports = (22, 15020, 9100, 9999, 15006)
        self.assertEqual(self.ports(NEAR, HOST, *ports), ['open', 'dropped', 'open', 'dropped', 'dropped'])
        self.assertEqual(self.ports(FAR, HOST, *ports), ['dropped', 'open', 'dropped', 'dropped', 'dropped'])
        self.assertEqual(self.ports(NEAR6, HOST6, *ports), ['open', 'dropped', 'dropped', 'dropped', 'dropped'])
        self.assertEqual(self.ports(FAR6, HOST6, 22), ['dropped'])

    def test_ports_of_the_mesh_are_open_by_the_capture_alone(self):
        for tool, source, address in (('iptables-legacy', FAR, HOST), ('iptables-nft', FAR, HOST), ('ip6tables-legacy', FAR6, HOST6)):
            with self.subTest(tool):
                self.assertEqual(self.ports(source, address, 8080, 9090), ['refused', 'refused'])
                self.capture(tool)
                self.assertEqual(self.ports(source, address, 8080, 9090, 15006), ['open', 'open', 'dropped'])
                self.capture(tool, '-D')
                self.assertEqual(self.ports(source, address, 8080, 9090), ['refused', 'refused'])

    def test_a_sidecar_that_is_dead_while_its_capture_stays_lets_nothing_in(self):
        self.capture()
        self.host.run('fuser -k 15006/tcp') if shutil.which('fuser') else self.skipTest('needs fuser')
        self.assertEqual(self.ports(FAR, HOST, 8080), ['refused'])

    def test_another_redirection_to_the_capture_opens_nothing(self):
        self.host.run('iptables-legacy -t nat -A PREROUTING -p tcp --dport 9999 -j REDIRECT --to-ports 15006')
        self.assertEqual(self.ports(FAR, HOST, 9999), ['dropped'])

    def test_a_capture_of_every_port_lets_through_what_is_opened_past_the_mesh(self):
        self.host.run('iptables-legacy -t nat -A PREROUTING -p tcp -j REDIRECT --to-ports 15006')
        self.assertEqual(self.ports(NEAR, HOST, 9100, 9999), ['open', 'dropped'])
        self.assertEqual(self.ports(FAR, HOST, 9100), ['dropped'])

    def test_ends_what_came_in_past_the_sidecar_before(self):
        self.host.run('nft delete table inet meshvm')
        program = '''
import socket, sys
connection = socket.create_connection(('10.77.0.1', 8080), 2)
print('open', flush=True)
sys.stdin.readline()
connection.send(b'plain text')
try:
    connection.settimeout(2)
    print(connection.recv(1))
except OSError as error:
    print(type(error).__name__)
'''
        client = subprocess.Popen(self.caller.command + [sys.executable, '-c', program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(client.stdout.close)
        self.assertEqual(client.stdout.readline(), b'open\n')
        self.load()
        client.stdin.write(b'\n')
        client.stdin.close()
        self.assertEqual(client.stdout.read(), b'ConnectionResetError\n')
        client.wait()

    def test_the_machine_itself_calls_whom_it_wants_and_its_own_ports(self):
        self.serve(self.caller, 8080, 443)
        calls = [(HOST, NEAR, 443), (HOST, NEAR, 8080), (HOST6, NEAR6, 443), ('127.0.0.1', '127.0.0.1', 8080), (HOST, HOST, 8080)]
        self.assertEqual(self.calls(*calls, space=self.host), ['open'] * 5)
        self.caller.run('ping -c 1 -W 2 {} && ping -c 1 -W 2 {}'.format(HOST, HOST6)) if shutil.which('ping') else None

    def test_a_container_whose_port_is_published_is_reached_by_the_capture_alone(self):
        container = Namespace(self)
        self.host.run('ip link add c0 type veth peer name c1 && ip link set c1 netns {} && ip link set c0 up && '
                      'ip address add 172.17.0.1/24 dev c0; echo 1 >/proc/sys/net/ipv4/ip_forward'.format(container.keeper.pid))
        container.run('ip link set c1 up; ip address add 172.17.0.2/24 dev c1; ip route add default via 172.17.0.1')
        self.serve(container, 80)
        publish = 'iptables-legacy -t nat {} PREROUTING -p tcp --dport {} -j DNAT --to-destination 172.17.0.2:80'
        for port in (8080, 8888):  # The second is none of the group's.
            self.host.run(publish.format('-A', port))
        self.assertEqual(self.ports(FAR, HOST, 8080, 8888), ['refused', 'open'])
        self.capture(action='-I')  # Istio inserts its rules after those of a container runtime are there, or before; here before.
        self.assertEqual(self.ports(FAR, HOST, 8080), ['open'])

    def test_is_loaded_again_without_a_trace_and_leaves_the_tables_of_others(self):
        self.host.run('nft add table inet mine')
        before = self.host.run('nft --stateless list ruleset')
        self.load()
        self.assertEqual(sorted(self.host.run('nft --stateless list ruleset').splitlines()), sorted(before.splitlines()))
        self.assertIn('table inet mine', before)

    def test_the_agent_applies_heals_and_removes_it(self):
        # Inside of the namespace, with an API server of its own.
        program = '''
import subprocess
from support import Cluster, Machine
from test_firewall import OTHER, TEXT, as_bundled
def rules():
    return subprocess.run(['nft', '-s', 'list', 'ruleset'], stdout=subprocess.PIPE).stdout.decode()
cluster, machine = Cluster(), Machine()
machine.bin.joinpath('nft').unlink()
machine.configure(cluster)
as_bundled(cluster, TEXT)
print(machine.run('join').code, rules().count('10.78.0.0/24'), 'hostFirewall         in place' in machine.run('status').output)
print('firewall' in machine.run('refresh').output)
subprocess.run(['nft', 'add', 'rule', 'inet', 'meshvm', 'input', 'accept'])
print('in place' in machine.run('refresh').output, rules().count('counter'))
as_bundled(cluster, OTHER)
print(machine.run('refresh').code, rules().count('10.79.0.0/24'))
print(machine.run('release').code, 'meshvm' in rules(), machine.exists('etc/meshvm/firewall.nft'))
'''
        self.host.run('nft delete table inet meshvm')
        done = subprocess.run(self.host.command + [sys.executable, '-c', program], cwd=str(HERE), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
        self.assertEqual(done.stdout.decode().splitlines(), ['0 1 True', 'False', 'True 1', '0 1', '0 False False'])


if __name__ == '__main__':
    unittest.main()
