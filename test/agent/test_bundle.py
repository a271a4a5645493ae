"""What a bundle may say, and what of it never reaches the machine: whoever may change a ConfigMap is not root here."""
import copy
import json
import unittest

from support import CLUSTER_ENV, Cluster, Machine, REPOSITORY, Server, load_agent

agent = load_agent()
FIREWALL = (REPOSITORY / 'test/agent/firewall.nft').read_text()


class CaseWithMachine(unittest.TestCase):
    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine()
        self.addCleanup(self.cluster.close)
        self.machine.configure(self.cluster)


class Environment(CaseWithMachine):
    def refuse(self, *lines):
        for line in lines:
            with self.subTest(line):
                self.cluster.cluster_env = CLUSTER_ENV + line + '\n'
                result = self.machine.run('refresh')
                written = self.machine.exists('var/lib/istio/envoy/cluster.env')
                self.assertEqual((result.code, written), (6, False), result.output)

    def test_takes_no_program_library_file_or_user_from_a_bundle(self):
        self.refuse("LD_PRELOAD='/tmp/evil.so'", "LD_LIBRARY_PATH='/tmp'", "PATH='/tmp:/usr/bin'", "BASH_ENV='/tmp/x'",
                    "ENV='/tmp/x'", "EXEC_USER='root'", "ISTIO_INBOUND_INTERCEPTION_MODE='TPROXY'", "ISTIO_BIN_BASE='/tmp'",
                    "ISTIO_AGENT_FLAGS='--x;id'", "ISTIO_LOG_DIR='/tmp/$(id)'", "ISTIO_SIDECAR_CONFIG='/tmp/x'",
                    "ISTIO_CUSTOM_IP_TABLES='true'", "PROV_CERT='/tmp'", "OUTPUT_CERTS='/root'", "ENVOY_PATH='/tmp/envoy'",
                    "PROXY_CONFIG='binaryPath: /tmp/x'", "IFS='x'", "PS4='x'", "USER='root'", "GODEBUG='x'",
                    "PYTHONPATH='/tmp'")

    def test_takes_a_known_variable_in_its_form_alone(self):
        # The start script hands some of them to a second shell.
        self.refuse("ISTIO_NAMESPACE='x;id'", "ISTIO_NAMESPACE='$(id)'", "ISTIO_SVC_IP='10.0.0.1;id'", "POD_NAME='a b'",
                    "CA_ADDR='http://evil'", "ISTIO_INBOUND_PORTS='8080;id'", "PROXY_CONFIG_XDS_AGENT='yes'",
                    "SERVICE_ACCOUNT='../x'")

    def test_takes_what_meshes_set_for_their_proxies(self):
        self.cluster.cluster_env = CLUSTER_ENV + "ISTIO_META_UNKNOWN='any; $(text)'\nPROXY_CONFIG_XDS_AGENT='true'\n"
        self.assertEqual(self.machine.run('refresh').code, 0)
        self.assertIn("ISTIO_META_UNKNOWN='any; $(text)'\n", self.machine.read('var/lib/istio/envoy/cluster.env'))

    def test_a_text_that_is_no_assignment_is_none(self):
        for text in ('id\n', "A='x'; id\n", "export POD_NAME='x'\n", "POD_NAME=$(id)\n", "POD_NAME='x'\n\n", "POD_NAME='x'"):
            with self.subTest(text), self.assertRaises(ValueError):
                agent.check_environment(text)


