"""Files: whole at every instant, whoever kills the writer and however full the disk is."""
import itertools
import os
import random
import shutil
import stat
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import AGENT, FOLDER, MESH_CA, Cluster, Machine, certificate_authority, claims, load_agent

FAULTS = Path(__file__).with_name('faults.py')
SECOND_CA = certificate_authority('files-second-ca')
ENV = 'var/lib/istio/envoy/cluster.env'
HOSTS_AFTER = '127.0.0.1 localhost\n{} istiod.istio-system.svc # meshvm\n'


class Faults(unittest.TestCase):
    """A fault at every step of a join, and of a refresh that changes every file."""

    def setUp(self):
        self.cluster = Cluster()
        self.addCleanup(self.cluster.close)

    def model(self, joined):
        """A machine before the run whose every step is tried."""
        machine = Machine()
        machine.configure(self.cluster)
        if joined:
            self.assertEqual(machine.run('join').code, 0)
            machine.write('etc/certs/cert-chain.pem', 'chain')
            machine.write('etc/certs/key.pem', 'key')
            self.cluster.cluster_env = self.cluster.cluster_env.replace('8080', '8081')
            self.cluster.mesh_yaml += '  concurrency: 2\n'
            self.cluster.root = SECOND_CA[0]
            self.cluster.ingress = [{'ip': '127.0.0.2'}, {'ip': '127.0.0.3'}]
            machine.change_state(rootRead=0, gatewayRead=0)
            (machine.root / 'var/run/secrets/tokens/istio-token').write_text('')
        return machine

    def check_whole(self, machine, joined):
        """Every file is the old one or the new one."""

        def one_of(path, *contents):
            if not machine.exists(path):
                self.assertFalse(joined and None not in contents, path + ' is gone')
                return
            self.assertIn(machine.read(path), [content for content in contents if content is not None], path)

        new_hosts = ''.join('127.0.0.{} istiod.istio-system.svc # meshvm\n'.format(n) for n in ((2, 3) if joined else (1,)))
        one_of('etc/hosts', '127.0.0.1 localhost\n', HOSTS_AFTER.format('127.0.0.1'), '127.0.0.1 localhost\n' + new_hosts)
        one_of('etc/istio/config/mesh', None if not joined else '', self.cluster.mesh_yaml,
               self.cluster.mesh_yaml.replace('  concurrency: 2\n', ''))
        one_of('etc/certs/root-cert.pem', None if not joined else '', MESH_CA[0], self.cluster.root)
        if machine.exists(ENV):
            content = machine.read(ENV)
            self.assertTrue(content.endswith('ISTIO_SERVICE_EXCLUDE_CIDR=127.0.0.1/32,169.254.169.254/32\n'), content)
        token = machine.root / 'var/run/secrets/tokens/istio-token'
        if token.exists() and token.read_text():
            self.assertTrue(claims(token.read_text()), token.read_text())
            self.assertEqual(stat.S_IMODE(token.stat().st_mode), 0o600)
        # An old certificate never stands beside a new root.
        if joined and machine.read('etc/certs/root-cert.pem') == SECOND_CA[0]:
            self.assertFalse(machine.exists('etc/certs/key.pem'))

    def check_converged(self, machine, joined):
        result = machine.run('join' if not joined else 'refresh')
        self.assertEqual(result.code, 0, result.output)
        self.assertIn(self.cluster.cluster_env, machine.read(ENV))
        self.assertEqual(machine.read('etc/istio/config/mesh'), self.cluster.mesh_yaml)
        self.assertEqual(machine.read('etc/certs/root-cert.pem'), self.cluster.root)
        self.assertTrue(claims(machine.read('var/run/secrets/tokens/istio-token')))
        self.assertEqual(machine.read('etc/hosts').count('# meshvm'), 2 if joined else 1)
        self.assertEqual(machine.exists('var/lib/meshvm/restart'), joined)
        left = [path for path in machine.root.rglob('*.meshvm')]
        self.assertEqual(left, [])

    def every_step(self, fault, joined):
        """Runs, several at a time, until a run gets through without reaching its fault."""
        model, at_a_time = self.model(joined), os.cpu_count()
        with ThreadPoolExecutor(at_a_time) as pool:
            for first in itertools.count(1, at_a_time):
                steps = range(first, first + at_a_time)
                tries = [pool.submit(self.gets_through, model, fault, step, joined) for step in steps]
                for step, one in zip(steps, tries):
                    with self.subTest(fault=fault, step=step, joined=joined):
                        if one.result():
                            self.assertGreater(step, 20)
                            print('\n{} {}: {} steps'.format(fault, 'refresh' if joined else 'join', step - 1))
                            return

    def gets_through(self, model, fault, step, joined):
        machine = Machine()
        shutil.copytree(str(model.root), str(machine.root), True, shutil.ignore_patterns('stubs', 'calls'), dirs_exist_ok=True)
        result = machine.run(AGENT, fault, step, *(['refresh'] if joined else ['join', '--wait', '0']), script=FAULTS)
        self.check_whole(machine, joined)
        if 'calls:' in result.output and int(result.output.split('calls: ')[1]) < step:
            return True
        if fault == 'full':
            self.assertNotIn('Traceback', result.output)
        self.check_converged(machine, joined)
        return False

    def test_killed_at_every_step_of_a_join(self):
        self.every_step('kill', joined=False)

    def test_killed_at_every_step_of_a_refresh(self):
        self.every_step('kill', joined=True)

    def test_disk_full_from_every_step_of_a_join(self):
        self.every_step('full', joined=False)

    def test_disk_full_from_every_step_of_a_refresh(self):
        self.every_step('full', joined=True)


