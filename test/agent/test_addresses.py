"""Addresses and names that others tell this machine are parsed before use: root's shell and /etc/hosts get nothing else."""
import json
import random
import socket
import string
import unittest

from support import Cluster, Machine, Metadata, load_agent

# The sidecar's start script puts the address into `bash -c`, which expands it once more.
HOSTILE = ('10.20.0.7;touch${IFS}X', '$(touch X)', '`id`', '10.20.0.7 evil', '10.20.0.7\n127.0.0.1 evil', '10.20.0.7#', '010.020.0.7',
           '10.20.0', '', '::1%lo', 'fe80::1%$(id)', '10.20.0.7/24', '\u0661\u0660.20.0.7', '<html>', 'x' * 100000)


class Addresses(unittest.TestCase):
    def setUp(self):
        self.cluster, self.machine, self.metadata = Cluster(), Machine(), Metadata()
        self.addCleanup(self.cluster.close)
        self.addCleanup(self.metadata.close)
        self.machine.env['MESHVM_IMDS_ENDPOINT'] = self.metadata.url

    def test_of_the_metadata_service(self):
        for kind, path in (('eks', '/latest/meta-data/local-ipv4'),
                           ('gke', '/computeMetadata/v1/instance/network-interfaces/0/ip'),
                           ('aks', '/metadata/instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress'
                                   '?api-version=2021-02-01&format=text')):
            self.machine.configure(self.cluster, credential={'kind': kind, 'cluster': 'c'})
            for text in HOSTILE:
                with self.subTest(kind=kind, text=text[:40]):
                    self.metadata.answers['GET', path] = (200, text)
                    result = self.machine.run('join', '--wait', '0')
                    self.assertEqual(result.code, 4, result.output)
                    self.assertIn('is no IP address', result.output)
                    self.assertFalse(self.machine.exists('var/lib/istio/envoy/cluster.env'))

    def test_of_the_gateway(self):
        self.machine.configure(self.cluster)
        for text in filter(None, HOSTILE):
            for ingress, external in (([{'ip': text}], []), ([], [text])):
                with self.subTest(text=text[:40], external=external[:1] != []):
                    self.cluster.answers[self.cluster.GATEWAY] = (200, {'spec': {'externalIPs': external}, 'status': {
                        'loadBalancer': {'ingress': ingress}}})
                    result = self.machine.run('join', '--wait', '0')
                    self.assertEqual(result.code, 4, result.output)
                    self.assertEqual(self.machine.read('etc/hosts'), '127.0.0.1 localhost\n')

    def test_host_names_of_the_gateway(self):
        self.machine.configure(self.cluster)
        for text in filter(None, HOSTILE):
            with self.subTest(text[:40]):
                self.cluster.ingress = [{'hostname': text}]
                self.machine.run('join', '--wait', '0')
                hosts = self.machine.read('etc/hosts').splitlines()
                self.assertEqual([line for line in hosts if not line.endswith('# meshvm')], ['127.0.0.1 localhost'])
                self.assertTrue(all(len(line.split()) == 4 for line in hosts[1:]), hosts)

    def test_parsing_lets_through_what_the_kernel_reads_and_nothing_else(self):
        parse, chance = load_agent().parse_address, random.Random(7)
        for _ in range(3000):
            text = ''.join(chance.choice('0123456789abcdef.:' * 6 + string.printable) for _ in range(chance.randrange(24)))
            try:
                self.assertRegex(parse(text), r'\A[0-9a-f.:]+\Z')
            except ValueError:
                continue
        for text, usual in (('10.20.0.7', '10.20.0.7'), ('FD00::0:7', 'fd00::7'), ('::ffff:10.0.0.1', '::ffff:10.0.0.1')):
            self.assertEqual(parse(text), usual)
        for _ in range(300):
            packed = bytes(chance.randrange(256) for _ in range(4))
            self.assertEqual(parse(socket.inet_ntoa(packed)), socket.inet_ntoa(packed))


class Names(unittest.TestCase):
    """Whoever answers DHCP may name the machine."""

    def test_of_the_machine(self):
        agent = load_agent()
        for name in ('till-7', 'till_7', 'till-7.example.com', 'T7'):
            agent.os = type('os', (), {'uname': staticmethod(lambda: type('uname', (), {'nodename': name}))})
            self.assertEqual(agent.host_name(), name.split('.')[0])
        for name in ('x;id', '$(id)', '', 'a b', 'a\n', '`id`', 'x' * 64):
            agent.os = type('os', (), {'uname': staticmethod(lambda: type('uname', (), {'nodename': name}))})
            with self.assertRaises(agent.Trouble, msg=json.dumps(name)):
                agent.host_name()


if __name__ == '__main__':
    unittest.main()
