"""Ports of the sidecar's administration answer to root and the sidecar's user alone, and whoever listens there in its place is not
believed. With real rules and users in a network namespace."""
import json
import os
import shutil
import subprocess
import sys
import unittest

from support import AGENT, Cluster, Machine, Namespace

SIDECAR, OTHER = 988, 65534
# The agent with a sidecar's user, in the machine's own network namespace, without the folder that stands for the machine's disk.
AGENT_IN_PLACE = '''
import contextlib, encodings.idna, importlib.util, io, json, os, shutil, sys
spec = importlib.util.spec_from_file_location('agent', sys.argv[1])
agent = importlib.util.module_from_spec(spec)
spec.loader.exec_module(agent)
agent.sidecar_owner = lambda: ({}, {})
if sys.argv[2] == 'iptables':
    real = agent.run
    agent.run = lambda *words, **options: (127, '') if words[0] == 'nft' else real(*words, **options)
if sys.argv[2] == 'none':
    agent.run = lambda *words, **options: (127, '')
state, output = {{}}, io.StringIO()
with contextlib.redirect_stdout(output):
    result = eval(sys.argv[3])
print(json.dumps([result, state, output.getvalue()]))
'''.format(SIDECAR, SIDECAR)
SERVERS = '''
import encodings.idna, http.server, os, socket, sys, threading  # All of them while root may read them.
os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1]))
class Dual(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
class Handler(http.server.BaseHTTPRequestHandler):
    def reply(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'hello')
    do_GET = do_POST = reply
    def log_message(self, *_): pass
class Endless(Handler):
    def reply(self):
        self.send_response(200); self.end_headers()
        try:
            while True: self.wfile.write(b'x' * 65536)
        except OSError: pass
    do_GET = do_POST = reply
for port in sys.argv[3:]:
    server = Dual(('::', int(port)), Endless if sys.argv[2] == 'endless' else Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
print('ready', flush=True)
threading.Event().wait()
'''
CALLS = '''
import encodings.idna, json, os, socket, sys
os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1]))
found = []
for source, address, port in json.loads(sys.argv[2]):
    try:
        with socket.create_connection((address, port), 2, (source, 0) if source else None) as call:
            call.sendall(b'POST /quitquitquit HTTP/1.0\\r\\n\\r\\n')
            found.append('answers' if b'200' in call.recv(100) else 'silent')
    except ConnectionRefusedError:
        found.append('refused')
    except OSError as error:
        found.append(str(error))
print(json.dumps(found))
'''
OWN, OWN6 = '10.79.0.1', 'fd00:79::1'