class RealFullDisk(unittest.TestCase):
    def test_a_full_disk_does_not_keep_the_token_from_being_renewed(self):
        cluster = Cluster()
        self.addCleanup(cluster.close)
        machine = Machine()
        machine.configure(cluster)
        self.assertEqual(machine.run('join').code, 0)
        disk = machine.root / 'var/lib'
        moved = machine.root / 'moved'
        disk.rename(moved)
        disk.mkdir()
        if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', str(disk)], stderr=subprocess.DEVNULL).returncode:
            self.skipTest('may not mount a small file system here')
        self.addCleanup(subprocess.run, ['umount', str(disk)])
        subprocess.run(['cp', '-a', str(moved) + '/.', str(disk)], check=True)
        with open(str(disk / 'filler'), 'wb', buffering=0) as filler:
            try:
                while True:
                    filler.write(b'x' * 512)
            except OSError:
                pass
        token = machine.root / 'var/run/secrets/tokens/istio-token'
        token.unlink()
        before = machine.read(ENV)
        cluster.cluster_env = cluster.cluster_env.replace('8080', '8081')
        result = machine.run('refresh')
        self.assertEqual(result.code, 7, result.output)
        self.assertIn('No space left', result.output)
        self.assertTrue(claims(token.read_text()))
        self.assertEqual(machine.read(ENV), before)
        (disk / 'filler').unlink()
        self.assertEqual(machine.run('refresh').code, 0)
        self.assertIn('8081', machine.read(ENV))


class Write(unittest.TestCase):
    def setUp(self):
        self.agent = load_agent()
        self.path = tempfile.mkdtemp(dir=str(FOLDER)) + '/file'

    def test_sets_the_mode_before_the_content(self):
        modes = []
        original = os.fchmod
        self.agent.os.fchmod = lambda descriptor, mode: (modes.append(os.fstat(descriptor).st_size), original(descriptor, mode))
        self.addCleanup(setattr, self.agent.os, 'fchmod', original)
        self.agent.write(self.path, b'secret', 0o600)
        self.assertEqual(modes, [0])
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)

    def test_does_not_follow_a_link_at_its_temporary_name(self):
        victim = self.path + '.victim'
        with open(victim, 'w') as file:
            file.write('mine')
        os.symlink(victim, self.path + '.meshvm')
        self.agent.write(self.path, b'data')
        with open(victim) as file:
            self.assertEqual(file.read(), 'mine')
        self.assertFalse(os.path.islink(self.path))

    def test_corrects_a_wrong_mode_of_a_right_content(self):
        self.agent.write(self.path, b'data', 0o600)
        os.chmod(self.path, 0o644)
        self.assertTrue(self.agent.write(self.path, b'data', 0o600))
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        self.assertFalse(self.agent.write(self.path, b'data', 0o600))

    def test_gives_the_file_to_its_owner(self):
        if os.geteuid() != 0:
            self.skipTest('needs root')
        self.agent.write(self.path, b'data', 0o600, (12345, 12346))
        about = os.stat(self.path)
        self.assertEqual((about.st_uid, about.st_gid), (12345, 12346))

    def test_a_mounted_hosts_file_is_rewritten_in_place(self):
        machine = Machine()
        hosts, other = machine.root / 'etc/hosts', machine.root / 'mounted'
        for old, new in ((b'a much longer content than the new one\n' * 50, b'127.0.0.1 short\n'), (b'short\n', b'longer\n' * 99)):
            other.write_bytes(old)
            if subprocess.run(['mount', '--bind', str(other), str(hosts)], stderr=subprocess.DEVNULL).returncode:
                self.skipTest('may not mount here')
            try:
                self.agent.write_hosts(str(hosts), new)
                self.assertEqual(other.read_bytes(), new)
            finally:
                subprocess.run(['umount', str(hosts)], check=True)


class HostsLines(unittest.TestCase):
    def setUp(self):
        self.edit = load_agent().with_hosts_lines
        self.random = random.Random(4)

    def random_file(self):
        pieces = [b'127.0.0.1 localhost', b'# comment', b'', b'::1 ip6', b'\xff\xfe binary', b'10.0.0.1 a # meshvmx', b'  # meshvm ',
                  b'10.9.9.9 old # meshvm', b'trailing \\', b'10.0.0.1 # meshvm not at the end', b'windows\r']
        lines = [self.random.choice(pieces) for _ in range(self.random.randrange(8))]
        return b'\n'.join(lines) + self.random.choice([b'', b'\n'])

    @staticmethod
    def foreign(content):
        return [line.rstrip(b'\n') for line in content.splitlines(True) if not line.rstrip().endswith(b'# meshvm')]

    def test_other_lines_stay_byte_for_byte_and_ours_are_there_once(self):
        for _ in range(3000):
            content, lines = self.random_file(), ['10.0.0.{} istiod'.format(n) for n in range(self.random.randrange(4))]
            new = self.edit(content, lines)
            self.assertEqual(self.foreign(new), self.foreign(content))
            ours = [line.encode() + b' # meshvm' for line in lines]
            self.assertEqual([line for line in new.split(b'\n') if line.rstrip().endswith(b'# meshvm')], ours)
            self.assertEqual(self.edit(new, lines), new)

    def test_lines_are_replaced_where_they_stood(self):
        content = b'a\n10.0.0.1 x # meshvm\nb\n'
        self.assertEqual(self.edit(content, ['10.0.0.2 x']), b'a\n10.0.0.2 x # meshvm\nb\n')

    def test_adding_and_removing_gives_the_file_back(self):
        for _ in range(1000):
            content = self.edit(self.random_file(), [])
            back = self.edit(self.edit(content, ['10.0.0.1 x']), [])
            self.assertIn(back, (content, content + b'\n'))


if __name__ == '__main__':
    unittest.main()
