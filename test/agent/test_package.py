"""The sidecar's package: verified before it is installed, and installed only when it must be."""
import os
import unittest

from support import CA, SERVER_CERTIFICATE, Cluster, Machine, Server, digest

CONTENT = b'a package' * 1000
DONE = 'install ok installed|'


class Package(unittest.TestCase):
    kind, tool, query = 'deb', 'apt-get', 'dpkg-query'

    def setUp(self):
        self.cluster, self.mirror, self.machine = Cluster(), Server(SERVER_CERTIFICATE), Machine(systemd=True)
        self.machine.env['SSL_CERT_FILE'] = str(CA[1])
        self.addCleanup(self.cluster.close)
        self.addCleanup(self.mirror.close)
        (self.machine.root / 'usr/local/bin/pilot-agent').unlink()
        self.machine.configure(self.cluster)
        self.mirror.answers['GET', '/sidecar'] = (200, CONTENT)
        self.source = {'url': self.mirror.url + '/sidecar', 'sha256': digest(CONTENT)}
        sources = {'amd64': self.source, 'arm64': self.source}
        self.cluster.settings['istio'] = {'version': '1.31.1', 'packages': {self.kind: sources}}
        self.installs('1.31.1')
        self.installed(None)

    def installed(self, version):
        """What the package database says."""
        self.machine.stub('dpkg-query', 'test -s {0}/version && echo "install ok installed|$(cat {0}/version)"'.format(
            self.machine.root))
        self.machine.write('version', version or '')

    def installs(self, version):
        """A package manager that installs that version, and checks that it is given the verified file."""
        self.machine.stub(self.tool, '''case "$*" in *install*)
            for file; do :; done; cmp "$file" {0}/expected || exit 9
            mkdir -p {0}/usr/local/bin; echo binary > {0}/usr/local/bin/pilot-agent; printf %s {1} > {0}/version;; esac'''.format(
            self.machine.root, version))
        self.machine.write('expected', CONTENT)

    def installations(self):
        return [call for call in self.machine.calls(self.tool) if 'install' in call]

    def test_is_installed_with_the_right_checksum(self):
        result = self.machine.run('join')
        self.assertEqual(result.code, 0, result.output)
        self.assertEqual(len(self.installations()), 1)
        self.assertEqual([path.name for path in (self.machine.root / 'var/lib/meshvm').glob('istio-sidecar*')], [])

    def test_is_not_installed_with_another_checksum(self):
        self.mirror.answers['GET', '/sidecar'] = (200, CONTENT + b'x')
        result = self.machine.run('join')
        self.assertEqual(result.code, 6, result.output)
        self.assertIn('not installed', result.output)
        self.assertEqual(self.installations(), [])
        self.assertEqual([path.name for path in (self.machine.root / 'var/lib/meshvm').glob('istio-sidecar*')], [])

    def test_nothing_of_istio_is_placed_before_the_package(self):
        self.mirror.answers['GET', '/sidecar'] = (404, b'<xml/>')
        result = self.machine.run('join', '--wait', '0')
        self.assertEqual(result.code, 4, result.output)
        self.assertFalse(os.path.lexists(str(self.machine.root / 'etc/istio')))
        self.assertFalse(self.machine.exists('var/lib/istio'))

    def test_needs_a_checksum_or_an_explicit_word(self):
        self.source['sha256'] = None
        self.assertEqual(self.machine.run('join').code, 6)
        self.assertEqual(self.mirror.asked, [])
        self.cluster.settings['istio']['unverified'] = True
        self.mirror.answers['GET', '/sidecar.sha256'] = (200, digest(b'other') + ' istio-sidecar\n')
        self.assertEqual(self.machine.run('join').code, 6)
        self.assertEqual(self.installations(), [])
        self.mirror.answers['GET', '/sidecar.sha256'] = (200, digest(CONTENT) + ' istio-sidecar\n')
        result = self.machine.run('join')
        self.assertEqual(result.code, 0, result.output)
        self.assertIn('not its origin', result.output)

    def test_another_version_in_an_image_without_packages_is_told_and_used(self):
        self.machine.write('usr/local/bin/pilot-agent', 'binary')
        self.installed('1.30.0')
        self.cluster.settings['istio']['packages'] = None
        result = self.machine.run('join')
        self.assertEqual(result.code, 0, result.output)
        self.assertIn('istio-sidecar 1.30.0 is installed, the bundle wants 1.31.1', result.output)

    def test_is_skipped_on_an_image_that_has_it(self):
        self.machine.write('usr/local/bin/pilot-agent', 'binary')
        self.installed('1.31.1')
        self.assertEqual(self.machine.run('join').code, 0)
        self.assertEqual(self.mirror.asked, [])

    def test_is_left_alone_on_an_image_made_otherwise(self):
        self.machine.write('usr/local/bin/pilot-agent', 'binary')
        result = self.machine.run('join')
        self.assertEqual(result.code, 0, result.output)
        self.assertIn('brings its own sidecar', result.output)

    def test_an_idle_refresh_asks_no_package_database(self):
        self.machine.run('join')
        self.machine.run('refresh')
        self.machine.forget_calls()
        self.machine.run('refresh')
        self.assertEqual(self.machine.calls(self.query) + self.machine.calls(self.tool), [])

    def test_is_upgraded_when_the_bundle_says_so_and_the_sidecar_restarts(self):
        self.machine.run('join')
        self.machine.forget_calls()
        self.cluster.settings['istio']['version'] = '1.31.2'
        self.installs('1.31.2')
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 0, result.output)
        self.assertEqual(len(self.installations()), 1)
        self.assertIn('try-restart --no-block istio.service', self.machine.calls('systemctl'))

    def test_a_failed_upgrade_does_not_keep_the_token_from_being_renewed(self):
        self.machine.run('join')
        self.cluster.settings['istio']['version'] = '1.31.2'
        self.mirror.close()
        token = self.machine.root / 'var/run/secrets/tokens/istio-token'
        token.unlink()
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 4, result.output)
        self.assertTrue(token.exists())
        self.mirror.close = lambda: None

    def test_another_version_than_promised_is_an_error(self):
        self.installs('1.30.0')
        result = self.machine.run('join')
        self.assertEqual(result.code, 6)
        self.assertIn('is not version 1.31.1', result.output)

    def test_a_failing_package_manager_is_quoted(self):
        self.machine.stub(self.tool, 'case "$*" in *install*|*downgrade*) echo "E: Could not get lock"; exit 100;; esac')
        result = self.machine.run('join')
        self.assertEqual(result.code, 7)
        self.assertIn('Could not get lock', result.output)

    def test_no_package_for_this_machine(self):
        self.cluster.settings['istio']['packages'] = {}
        result = self.machine.run('join')
        self.assertEqual(result.code, 6)
        self.assertIn('the bundle names no {} package'.format(self.kind), result.output)


