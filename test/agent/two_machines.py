"""Two machines in network namespaces: one with a firewall, the other with addresses inside and outside of its ranges."""
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

from support import FOLDER, Namespace

HERE = Path(__file__).parent
# What meshvm makes of a group: test/bootstrap/host-firewall.test.ts.
TEXT, OPENINGS = (HERE.joinpath('firewall' + ending).read_text() for ending in ('.nft', '.json'))
OTHER, OTHER_OPENINGS = (text.replace('10.78.0.0/24', '10.79.0.0/24') for text in (TEXT, OPENINGS))


def as_bundled(cluster, text, openings=''):
    """The bundle with a firewall; without one when the text is empty."""
    data = {'settings.json': json.dumps(cluster.settings), 'cluster.env': cluster.cluster_env, 'mesh.yaml': cluster.mesh_yaml}
    files = {'firewall.nft': text, 'firewall.json': openings}
    cluster.answers[cluster.BUNDLE] = (200, {'data': dict(data, **{name: files[name] for name in files if files[name]})})


# Whether each of (address, port) takes a connection from a source address: open, refused, or nothing (dropped).
CALLS = '''
import concurrent.futures, json, socket, sys
def call(source, address, port):
    try:
        socket.create_connection((address, port), 0.4, (source, 0)).close()
        return 'open'
    except ConnectionRefusedError:
        return 'refused'
    except OSError:
        return 'dropped'
with concurrent.futures.ThreadPoolExecutor(16) as pool:
    print(json.dumps(list(pool.map(lambda each: call(*each), json.loads(sys.argv[1])))))
'''
SERVER = '''
import socket, sys, time
servers = [socket.create_server(('::', int(port)), family=socket.AF_INET6, dualstack_ipv6=True) for port in sys.argv[1:]]
print('ready', flush=True)
time.sleep(600)
'''
HOST, NEAR, FAR = '10.77.0.1', '10.77.0.2', '10.78.0.2'
HOST6, NEAR6, FAR6 = 'fd00:77::1', 'fd00:77::2', 'fd00:78::2'


class PrivateNamespace(Namespace):
    """A network namespace whose ufw, firewalld and system bus are its own, too."""
    SETTINGS = ('/etc/ufw', '/etc/default/ufw', '/etc/firewalld')

    def __init__(self, case):
        folder = FOLDER / 'settings-{}'.format(time.monotonic())
        folder.mkdir()
        private = ''.join('cp -a {0} {1} && mount --bind {1} {0} && '.format(path, folder / path.replace('/', '-'))
                          for path in self.SETTINGS if os.path.exists(path))
        self.keeper = subprocess.Popen(
            ['unshare', '--net', '--mount', '--propagation', 'private', 'sh', '-c', private + 'mount -t tmpfs tmpfs /run && '
             'mount -t tmpfs tmpfs /var/log && mkdir /run/dbus && echo ready && exec sleep 600'], stdout=subprocess.PIPE)
        case.addCleanup(self.keeper.stdout.close)
        case.addCleanup(self.keeper.wait)
        case.addCleanup(self.keeper.kill)
        if self.keeper.stdout.readline() != b'ready\n':
            case.skipTest('may not make namespaces here')
        self.command = ['nsenter', '--net=/proc/{}/ns/net'.format(self.keeper.pid),
                        '--mount=/proc/{}/ns/mnt'.format(self.keeper.pid), '--']
        self.run('ip link set lo up')


class TwoMachines(unittest.TestCase):
    namespace = Namespace

    def setUp(self):
        self.need('nft', 'nsenter', 'unshare', 'ip', 'iptables-legacy', 'ip6tables-legacy')
        self.host, self.caller = self.namespace(self), Namespace(self)
        self.host.run('ip link add m0 type veth peer name m1 && ip link set m1 netns {}'.format(self.caller.keeper.pid))
        for space, link, addresses in ((self.host, 'm0', (HOST + '/24', HOST6 + '/64')),
                                       (self.caller, 'm1', (NEAR + '/24', FAR + '/24', NEAR6 + '/64', FAR6 + '/64'))):
            space.run('ip link set {} up; '.format(link) + '; '.join('ip address add {} dev {} {}'.format(
                address, link, 'nodad' if ':' in address else '') for address in addresses))
        self.host.run('ip route add 10.78.0.0/24 dev m0; ip route add fd00:78::/64 dev m0')
        self.serve(self.host, 22, 8080, 9090, 9100, 9999, 15006, 15090)

    def need(self, *commands):
        if os.geteuid() or not all(map(shutil.which, commands)):
            self.skipTest('needs root and ' + ', '.join(commands))

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