class Settings(CaseWithMachine):
    HOSTILE = [
        ('istiod.host', 'x\n10.9.9.9 deb.debian.org'), ('istiod.host', 'istiod $(id)'), ('istiod.port', '15012'),
        ('deadManSeconds', '300\nUnit=evil.service'), ('deadManSeconds', True), ('refreshIntervalSeconds', 0),
        ('refreshIntervalSeconds', 1e9), ('restart.jitterSeconds', -1), ('restart.minimumIntervalSeconds', 10 ** 9),
        ('restart.absenceSeconds', 'x'), ('identity.serviceAccount', '../../secrets'), ('identity.namespace', 'kube-system'),
        ('identity.audience', 'istio-ca\n'), ('identity.trustDomain', "x'; id"), ('istio.version', '1.31.1; id'),
        ('gateway.service', '../secrets/x'), ('gateway.namespace', 'a/b'), ('capture.excludeCidrs', ['10.0.0.0/8;id']),
        ('capture.excludeCidrs', ['10.0.0.0/99']), ('dns', {'mode': 'coreDns', 'address': '10.0.0.1\n', 'domains': []}),
        ('dns', {'mode': 'split', 'domains': ['x\nExecStart=id']}),
        ('istio.packages', {'deb': {'amd64': {'url': 'file:///tmp/x', 'sha256': 'a' * 64}}}),
        ('istio.packages', {'deb': {'amd64': {'url': 'https://x/a b', 'sha256': 'a' * 64}}}),
        ('istio.packages', {'deb': {'amd64': {'url': 'https://x/a', 'sha256': 'A'}}}),
        ('istiod', 7), ('identity', None), ('schemaVersion', 2),
    ]

    def test_of_another_form_change_nothing_on_the_machine(self):
        good = self.cluster.settings
        for path, value in self.HOSTILE:
            with self.subTest(path=path, value=value):
                self.cluster.settings = copy.deepcopy(good)
                *parents, last = path.split('.')
                place = self.cluster.settings
                for key in parents:
                    place = place[key]
                place[last] = value
                result = self.machine.run('refresh')
                self.assertEqual((result.code, self.machine.exists('var/lib/istio')), (6, False), result.output)


