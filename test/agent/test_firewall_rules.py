"""What the host firewall lets through, in a real kernel."""
import shutil
import subprocess
import sys
import unittest

from support import Namespace
from two_machines import FAR, FAR6, HERE, HOST, HOST6, NEAR, NEAR6, TwoMachines


class RealRules(TwoMachines):
    def setUp(self):
        super().setUp()
        self.load()

    def test_what_is_open_to_whom(self):
        ports = (22, 15090, 9100, 9999, 15006)
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
from two_machines import OTHER, TEXT, as_bundled
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
