"""Credentials: each is what the cloud's own tools would send, and nothing is sent to anybody else."""
import base64
import calendar
import datetime
import json
import random
import string
import time
import unittest
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

from support import AGENT, CA, FIRST_STAGE, Cluster, Machine, Metadata, certificate_authority, digest, load_agent, optional


class EksToken(unittest.TestCase):
    def setUp(self):
        self.token = load_agent().eks_token

    def test_known_vector(self):
        token = self.token('my-cluster', 'eu-west-1', 'amazonaws.com', 'AKIDEXAMPLE', 'secret/+x', 'tok/+=abc~',
                           time.strptime('20261121T010203Z', '%Y%m%dT%H%M%SZ'))
        self.assertEqual(len(token), 531)
        self.assertEqual(digest(token.encode()), '803c9680a558626134b3067c576fed7e894d7608dcfb06bcde8d2aae69b71ed1')

    def test_equals_botocore(self):
        optional('botocore')
        from botocore.credentials import Credentials
        from botocore.hooks import HierarchicalEmitter
        from botocore.model import ServiceId
        from botocore.signers import RequestSigner
        chosen, emitter = random.Random(4), HierarchicalEmitter()

        def text(length, characters=string.ascii_letters + string.digits + '/+=~-_. %&'):
            return ''.join(chosen.choice(characters) for _ in range(length))

        for _ in range(300):
            region = chosen.choice(['eu-west-1', 'us-east-1', 'ap-southeast-4', 'cn-north-1', 'us-gov-west-1'])
            domain = 'amazonaws.com.cn' if region.startswith('cn') else 'amazonaws.com'
            cluster = text(chosen.randrange(1, 60), string.ascii_letters + '-_0123456789')
            key, secret, session = text(20, string.ascii_uppercase), text(40), text(chosen.randrange(1, 1500))
            stamp = chosen.randrange(1500000000, 2500000000)
            now = datetime.datetime.fromtimestamp(stamp, datetime.timezone.utc).replace(tzinfo=None)
            with mock.patch('botocore.auth.get_current_datetime', return_value=now):
                signer = RequestSigner(ServiceId('STS'), region, 'sts', 'v4', Credentials(key, secret, session),
                                       emitter)
                expected = signer.generate_presigned_url(
                    {'method': 'GET', 'url': 'https://sts.{}.{}/?Action=GetCallerIdentity&Version=2011-06-15'.format(region, domain),
                     'body': {}, 'headers': {'x-k8s-aws-id': cluster}, 'context': {}},
                    region_name=region, expires_in=60, operation_name='')
            token = self.token(cluster, region, domain, key, secret, session, time.gmtime(stamp))
            self.assertTrue(token.startswith('k8s-aws-v1.'))
            self.assertNotIn('=', token)
            encoded = token[len('k8s-aws-v1.'):]
            ours = base64.urlsafe_b64decode(encoded + '=' * (-len(encoded) % 4)).decode()
            self.assertEqual(urlsplit(ours)[:3], urlsplit(expected)[:3])
            self.assertEqual(sorted(parse_qsl(urlsplit(ours).query)), sorted(parse_qsl(urlsplit(expected).query)))

    def test_a_long_session_token_stays_below_the_limit_of_the_server(self):
        session = base64.b64encode(random.Random(4).getrandbits(8 * 1000).to_bytes(1000, 'big')).decode()
        arguments = ('c' * 100, 'ap-southeast-4', 'amazonaws.com', 'A' * 20, 's')
        self.assertLess(len(self.token(*arguments, session, time.gmtime())), 4096)
        with self.assertRaises(ValueError):
            self.token(*arguments, session * 3, time.gmtime())