class Rpm(Package):
    kind, tool, query = 'rpm', 'dnf', 'rpm'

    def installed(self, version):
        self.machine.stub('dpkg-query', 'exit 1')
        self.machine.stub('rpm', 'test -s {0}/version && cat {0}/version'.format(self.machine.root))
        self.machine.write('version', version or '')


class Deb(Package):
    def test_a_half_installed_package_is_installed_again(self):
        self.machine.write('usr/local/bin/pilot-agent', 'binary')
        self.machine.stub('dpkg-query', 'test -s {0}/version && echo "install ok installed|$(cat {0}/version)" || '
                                        'echo "install ok unpacked|1.31.1"'.format(self.machine.root))
        self.assertEqual(self.machine.run('join').code, 0)
        self.assertEqual(len(self.installations()), 1)

    def test_conffiles_ask_no_question_and_dependencies_come_along(self):
        self.machine.run('join')
        self.assertIn('--force-confold', self.installations()[0])
        self.assertTrue(self.installations()[0].startswith('install -y'))

    def test_outdated_lists_are_updated_once(self):
        self.installs('1.31.1')
        script = (self.machine.bin / 'apt-get').read_text().split('\n', 2)[2]
        self.machine.stub('apt-get', 'case "$*" in update) touch {0}/updated;; *install*) test -e {0}/updated || exit 100;; esac\n'
                          .format(self.machine.root) + script)
        result = self.machine.run('join')
        self.assertEqual(result.code, 0, result.output)


del Package

if __name__ == '__main__':
    unittest.main()
