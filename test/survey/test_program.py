"""The survey as a guest: it changes nothing, sends nothing, needs nobody's trust, and survives whatever it meets."""
import ipaddress
import json
import subprocess
import sys
import unittest
from unittest import mock

from support import PROGRAM, PYTHON, Machine, load_survey

survey = load_survey()

# Calls itself what it likes, listens, and writes down what it is sent.
HOSTILE = r'''
import ctypes, pathlib, socket, threading
ctypes.CDLL(None).prctl(15, b"*/ new\n\x1b[2J(\xff", 0, 0, 0)
def serve(server, name, greeting):
    while True:
        connection, _ = server.accept()
        connection.sendall(greeting)
        connection.settimeout(3)
        got = b""
        try:
            while True:
                more = connection.recv(100)
                if not more: break
                got += more
        except socket.timeout:
            pass
        with open("/run/got-" + name, "ab") as file: file.write(b"[" + got + b"]")
        connection.close()
for port, name, greeting in ((7001, "quiet", b""), (7002, "loud", b"secret-in-a-greeting\r\n")):
    server = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=serve, args=(server, name, greeting)).start()
'''


class Guest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = Machine()
        cls.addClassCleanup(cls.machine.stop)
        cls.machine.run("cat >/run/hostile.py <<'END'\n%s\nEND" % HOSTILE)
        cls.machine.background('exec python3 /run/hostile.py password=hunter2')
        cls.machine.wait_for('ss -Hltn | grep -q :7002')

    def listener(self, port, *arguments, **options):
        [found] = [each for each in self.machine.survey(*arguments, **options)['listeners'] if each['port'] == port]
        return found

    def test_names_are_printable_and_nothing_but_names(self):
        name = self.listener(7001)['program']
        self.assertTrue(name.startswith('*/ new\\n\\x1b[2J('), name)
        text = self.machine.survey_for_people()
        self.assertIn(name, text)
        self.assertNotIn('\x1b', text)

    def test_command_lines_and_greetings_stay_on_the_machine(self):
        answer = json.dumps(self.machine.survey()) + self.machine.survey_for_people()
        self.assertEqual((self.listener(7002)['speaksFirst'], self.listener(7002)['speaks']), (True, None))
        self.assertNotIn('hunter2', answer)
        self.assertNotIn('secret-in-a-greeting', answer)

    def test_it_sends_nothing_unless_it_is_asked_to(self):
        self.machine.run('rm -f /run/got-*')
        self.machine.survey()
        self.machine.wait_for('test -e /run/got-quiet -a -e /run/got-loud')
        self.assertEqual(self.machine.run('cat /run/got-quiet /run/got-loud'), '[][]')
        self.machine.run('rm -f /run/got-*')
        self.assertEqual(self.listener(7001, '--ask-http')['http'], False)
        self.machine.wait_for('test -e /run/got-quiet && grep -q GET /run/got-quiet')

    def test_it_connects_to_nobody_when_told_so(self):
        self.machine.run('rm -f /run/got-*')
        self.assertEqual(self.listener(7001, '--no-connect', '--ask-http')['speaksFirst'], None)
        # Somebody who calls afterwards is the first.
        self.machine.run('exec 3<>/dev/tcp/127.0.0.1/7001; echo me >&3')
        self.machine.wait_for('test -e /run/got-quiet')
        self.assertEqual(self.machine.run('cat /run/got-quiet'), '[me\n]')

    def test_it_writes_nowhere(self):
        read_only = ('unshare', '--mount', 'sh', '-c',
                     'for place in / /etc /var /run /tmp /proc; do mount -o remount,bind,ro $place 2>/dev/null || '
                     'mount --bind -o ro $place $place || exit; done; touch /run/x 2>/dev/null && exit 9; exec "$@"', 'sh')
        before = self.machine.run(KERNEL)
        self.assertEqual(self.listener(7001, prefix=read_only)['speaksFirst'], False)
        self.assertEqual(self.machine.run(KERNEL), before)

    def test_it_needs_no_root_and_says_what_it_could_not_see(self):
        # Neither the checkout nor the interpreter of the tests need be for everybody.
        nobody = 'setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs /usr/bin/python3 - --json'
        answer = json.loads(self.machine.run("%s <'%s'" % (nobody, PROGRAM)))
        self.assertFalse(answer['surveyed']['root'])
        self.assertIn('programs and units of other users: run it as root', answer['surveyed']['unseen'])
        [found] = [each for each in answer['listeners'] if each['port'] == 7001]
        self.assertEqual((found['program'], found['user'], found['speaksFirst']), (None, 'root', False))

    def test_it_runs_from_a_pipe(self):
        script = "%s - --json --no-connect <'%s'" % (PYTHON, PROGRAM)
        self.assertEqual(json.loads(self.machine.run(script))['format'], 'meshvm-survey/1')

    def test_ports_and_user_that_the_sidecar_needs(self):
        self.machine.background('exec python3 -c "import socket, time; s = socket.create_server((\'0.0.0.0\', 15001)); time.sleep(300)"')
        self.machine.wait_for('ss -Hltn | grep -q :15001')
        self.machine.run("grep -q ^istio-proxy: /etc/passwd || echo 'istio-proxy:x:988:988::/:/bin/sh' >>/etc/passwd")
        sidecar = self.machine.survey('--no-connect')['sidecar']
        self.assertEqual([each['port'] for each in sidecar['ports']], [15001])
        self.assertIsInstance(sidecar['userId'], int)
        self.assertIn('port 15001: python3', self.machine.survey_for_people('--no-connect'))

    def test_an_early_end_still_tells_what_was_seen(self):
        script = 'import signal, subprocess, sys, time\n' \
                 'run = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n' \
                 'time.sleep(3)\nrun.send_signal(signal.SIGINT)\nsys.stdout.buffer.write(run.communicate()[0])'
        answer = self.machine.survey('--no-connect', '--for', '1h', prefix=(sys.executable, '-c', script))
        self.assertLess(answer['surveyed']['seconds'], 60)
        self.assertGreater(answer['surveyed']['samples'], 1)


