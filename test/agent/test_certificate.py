"""The program that keeps a certificate by cert-manager: what it takes, what it refuses, and what stays in place."""
import base64
import json
import os
import time
import unittest

from support import CA, CERTIFICATE, FOLDER, MESH_CA, Cluster, Machine, certificate, certificate_authority, openssl

IDENTITY = 'spiffe://cluster.local/ns/laptops/sa/laptop'
FILE = 'etc/envoy/certificates/identity.pem'
ROOTS = 'etc/envoy/certificates/root-cert.pem'
ISSUER = certificate_authority('issuer')
issued = [0]


def pair(names='URI:' + IDENTITY, days=30):
    """(certificate, key) as PEM."""
    issued[0] += 1
    both = certificate('machine-{}'.format(issued[0]), ISSUER, names, days).read_text()
    at = both.index('-----BEGIN PRIVATE')
    return both[:at], both[at:]


def ending_in(minutes):
    """A certificate that is good from yesterday and ends so many minutes from now."""
    issued[0] += 1
    key, request, signed = (FOLDER / 'short-{}.{}'.format(issued[0], end) for end in ('key', 'csr', 'crt'))
    extension = FOLDER / 'short.ext'
    extension.write_text('subjectAltName=URI:' + IDENTITY)
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/', '-keyout', key,
            '-out', request)
    folder = FOLDER / 'ca-{}'.format(issued[0])
    folder.mkdir()
    (folder / 'index').write_text('')
    (folder / 'config').write_text('[ca]\ndefault_ca=it\n[it]\ndatabase={0}/index\nnew_certs_dir={0}\nrand_serial=yes\n'
                                   'default_md=sha256\npolicy=any\n[any]\ncommonName=optional\n'.format(folder))
    stamp = [time.strftime('%Y%m%d%H%M%SZ', time.gmtime(time.time() + seconds)) for seconds in (-86400, minutes * 60)]
    openssl('ca', '-batch', '-config', folder / 'config', '-cert', ISSUER[1], '-keyfile', ISSUER[2], '-in', request,
            '-out', signed, '-startdate', stamp[0], '-enddate', stamp[1], '-extfile', extension, '-notext')
    return signed.read_text(), key.read_text()