class Mesh(CaseWithMachine):
    FIELDS = """  concurrency: 2
  discoveryAddress: "istiod.istio-system.svc:15012"
  drainDuration: "12s"
  holdApplicationUntilProxyStarts: true
  meshId: acme
  proxyMetadata:
    CANONICAL_SERVICE: payment-service
    ISTIO_METAJSON_LABELS: "{\\"app\\":\\"payment-service\\"}"
    ISTIO_META_DNS_CAPTURE: "true"
    POD_NAMESPACE: payments
  proxyStatsMatcher:
    inclusionPrefixes:
    - a
    - "b c"
  readinessProbe:
    exec:
      command:
      - sh
      - "-c"
      - |-
          test -e /run/up

          exit $?
    httpGet:
      httpHeaders:
      - name: X-Probe
        value: "it's"
      - name: Other
        value: ""
      port: 8080
  tracing:
    customTags: {}
    sampling: 12.5
"""

    def refuse(self, text, *whys):
        self.cluster.mesh_yaml = text
        result = self.machine.run('refresh')
        self.assertEqual((result.code, self.machine.exists('var/lib/istio')), (6, False), result.output)
        self.assertIn('mesh.yaml', result.output)
        self.assertNotIn('Traceback', result.output)

    def test_takes_what_a_group_writes(self):
        document = agent.read_block_yaml('defaultConfig:\n' + self.FIELDS)['defaultConfig']
        self.assertEqual(document['readinessProbe'], {
            'exec': {'command': ['sh', '-c', 'test -e /run/up\n\nexit $?']},
            'httpGet': {'httpHeaders': [{'name': 'X-Probe', 'value': "it's"}, {'name': 'Other', 'value': ''}], 'port': 8080}})
        self.assertEqual(document['proxyMetadata']['ISTIO_METAJSON_LABELS'], '{"app":"payment-service"}')
        self.assertEqual((document['tracing'], document['concurrency']), ({'customTags': {}, 'sampling': 12.5}, 2))
        self.cluster.mesh_yaml = 'defaultConfig:\n' + self.FIELDS
        self.assertEqual(self.machine.run('refresh').code, 0)
        self.assertEqual(self.machine.read('etc/istio/config/mesh'), self.cluster.mesh_yaml)

    def test_takes_no_program_file_root_or_other_way_to_istiod_from_a_bundle(self):
        for line in ('binaryPath: /tmp/evil', 'configPath: /tmp', 'customConfigFile: /tmp/envoy.yaml', 'sds: {}',
                     'proxyBootstrapTemplatePath: /tmp/x', 'privateKeyProvider: {}', 'caCertificatesPem: []',
                     'controlPlaneAuthPolicy: NONE', 'interceptionMode: TPROXY', '"binaryPath": /tmp/evil', 'unheardOf: 1',
                     'envoyAccessLogService:\n    address: "evil:1"', 'binary_path: /tmp/evil',
                     'tracing:\n    tlsSettings:\n      privateKey: /etc/x', 'proxyMetadata:\n    LD_PRELOAD: /tmp/x.so',
                     'proxyMetadata:\n    ISTIO_META_A: "x\\ny"', 'proxyMetadata: x', 'proxyMetadata:\n  - x'):
            with self.subTest(line):
                self.refuse('defaultConfig:\n  {}\n'.format(line))

    def test_takes_a_known_field_in_its_form_alone(self):
        for line in ('discoveryAddress: "http://evil"', 'discoveryAddress: "istiod:1 x"', 'concurrency: -1', 'concurrency: x',
                     'holdApplicationUntilProxyStarts: "yes"', 'drainDuration: "1d"', 'statusPort: 0', 'meshId: "a\\nb"',
                     'meshId: []', 'concurrency: {}'):
            with self.subTest(line):
                self.refuse('defaultConfig:\n  {}\n'.format(line))

    def test_takes_no_yaml_that_another_reader_might_take_otherwise(self):
        for text in ('', '{}\n', 'defaultConfig: {}\nrootNamespace: x\n', 'defaultConfig:\n', 'defaultConfig: &a x\n',
                     'defaultConfig:\n  meshId: *a\n', 'defaultConfig:\n  meshId: !!str x\n', 'defaultConfig:\n  meshId: a\n  meshId: b\n',
                     'defaultConfig:\n  meshId: a # b\n', '# a\ndefaultConfig:\n  meshId: a\n', '---\ndefaultConfig:\n  meshId: a\n',
                     'defaultConfig:\n  meshId: a\n---\nx: y\n', "defaultConfig:\n  meshId: 'a'\n", 'defaultConfig:\n  meshId: >\n    a\n',
                     'defaultConfig:\n  meshId: yes\n', 'defaultConfig:\n  meshId: 0x1\n', 'defaultConfig:\n  meshId: ~\n',
                     'defaultConfig:\n   meshId: a\n', 'defaultConfig:\n\tmeshId: a\n', 'defaultConfig:\n  meshId: a\r\n',
                     'defaultConfig:\n  ? meshId\n', 'defaultConfig:\n  <<: a\n', 'defaultConfig:\n  meshId: a',
                     'defaultConfig:\n  meshId: a\n    b\n', 'defaultConfig: {"binaryPath": "/tmp/x"}\n',
                     'defaultConfig:\n  tracing: {"a": {"tlsSettings": {}}}\n', 'defaultConfig:\n  meshId: \u2028\n'):
            with self.subTest(text):
                self.refuse(text)

    def test_a_text_without_a_bottom_ends_in_words(self):
        deep = ''.join('{}a:\n'.format('  ' * depth) for depth in range(1, 1500))
        self.refuse('defaultConfig:\n{}{}a: 1\n'.format(deep, '  ' * 1500))
        self.refuse('defaultConfig:\n  tracing:\n  {}1\n'.format('- ' * 3000))
        self.refuse('defaultConfig:\n  tracing: {}1{}\n'.format('[' * 30000, ']' * 30000))


class Depth(CaseWithMachine):
    def test_settings_without_a_bottom_end_in_words(self):
        self.cluster.answers[self.cluster.BUNDLE] = (200, {'data': {'settings.json': '[' * 100000, 'cluster.env': '', 'mesh.yaml': ''}})
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 6, result.output)
        self.assertNotIn('Traceback', result.output)