class Clouds(unittest.TestCase):
    def setUp(self):
        self.cluster, self.metadata, self.machine = Cluster(), Metadata(), Machine()
        self.addCleanup(self.cluster.close)
        self.addCleanup(self.metadata.close)
        self.machine.env['MESHVM_IMDS_ENDPOINT'] = self.metadata.url

    def join(self, credential):
        self.machine.configure(self.cluster, credential=credential)
        result = self.machine.run('join')
        self.assertEqual(result.code, 0, result.output)
        return self.cluster.headers['Authorization'], self.machine.read('var/lib/istio/envoy/cluster.env')

    def test_eks(self):
        authorization, env = self.join({'kind': 'eks', 'cluster': 'prod-eu'})
        encoded = authorization[len('Bearer k8s-aws-v1.'):]
        url = base64.urlsafe_b64decode(encoded + '=' * (-len(encoded) % 4)).decode()
        query = dict(parse_qsl(urlsplit(url).query))
        self.assertEqual(urlsplit(url).netloc, 'sts.eu-west-1.amazonaws.com')
        self.assertEqual(query['X-Amz-Security-Token'], 'tok/+=abc~')
        signed = calendar.timegm(time.strptime(query['X-Amz-Date'], '%Y%m%dT%H%M%SZ'))
        self.assertAlmostEqual(signed, time.time(), delta=60)
        self.assertIn('ISTIO_SVC_IP=10.20.0.7\n', env)
        self.assertIn('CLOUD_PLATFORM=aws\n', env)

    def test_eks_uses_imdsv2_only(self):
        self.join({'kind': 'eks', 'cluster': 'prod-eu'})
        kinds = [(method, path.startswith('/latest/api/token')) for method, path, _body in self.metadata.asked]
        self.assertEqual(kinds[0], ('PUT', True))
        self.assertEqual(self.metadata.headers['X-aws-ec2-metadata-token'], 'imds-session')

    def test_eks_in_another_region(self):
        authorization, _env = self.join({'kind': 'eks', 'cluster': 'c', 'region': 'us-east-2'})
        encoded = authorization[len('Bearer k8s-aws-v1.'):]
        self.assertIn(b'//sts.us-east-2.', base64.urlsafe_b64decode(encoded + '=' * (-len(encoded) % 4)))

    def test_gke(self):
        authorization, env = self.join({'kind': 'gke'})
        self.assertEqual(authorization, 'Bearer gcp-token')
        self.assertIn('ISTIO_SVC_IP=10.30.0.7\n', env)
        self.assertIn('CLOUD_PLATFORM=gcp\n', env)
        self.assertEqual(self.metadata.headers['Metadata-Flavor'], 'Google')

    def test_aks(self):
        authorization, env = self.join({'kind': 'aks', 'clientId': '11-22'})
        self.assertEqual(authorization, 'Bearer azure-token&client_id=11-22')
        self.assertIn('ISTIO_SVC_IP=10.40.0.7\n', env)
        self.assertIn('CLOUD_PLATFORM=azure\n', env)
        self.assertEqual(self.metadata.headers['Metadata'], 'true')

    def test_a_machine_without_identity_is_told_so(self):
        for path in list(self.metadata.answers):
            self.metadata.answers[path] = (404, 'nothing here')
        for kind in ('eks', 'gke', 'aks'):
            with self.subTest(kind):
                self.machine.configure(self.cluster, credential={'kind': kind, 'cluster': 'c'})
                result = self.machine.run('refresh')
                self.assertEqual(result.code, 4)
                self.assertIn('give the machine an identity', result.output)

    def test_wrong_credentials_in_join_json_are_named(self):
        for credential in ({'kind': 'magic'}, {'kind': 'eks'}, {}):
            with self.subTest(credential):
                self.machine.configure(self.cluster, credential=credential)
                result = self.machine.run('refresh')
                self.assertEqual(result.code, 3, result.output)

    def test_an_empty_token_file(self):
        self.machine.configure(self.cluster)
        self.machine.write('secrets/credential', '')
        result = self.machine.run('refresh')
        self.assertEqual(result.code, 4)
        self.assertIn('/secrets/credential', result.output)


class Kubeconfig(unittest.TestCase):
    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine()
        self.addCleanup(self.cluster.close)
        self.config = {
            'current-context': 'other', 'contexts': [
                {'name': 'vm', 'context': {'cluster': 'c', 'user': 'u'}},
                {'name': 'other', 'context': {'cluster': 'none', 'user': 'none'}}],
            'clusters': [{'name': 'c', 'cluster': {'server': self.cluster.url,
                                                   'certificate-authority-data': base64.b64encode(CA[0].encode()).decode()}}],
            'users': [{'name': 'u', 'user': {'token': 'from-kubeconfig'}}]}

    def run_with(self, credential=None):
        self.machine.write('kube/config', json.dumps(self.config), 0o600)
        credential = credential or {'kind': 'kubeconfig', 'path': '/kube/config', 'context': 'vm'}
        self.machine.configure(self.cluster, credential=credential, apiServer=None, caCertificate=None)
        return self.machine.run('refresh')

    def test_token(self):
        self.assertEqual(self.run_with().code, 0)
        self.assertEqual(self.cluster.headers['Authorization'], 'Bearer from-kubeconfig')

    def test_token_file_and_authority_file(self):
        self.machine.write('kube/token', 'from-file\n')
        self.machine.write('kube/ca', CA[0])
        self.config['users'][0]['user'] = {'tokenFile': '/kube/token'}
        self.config['clusters'][0]['cluster'].pop('certificate-authority-data')
        self.config['clusters'][0]['cluster']['certificate-authority'] = '/kube/ca'
        self.assertEqual(self.run_with().code, 0)
        self.assertEqual(self.cluster.headers['Authorization'], 'Bearer from-file')

    def test_server_name(self):
        self.config['clusters'][0]['cluster']['tls-server-name'] = 'another.name'
        result = self.run_with()
        self.assertEqual(result.code, 3, result.output)
        self.assertIn('is not the API server we were told', result.output)

    def test_a_context_that_does_not_exist(self):
        result = self.run_with({'kind': 'kubeconfig', 'path': '/kube/config'})
        self.assertEqual(result.code, 3, result.output)

    def test_plugins_are_not_run(self):
        self.config['users'][0]['user'] = {'exec': {'command': 'touch', 'args': ['/tmp/never']}}
        result = self.run_with()
        self.assertEqual(result.code, 3)
        self.assertIn('plugins are not run', result.output)