class Certificate(unittest.TestCase):
    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine()
        self.addCleanup(self.cluster.close)
        self.machine.write('secrets/credential', 'secret-of-the-machine\n', 0o600)
        (self.machine.root / 'etc/envoy/certificates').mkdir(parents=True)
        self.config = {
            'schemaVersion': 1, 'identity': IDENTITY, 'namespace': 'payments', 'certificate': 'laptop', 'secret': 'laptop-certificate',
            'apiServer': self.cluster.url, 'caCertificate': CA[0], 'roots': None, 'renewBeforeSeconds': 28800,
            'credential': {'kind': 'tokenFile', 'path': '/secrets/credential'}, 'refuseBelowSeconds': 300,
            'identityFile': '/' + FILE, 'rootsFile': '/' + ROOTS}
        self.offer(*pair())

    def offer(self, chain, key):
        self.chain, self.key = chain, key
        data = {'tls.crt': chain, 'tls.key': key}
        self.cluster.answers['GET', '/api/v1/namespaces/payments/secrets/laptop-certificate'] = (
            200, {'data': {name: base64.b64encode(text.encode()).decode() for name, text in data.items()}})

    def run_it(self):
        self.machine.write('settings.json', json.dumps(self.config))
        return self.machine.run('/settings.json', script=CERTIFICATE)

    def refused(self, text, code=6):
        """That what is offered is refused, and what is in place stays."""
        before = self.machine.read(FILE) if self.machine.exists(FILE) else None
        result = self.run_it()
        self.assertIn(text, result.output)
        self.assertEqual(result.code, code)
        self.assertEqual(self.machine.read(FILE) if self.machine.exists(FILE) else None, before)

    def test_one_file_for_its_owner_alone(self):
        result = self.run_it()
        self.assertEqual(result.code, 0, result.output)
        self.assertEqual(self.machine.read(FILE), self.chain + self.key)
        self.assertEqual(self.machine.mode(FILE), 0o600)
        self.assertEqual(self.machine.read(ROOTS).strip(), MESH_CA[0].strip())
        self.assertEqual(sorted(os.listdir(str(self.machine.root / 'etc/envoy/certificates'))), ['identity.pem', 'root-cert.pem'])
        self.assertNotIn('PRIVATE', result.output)
        self.assertEqual(self.cluster.headers['Authorization'], 'Bearer secret-of-the-machine')

    def test_asks_for_nothing_but_its_secret_and_the_roots(self):
        self.run_it()
        self.assertEqual([path for _, path, _ in self.cluster.asked], [
            '/api/v1/namespaces/payments/configmaps/istio-ca-root-cert', '/api/v1/namespaces/payments/secrets/laptop-certificate'])

    def test_takes_the_roots_that_it_was_told(self):
        self.config['roots'] = ISSUER[0]
        self.assertEqual(self.run_it().code, 0)
        self.assertEqual(self.machine.read(ROOTS), ISSUER[0])
        self.assertEqual(len(self.cluster.asked), 1)

    def test_the_same_certificate_again_touches_nothing(self):
        self.run_it()
        before = os.stat(str(self.machine.root / FILE))
        result = self.run_it()
        after = os.stat(str(self.machine.root / FILE))
        self.assertEqual((result.code, result.output), (0, ''))
        self.assertEqual((after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_a_new_one_is_moved_into_place(self):
        self.run_it()
        before = os.stat(str(self.machine.root / FILE)).st_ino
        self.offer(*pair())
        self.assertEqual(self.run_it().code, 0)
        self.assertEqual(self.machine.read(FILE), self.chain + self.key)
        self.assertNotEqual(os.stat(str(self.machine.root / FILE)).st_ino, before)

    def test_refuses_names_of_others(self):
        self.run_it()
        for names in ('URI:' + IDENTITY + '2', 'URI:spiffe://cluster.local/ns/shop/sa/catalog', 'DNS:laptop.example.com',
                      'URI:' + IDENTITY + ',DNS:laptop.example.com', 'URI:' + IDENTITY + ',URI:spiffe://a/b',
                      'DNS:' + 'laptop', 'otherName:1.2.3.4;UTF8:' + IDENTITY):
            self.offer(*pair(names))
            self.refused('the certificate is for ')

    def test_refuses_what_has_ended_or_ends_soon(self):
        self.run_it()
        for minutes in (-1, 4):
            self.offer(*ending_in(minutes))
            self.refused('the certificate ends ')

    def test_takes_what_ends_this_day_but_says_that_nobody_renews_it(self):
        self.offer(*ending_in(60))
        result = self.run_it()
        self.assertEqual(result.code, 1)
        self.assertIn('cert-manager has not renewed it', result.output)
        self.assertEqual(self.machine.read(FILE), self.chain + self.key)

    def test_refuses_a_key_of_another_certificate(self):
        self.run_it()
        self.offer(pair()[0], pair()[1])
        self.refused('do not belong together')

    def test_refuses_what_is_no_certificate(self):
        self.run_it()
        chain, key = pair()
        for broken in ('', 'no certificate', chain[:200] + chain[400:], '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----'):
            self.offer(broken, key)
            self.refused('there is no certificate that can be read')

    def test_any_broken_certificate_is_refused_in_words(self):
        der = base64.b64decode(''.join(pair()[0].split('\n')[1:-2]))
        module = {}
        exec(compile(CERTIFICATE.read_text().replace("__name__ == '__main__'", 'False'), str(CERTIFICATE), 'exec'), module)
        for at in range(0, len(der), 7):
            for broken in (der[:at], der[:at] + b'\xff' + der[at + 1:], der[:at] + b'\x80' + der[at + 1:]):
                pem = b'-----BEGIN CERTIFICATE-----\n' + base64.b64encode(broken) + b'\n-----END CERTIFICATE-----\n'
                try:
                    module['facts_of'](pem)
                except module['Trouble']:
                    pass

    def test_a_secret_that_is_not_there_yet(self):
        del self.cluster.answers['GET', '/api/v1/namespaces/payments/secrets/laptop-certificate']
        self.refused('Secret payments/laptop-certificate does not exist', 5)
        self.cluster.answers['GET', '/api/v1/namespaces/payments/secrets/laptop-certificate'] = (200, {'data': {'tls.key': 'a2V5'}})
        self.refused('is not complete yet', 4)

    def test_a_cluster_that_refuses(self):
        self.run_it()
        self.cluster.answers['GET', '/api/v1/namespaces/payments/secrets/laptop-certificate'] = (403, {'message': 'forbidden'})
        self.refused('no right to Secret payments/laptop-certificate', 5)

    def test_no_settings(self):
        self.assertEqual(self.machine.run('/nowhere.json', script=CERTIFICATE).code, 3)
        self.assertEqual(self.machine.run(script=CERTIFICATE).code, 2)


if __name__ == '__main__':
    unittest.main()