# What a look at rules could have loaded or made.
KERNEL = '(cat /proc/modules /proc/net/ip_tables_names; nft list ruleset) 2>/dev/null || true'


class Words(unittest.TestCase):
    def test_endpoints_of_both_families(self):
        order = '0100007F' if sys.byteorder == 'little' else '7F000001'
        self.assertEqual(survey.endpoint(order + ':0050'), (ipaddress.ip_address('127.0.0.1'), 80))
        self.assertEqual(survey.endpoint('0' * 32 + ':1F90'), (ipaddress.ip_address('::'), 8080))
        if sys.byteorder == 'little':
            self.assertEqual(survey.endpoint('0000000000000000FFFF00000500090A:0001'), (ipaddress.ip_address('10.9.0.5'), 1))

    def test_units_of_both_versions_of_control_groups(self):
        for groups, unit in (('0::/system.slice/nginx.service\n', ('nginx.service', False)),
                             ('12:cpu:/\n1:name=systemd:/system.slice/system-postgresql.slice/postgresql@15-main.service\n', ('postgresql@15-main.service', False)),
                             ('0::/system.slice/docker-%s.scope\n' % ('a' * 12), ('docker-aaaaaaaaaaaa.scope', True)),
                             ('0::/kubepods/besteffort/pod1/abc\n', (None, True)),
                             ('0::/system.slice/*/ new Evil(.service\n', (' new Evil(.service', False)),
                             ('', (None, False))):
            with mock.patch.object(survey, 'read', return_value=groups):
                self.assertEqual(survey.unit_name('1'), (unit[0] and unit[0].strip(), unit[1]))

    def test_greetings(self):
        for greeting, speaks in ((b'SSH-2.0-OpenSSH', 'ssh'), (b'220 mx ESMTP Postfix', 'smtp'), (b'220 (vsFTPd 3.0.3)', 'ftp'),
                                 (b'\x5b\x00\x00\x00\x0a10.11', 'mysql'), (b'G\x00\x00\x00\xffHost is not allowed', 'mysql'), (b'hello', None)):
            self.assertEqual(next((name for name, pattern in survey.GREETINGS if pattern.match(greeting)), None), speaks)

    def test_durations(self):
        self.assertEqual([survey.duration(text) for text in ('30', '30s', '10m', '2h')], [30, 30, 600, 7200])
        done = subprocess.run([PYTHON, str(PROGRAM), '--for', 'ever'], stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("'ever' is no duration; write 30s, 10m or 2h", done.stderr)

    def test_text_of_others_is_cut(self):
        self.assertEqual(survey.plain('a' * 1000), 'a' * 197 + '...')


if __name__ == '__main__':
    unittest.main()