class AdminPorts(unittest.TestCase):
    def setUp(self):
        if os.geteuid() or not all(map(shutil.which, ('nft', 'iptables-legacy', 'ip6tables-legacy', 'nsenter', 'unshare', 'ip'))):
            self.skipTest('needs root, nftables, iptables, unshare and nsenter')
        self.machine = Namespace(self)
        self.machine.run('ip link add d0 type veth peer name d1 && ip link set d0 up && ip link set d1 up && '
                         'ip address add {}/24 dev d0 && ip address add {}/64 dev d0 nodad'.format(OWN, OWN6))

    def serve(self, user, *ports, kind='plain'):
        server = subprocess.Popen(self.machine.command + [sys.executable, '-c', SERVERS, str(user), kind] + list(map(str, ports)),
                                  stdout=subprocess.PIPE)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.assertEqual(server.stdout.readline(), b'ready\n')
        return server

    def calls(self, user, *each):
        done = subprocess.run(self.machine.command + [sys.executable, '-c', CALLS, str(user), json.dumps(each)],
                              stdout=subprocess.PIPE, timeout=60)
        return json.loads(done.stdout.decode())

    def agent(self, expression, tools='nft'):
        done = subprocess.run(self.machine.command + [sys.executable, '-c', AGENT_IN_PLACE, str(AGENT), tools, expression],
                              stdout=subprocess.PIPE, timeout=60)
        return json.loads(done.stdout.decode())

    def test_answer_to_root_and_the_sidecars_user_alone(self):
        self.serve(SIDECAR, 15000, 15004, 15020, 15021, 15090)
        ruling = [(None, '127.0.0.1', 15000), (None, '::1', 15000), (None, '127.0.0.1', 15004), (None, OWN, 15000),
                  (None, '127.0.0.1', 15020), (None, '127.1.2.3', 15020), (None, '::1', 15020), ('127.0.0.1', OWN, 15020),
                  ('::1', OWN6, 15020), (None, '::ffff:127.0.0.1', 15020)]
        harmless = [(None, OWN, 15020), (None, OWN6, 15020), (None, '127.0.0.1', 15021), (None, '127.0.0.1', 15090)]
        self.assertEqual(self.calls(OTHER, *ruling), ['answers'] * len(ruling))  # The attack.
        for tools in ('nft', 'iptables'):
            with self.subTest(tools):
                state = self.agent('agent.follow_admin_ports(state)', tools)[1]
                self.assertEqual(state['adminClosed'], True)
                self.assertEqual(self.calls(OTHER, *ruling), ['refused'] * len(ruling))
                self.assertEqual(self.calls(OTHER, *harmless), ['answers'] * len(harmless))
                for user in (0, SIDECAR):
                    self.assertEqual(self.calls(user, *ruling + harmless), ['answers'] * len(ruling + harmless))
                rules = self.machine.rules()
                self.agent('agent.follow_admin_ports(state)', tools)
                self.assertEqual(self.machine.rules(), rules)
                self.agent('agent.open_admin_ports()')
                self.assertEqual([rule for rule in self.machine.rules() if 'meshvm-admin' in rule.lower()], [])
                self.assertEqual(self.calls(OTHER, *ruling), ['answers'] * len(ruling))

    def test_stay_closed_when_somebody_has_changed_the_rules(self):
        self.agent('agent.follow_admin_ports(state)')
        rules = self.machine.rules()
        self.machine.run('nft flush table inet meshvm-admin')
        self.agent('agent.follow_admin_ports(state)')
        self.assertEqual(self.machine.rules(), rules)

    def test_a_machine_that_can_not_close_them_says_so(self):
        _, state, output = self.agent('agent.follow_admin_ports(state) or agent.follow_admin_ports(state)', 'none')
        self.assertEqual(state['adminClosed'], False)
        self.assertEqual(output.count('open to every user'), 1)

    def test_who_listens_in_the_sidecars_place_is_not_believed_and_not_even_asked(self):
        for kind in ('plain', 'endless'):
            with self.subTest(kind):
                server = self.serve(OTHER, 15020, 15000, kind=kind)
                found = self.agent('[agent.sidecar_ready(), agent.envoy_runs(), agent.is_endpoint({"services": [{"host": "a"}]})]')
                self.assertEqual(found[0], [False, False, None])
                server.kill()
                server.wait()

    def test_the_sidecar_is_believed(self):
        for user in (SIDECAR, 0):
            server = self.serve(user, 15020, 15000)
            self.assertEqual(self.agent('[agent.sidecar_ready(), agent.envoy_runs()]')[0], [True, True])
            server.kill()
            server.wait()

    def test_an_answer_without_end_from_the_sidecars_own_user_ends(self):
        self.serve(SIDECAR, 15020, kind='endless')
        self.assertEqual(self.agent('agent.sidecar_ready()')[0], False)


class Release(unittest.TestCase):
    def test_opens_them(self):
        cluster, machine = Cluster(), Machine(systemd=True)
        self.addCleanup(cluster.close)
        machine.configure(cluster)
        self.assertEqual(machine.run('join').code, 0)
        machine.stub('nft', '')
        self.assertEqual(machine.run('release').code, 0)
        self.assertIn('delete table inet meshvm-admin', machine.calls('nft'))


if __name__ == '__main__':
    unittest.main()
