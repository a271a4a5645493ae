"""What the sidecar's user puts into folders that it owns leads root nowhere. Root, in a user's folders made for it."""
import contextlib
import io
import os
import stat
import subprocess
import unittest
from pathlib import Path

from support import FOLDER, Cluster, Machine, load_agent

SECRETS = 'var/run/secrets'
# Anybody but root and who runs the tests.
OTHER = (65534, 65534)


def facts(path):
    about = os.stat(str(path), follow_symlinks=False)
    return stat.S_IMODE(about.st_mode), (about.st_uid, about.st_gid)


@unittest.skipIf(os.geteuid(), 'needs root')
class Attacks(unittest.TestCase):
    """The folders belong to somebody else, who puts something in the place of what the agent expects there."""

    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine()
        self.addCleanup(self.cluster.close)
        os.chmod(str(FOLDER), 0o755)
        os.chmod(str(self.machine.root), 0o755)
        self.machine.configure(self.cluster)
        self.succeed('join', '--wait', '0')
        self.victim = self.machine.root / 'etc/victim'
        self.victim.mkdir()
        self.victim.chmod(0o711)

    def succeed(self, *arguments):
        result = self.machine.run(*arguments)
        self.assertEqual(result.code, 0, result.output)
        return result.output

    def as_other(self, script):
        """As the sidecar's user, to whom the package gives these folders when it is installed, and again at each upgrade."""
        for path in (SECRETS, SECRETS + '/tokens', 'etc/certs', 'var/lib/istio/envoy', 'var/lib/istio/config'):
            os.chown(str(self.machine.root / path), *OTHER)
        subprocess.run(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-ec', script],
                       cwd=str(self.machine.root), check=True)

    def test_a_link_in_the_place_of_a_folder_gives_nothing_away(self):
        self.as_other('mv {0}/tokens {0}/old; ln -s {1} {0}/tokens'.format(SECRETS, self.victim))
        self.succeed('refresh')
        self.assertEqual(facts(self.victim), (0o711, (0, 0)))
        self.assertEqual(sorted(os.listdir(str(self.victim))), [])
        self.assertFalse((self.machine.root / SECRETS / 'tokens').is_symlink())
        self.assertTrue(self.machine.exists(SECRETS + '/tokens/istio-token'))

    def test_a_fifo_a_device_and_a_link_in_the_place_of_a_file_are_replaced(self):
        for path in (SECRETS + '/tokens/istio-token', 'etc/certs/root-cert.pem', 'etc/certs/cert-chain.pem', 'var/lib/istio/config/mesh',
                     'var/lib/istio/envoy/cluster.env', 'var/lib/istio/envoy/sidecar.env'):
            for script in ('mkfifo {0}', 'ln -s /dev/zero {0}', 'ln -s {1}/secret {0}', 'truncate -s 100G {0}'):
                with self.subTest(path=path, script=script):
                    self.machine.write('etc/victim/secret', 'victim', 0o600)
                    self.as_other('rm -f {}; '.format(path) + script.format(path, self.victim))
                    self.machine.change_state(rootRead=0)
                    self.succeed('refresh')
                    self.machine.run('status')
                    self.assertEqual(self.machine.read('etc/victim/secret'), 'victim')
                    self.assertEqual(facts(self.victim / 'secret'), (0o600, (0, 0)))
                    about = self.machine.root / path
                    if not path.endswith(('cert-chain.pem', 'sidecar.env')):
                        self.assertTrue(about.is_file() and not about.is_symlink())
                        self.assertLess(about.stat().st_size, 10000)

    def test_links_in_the_place_of_what_is_written_for_a_moment_lead_nowhere(self):
        self.machine.write('etc/victim/secret', 'victim', 0o600)
        for path in (SECRETS + '/tokens/istio-token', 'etc/certs/root-cert.pem', 'var/lib/istio/config/mesh'):
            with self.subTest(path):
                self.as_other('rm -f {0}; ln -s {1}/secret {0}.meshvm'.format(path, self.victim))
                self.machine.change_state(rootRead=0)
                self.succeed('refresh')
                self.assertEqual(self.machine.read('etc/victim/secret'), 'victim')

    def test_a_file_of_somebody_else_is_not_sourced(self):
        self.machine.write('var/lib/istio/envoy/sidecar.env', '# of the package\n')
        self.succeed('refresh')
        before = self.machine.state['started']
        for script in ('echo touch /tmp/never', 'id'):
            self.as_other('rm var/lib/istio/envoy/sidecar.env; echo "{}" >var/lib/istio/envoy/sidecar.env'.format(script))
            self.assertIn('others than root can change it', self.succeed('refresh'))
            self.assertFalse(self.machine.exists('var/lib/istio/envoy/sidecar.env'))
            self.assertEqual(facts(self.machine.root / 'var/lib/istio/envoy'), (0o755, (0, 0)))
            self.machine.write('var/lib/istio/envoy/sidecar.env', '# of the package\n')
            self.succeed('refresh')
            self.assertEqual(self.machine.state['started'], before)

    def test_systemd_has_root_source_copies_that_no_upgrade_of_the_package_gives_away(self):
        machine = Machine(systemd=True)
        machine.configure(self.cluster)
        machine.write('var/lib/istio/envoy/sidecar.env', "ISTIO_AGENT_FLAGS='--log_output_level=debug'\n")
        self.assertEqual(machine.run('join').code, 0)
        drop_in = machine.read('etc/systemd/system/istio.service.d/10-meshvm.conf')
        self.assertIn('\nEnvironment=ISTIO_SIDECAR_CONFIG=/etc/meshvm/sidecar.env ISTIO_CLUSTER_CONFIG=/etc/meshvm/cluster.env\n', drop_in)
        for name in ('sidecar.env', 'cluster.env'):
            text = machine.read('var/lib/istio/envoy/' + name)
            self.assertEqual((name, machine.read('etc/meshvm/' + name)), (name, text))
            os.chown(str(machine.root / 'var/lib/istio/envoy'), *OTHER)
            (machine.root / 'var/lib/istio/envoy' / name).unlink()
            machine.write('var/lib/istio/envoy/' + name, 'touch /tmp/never\n')
            os.chown(str(machine.root / 'var/lib/istio/envoy' / name), *OTHER)
            self.assertEqual(machine.run('refresh').code, 0)
            self.assertEqual((name, machine.read('etc/meshvm/' + name)), (name, text))

    def test_the_same_text_from_somebody_else_is_written_again(self):
        text = self.machine.read('var/lib/istio/envoy/cluster.env')
        self.as_other('cp {0} {0}2; mv {0}2 {0}'.format('var/lib/istio/envoy/cluster.env'))
        self.succeed('refresh')
        self.assertEqual(self.machine.read('var/lib/istio/envoy/cluster.env'), text)
        self.assertEqual(facts(self.machine.root / 'var/lib/istio/envoy/cluster.env'), (0o644, (0, 0)))