class FirstStage(unittest.TestCase):
    """The first stage as user-data carries it: joined of modules, without comments."""

    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine()
        self.addCleanup(self.cluster.close)
        self.script = FIRST_STAGE
        self.agent = "#!/bin/sh\necho agent ran: $*\n"
        self.path = ('GET', '/api/v1/namespaces/payments/configmaps/payment-service-agent')
        self.cluster.answers[self.path] = lambda _: (200, {'data': {'meshvm.py': self.agent}})
        self.machine.configure(self.cluster, agentSha256=digest(self.agent.encode()))

    def test_fetches_verifies_and_runs_the_agent(self):
        result = self.machine.run(script=self.script)
        self.assertEqual(result.output, 'agent ran: join\n')
        self.assertEqual(self.machine.mode('usr/local/bin/meshvm'), 0o755)
        self.assertEqual(self.cluster.headers['Authorization'], 'Bearer secret-of-the-machine')

    def test_runs_nothing_with_another_checksum(self):
        self.agent += 'echo evil\n'
        result = self.machine.run(script=self.script)
        self.assertNotEqual(result.code, 0)
        self.assertNotIn('agent ran', result.output)
        self.assertFalse(self.machine.exists('usr/local/bin/meshvm'))

    def test_fetches_nothing_when_the_image_brings_the_agent(self):
        self.machine.write('usr/local/bin/meshvm', self.agent, 0o755)
        self.assertEqual(self.machine.run(script=self.script).output, 'agent ran: join\n')
        self.assertEqual(self.cluster.asked, [])

    def test_replaces_another_agent(self):
        self.machine.write('usr/local/bin/meshvm', '#!/bin/sh\necho old\n', 0o755)
        self.assertEqual(self.machine.run(script=self.script).output, 'agent ran: join\n')

    def test_sends_its_credential_to_no_impostor(self):
        self.machine.configure(self.cluster, agentSha256='x', caCertificate=certificate_authority('impostor')[0])
        self.assertNotEqual(self.machine.run(script=self.script).code, 0)
        self.assertEqual(self.cluster.asked, [])

    def test_fails_in_plain_words(self):
        self.cluster.answers[self.path] = (403, {'message': 'forbidden'})
        result = self.machine.run(script=self.script)
        self.assertEqual(result.code, 1)
        self.assertIn('can not fetch the agent', result.output)
        self.assertNotIn('Traceback', result.output)

    def test_every_cloud(self):
        metadata = Metadata()
        self.addCleanup(metadata.close)
        self.machine.env['MESHVM_IMDS_ENDPOINT'] = metadata.url
        for credential, start in (({'kind': 'eks', 'cluster': 'c'}, 'Bearer k8s-aws-v1.'), ({'kind': 'gke'}, 'Bearer gcp-token'),
                                  ({'kind': 'aks', 'clientId': '11-22'}, 'Bearer azure-token')):
            with self.subTest(credential['kind']):
                (self.machine.root / 'usr/local/bin/meshvm').unlink() if self.machine.exists('usr/local/bin/meshvm') else None
                self.machine.configure(self.cluster, credential=credential, agentSha256=digest(self.agent.encode()))
                self.assertEqual(self.machine.run(script=self.script).output, 'agent ran: join\n')
                self.assertTrue(self.cluster.headers['Authorization'].startswith(start))

    def test_the_whole_way_with_the_real_agent(self):
        self.agent = AGENT.read_text()
        self.machine.configure(self.cluster, agentSha256=digest(self.agent.encode()))
        result = self.machine.run(script=self.script)
        self.assertEqual(result.code, 0, result.output)
        self.assertTrue(self.machine.exists('var/run/secrets/tokens/istio-token'))


if __name__ == '__main__':
    unittest.main()