class FirewallText(unittest.TestCase):
    def test_is_taken_as_the_group_writes_it(self):
        agent.check_firewall_text(FIREWALL)

    def test_is_taken_in_no_other_way(self):
        rule = '\t\tct state invalid drop\n'
        self.assertIn(rule, FIREWALL)
        for name, text in [
            ('flushes what others have made', FIREWALL.replace(rule, rule + '\t\tflush ruleset\n')),
            ('flushes before the table', 'flush ruleset\n' + FIREWALL),
            ('reads a file', FIREWALL.replace(rule, '\t\tinclude "/etc/shadow"\n')),
            ('reads a file after a comment', FIREWALL.replace('\n', '\ninclude "/etc/shadow"\n', 1)),
            ('ends its table', FIREWALL.replace(rule, '\t}\n}\nflush ruleset\ntable inet x {\n\tchain y {\n')),
            ('ends its rule', FIREWALL.replace(rule, '\t\tct state invalid drop; }; flush ruleset;\n')),
            ('accepts everything', FIREWALL.replace('policy drop;', 'policy accept;')),
            ('accepts everything by a rule', FIREWALL.replace(rule, '\t\taccept\n')),
            ('drops what others need', FIREWALL.replace(rule, '\t\tdrop\n')),
            ('jumps', FIREWALL.replace(rule, '\t\tjump x\n')),
            ('hooks elsewhere', FIREWALL.replace('hook input', 'hook output')),
            ('defines a variable', FIREWALL.replace(rule, '\t\tdefine x = 1\n')),
            ('goes on in the next line', FIREWALL.replace(rule, '\t\tct state invalid \\\n')),
            ('has a set of other things', FIREWALL.replace(rule, '\t\ttcp dport { @x } ip saddr { 10.0.0.0/8 } accept\n')),
            ('has a range that is none', FIREWALL.replace(rule, '\t\ttcp dport 22 ip saddr { 10.0.0.0/8 } drop } accept\n')),
            ('has a chain more', FIREWALL.replace('\n}\n', '\n\tchain output {\n\t}\n}\n')),
            ('has a chain twice', FIREWALL.replace('\n}\n', '\n\tchain input {\n\t\t' + agent.TYPES['input'] + '\n\t}\n}\n')),
            ('breaks off', FIREWALL[:-4]),
            ('goes on', FIREWALL + '\n'),
            ('is empty', 'table inet meshvm\ndelete table inet meshvm\ntable inet meshvm {\n}\n'),
        ]:
            with self.subTest(name):
                self.assertNotEqual(text, FIREWALL)
                with self.assertRaises(ValueError):
                    agent.check_firewall_text(text)


class Pin(unittest.TestCase):
    MIRROR = 'https://mirror.example.com/istio'

    def bundle(self, version='1.31.1', base=MIRROR, digest='a' * 64, **more):
        url = '{}/{}/deb/istio-sidecar.deb'.format(base, version)
        return dict({'version': version, 'packages': {'deb': {'amd64': {'url': url, 'sha256': digest}}}}, **more)

    def pin(self, verification, **more):
        return dict({'verification': verification, 'version': '1.31.1', 'baseUrl': self.MIRROR}, **more)

    def pinned(self):
        text = json.dumps(self.bundle()['packages'], sort_keys=True, separators=(',', ':'))
        return self.pin('pinned', packagesSha256=agent.sha256(text.encode()))

    def refused(self, pin, bundle):
        against = agent.against_pin(pin, bundle)
        self.assertEqual(against['packages'] is None, bool(against.get('refused')), against)
        return against.get('refused', '')

    def test_a_machine_whose_image_has_the_package_downloads_none(self):
        pin = {'verification': 'preinstalled', 'version': '1.31.1'}
        self.assertIn('from its image', self.refused(pin, self.bundle()))
        self.assertEqual(agent.pin_problem(pin, {'version': '1.31.1', 'packages': None}), '')

    def test_the_origin_stays(self):
        for base in ('http://mirror.example.com/istio', 'https://evil.example.com/istio', self.MIRROR + '/..',
                     self.MIRROR + '.evil'):
            for pin in (self.pinned(), self.pin('published')):
                self.assertIn('alone', self.refused(pin, self.bundle(version='1.32.0', base=base)))
        own = self.bundle(version='1.32.0', base=agent.RELEASES)
        self.assertEqual(self.refused({'verification': 'published', 'version': '1.31.1'}, own), '')
        self.assertIn('alone', self.refused({'verification': 'published', 'version': '1.31.1'}, self.bundle()))

    def test_a_file_of_another_name_is_not_the_package(self):
        bundle = self.bundle()
        bundle['packages']['deb']['amd64']['url'] = self.MIRROR + '/1.31.1/deb/other.deb'
        self.assertIn('alone', self.refused(self.pin('published'), bundle))

    def test_the_checksums_of_the_first_version_stay_and_later_ones_have_some(self):
        self.assertEqual(self.refused(self.pinned(), self.bundle()), '')
        self.assertIn('other checksums', self.refused(self.pinned(), self.bundle(digest='b' * 64)))
        self.assertIn('without a checksum', self.refused(self.pinned(), self.bundle(digest=None, unverified=True)))
        self.assertEqual(self.refused(self.pinned(), self.bundle(version='1.32.0', digest='c' * 64)), '')

    def test_no_older_version_than_the_first_comes(self):
        for version in ('1.30.9', '1.31.0', '1.31.1-rc.1', '0.99.99'):
            self.assertIn('began with', self.refused(self.pinned(), self.bundle(version=version)))
        for version in ('1.31.2', '1.31.10', '1.32.0-rc.0', '2.0.0'):
            self.assertEqual(self.refused(self.pinned(), self.bundle(version=version)), '')

    def test_a_machine_that_was_joined_by_hand_takes_nothing_unverified_without_tls(self):
        plain = self.bundle(base='http://mirror', digest=None, unverified=True)
        self.assertIn('https', self.refused(None, plain))
        self.assertEqual(self.refused(None, self.bundle()), '')