@unittest.skipIf(os.geteuid(), 'needs root')
class Walk(unittest.TestCase):
    def setUp(self):
        output = contextlib.redirect_stdout(io.StringIO())
        output.__enter__()
        self.addCleanup(output.__exit__, None, None, None)
        self.agent = load_agent()
        self.folder = Path(Machine().root)
        (self.folder / 'target').mkdir()
        (self.folder / 'target/file').write_text('content')

    def read(self, path):
        return self.agent.read(str(self.folder / path), None)

    def test_links_of_root_are_followed(self):
        (self.folder / 'link').symlink_to('target')
        (self.folder / 'target/again').symlink_to('../link/file')
        (self.folder / 'absolute').symlink_to(str(self.folder / 'link/again'))
        for path in ('target/file', 'link/file', 'link/again', 'absolute', 'link/../link/./file'):
            self.assertEqual(self.read(path), b'content', path)

    def test_links_in_circles_end(self):
        (self.folder / 'a').symlink_to('b')
        (self.folder / 'b').symlink_to('a')
        self.assertIsNone(self.read('a'))

    def test_links_of_others_and_links_in_folders_of_others_are_not(self):
        (self.folder / 'link').symlink_to('target')
        os.chown(str(self.folder / 'link'), *OTHER, follow_symlinks=False)
        self.assertIsNone(self.read('link/file'))
        for mode, owner in ((0o755, OTHER), (0o777, (0, 0)), (0o775, (0, 65534)), (0o1777, OTHER)):
            with self.subTest(mode=oct(mode), owner=owner):
                place = self.folder / 'of-others'
                place.mkdir(exist_ok=True)
                (place / 'link').symlink_to('../target')
                os.chown(str(place), *owner)
                place.chmod(mode)
                self.assertIsNone(self.read('of-others/link/file'))
                with self.assertRaises(OSError):
                    self.agent.write(str(place / 'link/new'), b'')
                (place / 'link').unlink()

    def test_a_sticky_folder_of_root_is_as_good_as_its_links(self):
        place = self.folder / 'sticky'
        place.mkdir()
        (place / 'link').symlink_to('../target')
        place.chmod(0o1777)
        self.assertEqual(self.read('sticky/link/file'), b'content')

    def test_the_same_as_the_kernel_where_root_alone_is(self):
        """Random trees of folders, files and links, all of root: read as open() reads."""
        import random
        for seed in range(40):
            chance, top = random.Random(seed), self.folder / 'tree-{}'.format(seed)
            top.mkdir()
            places = [top]
            for step in range(12):
                at = chance.choice(places) / 'n{}'.format(chance.randrange(6))
                if os.path.lexists(str(at)):
                    continue
                kind = chance.randrange(3)
                if kind == 0:
                    at.mkdir()
                    places.append(at)
                elif kind == 1:
                    at.write_text(str(step))
                else:
                    up = '/'.join(['..'] * chance.randrange(3) + ['n{}'.format(chance.randrange(6)) for _ in range(2)])
                    at.symlink_to(up if chance.random() < 0.7 else str(top / up.lstrip('./')))
            for _ in range(60):
                path = '/'.join([str(top)] + ['n{}'.format(chance.randrange(6)) for _ in range(chance.randrange(1, 4))])
                try:
                    with open(path, 'rb') as file:
                        expected = file.read()
                except OSError:
                    expected = None
                try:
                    found = self.agent.read(path, None)
                except OSError:
                    found = None
                self.assertEqual((seed, path, found), (seed, path, expected))

    def test_a_folder_gets_its_mode_and_owner_and_keeps_what_is_in_it(self):
        self.agent.make_folder(str(self.folder / 'target'), 0o710, OTHER)
        self.assertEqual(facts(self.folder / 'target'), (0o710, OTHER))
        self.assertEqual(self.read('target/file'), b'content')

    def test_a_file_of_roots_in_the_place_of_a_folder_stays(self):
        with self.assertRaises(OSError):
            self.agent.make_folder(str(self.folder / 'target/file'), 0o755, OTHER)
        self.assertEqual(self.read('target/file'), b'content')


if __name__ == '__main__':
    unittest.main()