class PinOnAMachine(unittest.TestCase):
    def test_holds_against_a_bundle_that_loosens_it(self):
        mirror = Server()
        self.addCleanup(mirror.close)
        cluster, machine = Cluster(), Machine(systemd=True)
        self.addCleanup(cluster.close)
        for pin in ({'verification': 'preinstalled', 'version': '1.31.1'}, {'verification': 'published', 'version': '1.31.1'}):
            with self.subTest(pin['verification']):
                cluster.answers.update(guards())
                machine.configure(cluster, sidecar=pin)
                machine.stub('apt-get', '')
                url = mirror.url + '/evil.deb'
                cluster.settings['istio'] = {'version': '9.9.9', 'unverified': True,
                                             'packages': {'deb': {'amd64': {'url': url, 'sha256': None}}}}
                result = machine.run('refresh')
                self.assertEqual(result.code, 6, result.output)
                self.assertEqual((mirror.asked, [call for call in machine.calls('apt-get') if 'install' in call]), ([], []))


def guards(*missing):
    answers = {}
    for guard in agent.GUARDS:
        for kind in agent.KINDS:
            path = '/apis/admissionregistration.k8s.io/v1/{}/meshvm.payments.payment-service.{}'.format(kind, guard)
            answers['GET', path] = (404, {'message': 'not found'}) if guard in missing else (200, {})
    return answers


class Guards(CaseWithMachine):
    def setUp(self):
        super().setUp()
        self.machine.configure(self.cluster, sidecar={'verification': 'preinstalled', 'version': '1.31.1'})

    def asked(self, part):
        return [path for _, path, _ in self.cluster.asked if part in path]

    def test_of_which_one_is_missing_keep_a_machine_from_joining(self):
        for guard in agent.GUARDS:
            with self.subTest(guard):
                self.cluster.answers.update(guards(guard))
                result = self.machine.run('refresh')
                self.assertEqual(result.code, 5, result.output)
                self.assertIn('not guarded', result.output)
                self.assertIn('Kubernetes 1.31', result.output)
                self.assertEqual(self.asked('/token'), [])

    def test_are_asked_for_once_and_after_a_boot(self):
        self.cluster.answers.update(guards())
        self.assertEqual(self.machine.run('refresh').code, 0)
        self.assertEqual(len(self.asked('admissionregistration')), 8)
        self.assertEqual(self.machine.run('refresh').code, 0)
        self.assertEqual(len(self.asked('admissionregistration')), 8)
        self.machine.reboot()
        self.machine.run('refresh')
        self.assertEqual(len(self.asked('admissionregistration')), 16)

    def test_that_are_gone_do_not_keep_a_machine_of_the_mesh_from_its_token(self):
        self.cluster.answers.update(guards())
        self.machine.run('refresh')
        self.cluster.answers.update(guards('config'))
        self.machine.reboot()
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 5, result.output)
        self.assertEqual(len(self.asked('/token')), 2)


if __name__ == '__main__':
    unittest.main()
