"""aws_lifecycle.py: one machine, an IMDSv2 metadata service, and a group that verifies signatures with AWS's own signer."""
import ast
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import time
import unittest
from unittest import mock
from urllib.parse import parse_qsl

from support import CA, MODULES, PYTHON, SERVER_CERTIFICATE, Machine, Server, certificate, certificate_authority, optional

PROGRAM = MODULES / 'aws_lifecycle.py'
SETTINGS = {'autoScalingGroupName': 'payments', 'launchHookName': 'in', 'terminateHookName': 'out',
            'launchTimeoutSeconds': 600, 'drainSeconds': 120}
KEYS = {'AccessKeyId': 'AKIDEXAMPLE', 'SecretAccessKey': 'secret/+x', 'Token': 'tok/+=abc~'}
TARGET = '/latest/meta-data/autoscaling/target-lifecycle-state'
SPOT = '/latest/meta-data/spot/instance-action'
REBALANCE = '/latest/meta-data/events/recommendations/rebalance'
CREDENTIALS = '/latest/meta-data/iam/security-credentials/payments-role'
OTHER_CA = certificate_authority('other-ca')


def load_program():
    spec = importlib.util.spec_from_file_location('aws_lifecycle', str(PROGRAM))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def botocore_signature(url, body, headers, keys, region):
    """The signature that AWS's own signer makes of a request with these headers."""
    optional('botocore')
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    names = [name for name in headers if name.lower().startswith(('x-amz-', 'content-type'))]
    request = AWSRequest('POST', url, {name: headers[name] for name in names}, body)
    request.context['timestamp'] = next(headers[name] for name in names if name.lower() == 'x-amz-date')
    signer = SigV4Auth(Credentials(keys['AccessKeyId'], keys['SecretAccessKey'], keys['Token']), 'autoscaling', region)
    return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


class Imds(Server):
    """The metadata service: values only for the session that it has given out."""

    def __init__(self):
        super().__init__()
        self.session, self.sessions, self.values = 'session-0', 0, {}
        self.answers['PUT', '/latest/api/token'] = self.begin
        for path, value in [('instance-id', 'i-0123456789abcdef0'), ('placement/region', 'eu-west-1'),
                            ('services/domain', 'amazonaws.com'), ('iam/security-credentials/', 'payments-role')]:
            self.tell('/latest/meta-data/' + path, value)
        self.tell(CREDENTIALS, json.dumps(KEYS))
        self.tell(TARGET, 'InService')

    def begin(self, _body):
        self.sessions += 1
        self.session = 'session-{}'.format(self.sessions)
        return (200, self.session) if self.headers.get('X-aws-ec2-metadata-token-ttl-seconds') else (400, '')

    def tell(self, path, value):
        self.values[path] = value
        self.answers['GET', path] = lambda _body: self.value(path)

    def value(self, path):
        if self.headers.get('X-aws-ec2-metadata-token') != self.session:
            return 401, ''
        return (404, 'Not Found') if self.values[path] is None else (200, self.values[path])

    def asked_for(self, path):
        return sum(1 for asked in list(self.asked) if asked[1] == path)


def fault(code, message):
    return 400, '<ErrorResponse><Error><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>'.format(code, message)


class Group(Server):
    """EC2 Auto Scaling with one group. `waiting` are the hooks that wait for the machine; `told` is what it did well."""

    def __init__(self, tls=SERVER_CERTIFICATE):
        super().__init__(tls)
        self.waiting, self.told, self.refused, self.faults, self.keys = {'in', 'out'}, [], [], [], KEYS
        self.answers['POST', '/'] = self.answer

    def answer(self, body):
        answer = self.judge(body)
        if answer[0] != 200:
            self.refused.append(answer[1])
        return answer

    def judge(self, body):
        headers = self.headers
        if self.faults:
            return self.faults.pop(0)
        found = re.match('AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d+)/([^/]+)/autoscaling/aws4_request, SignedHeaders=(.*), '
                         'Signature=(.*)$', headers.get('authorization', ''))
        names = ['content-type', 'host', 'x-amz-date', 'x-amz-security-token']
        if not found or found.group(4).split(';') != names or found.group(2) != headers['x-amz-date'][:8]:
            return fault('IncompleteSignature', 'no')
        if found.group(5) != botocore_signature(self.url + '/', body, headers, self.keys, found.group(3)):
            return fault('SignatureDoesNotMatch', 'The Canonical String should have been x-amz-security-token:' + KEYS['Token'])
        values = dict(parse_qsl(body.decode(), strict_parsing=True))
        hook = values['LifecycleHookName']
        if values['AutoScalingGroupName'] != 'payments' or values['Version'] != '2011-01-01':
            return fault('ValidationError', 'AutoScalingGroup name not found')
        if values['InstanceId'] != 'i-0123456789abcdef0' or hook not in self.waiting:
            return fault('ValidationError', 'No active Lifecycle Action found with instance ID ' + values['InstanceId'])
        self.told.append(tuple(filter(None, (values['Action'], hook, values.get('LifecycleActionResult')))))
        if values['Action'] == 'CompleteLifecycleAction':
            self.waiting.discard(hook)
        return 200, '<ok/>'

    @property
    def completed(self):
        return [told[1:] for told in self.told if told[0] == 'CompleteLifecycleAction']

    @property
    def heartbeats(self):
        return [told[1] for told in self.told if told[0] == 'RecordLifecycleActionHeartbeat']


AGENT_STUB = '''
cd {root}
case $1 in
  drain) test ! -e drain-fails || exit 7; echo drained > var/lib/meshvm/released;;
  release) echo by hand > var/lib/meshvm/released;;
  join) rm -f var/lib/meshvm/released; echo joined;;
  status) test -e healthy;;
  doctor) test ! -e sick || {{ echo "ok   settings"; echo "FAIL registration istiod has ended the connection"; exit 1; }};;
esac
'''


class AwsLifecycle(unittest.TestCase):
    def setUp(self):
        optional('botocore')
        self.imds, self.group, self.machine = Imds(), Group(), Machine()
        self.addCleanup(self.imds.close)
        self.addCleanup(self.group.close)
        self.root = self.machine.root
        self.process = None
        self.configure()
        (self.root / 'var/lib/meshvm').mkdir(parents=True)
        self.machine.stub('systemd-run', 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"')
        self.machine.stub('systemctl', 'case "$*" in "start --no-block meshvm-first-stage.service") '
                          'echo "{{}}" > {}/var/lib/meshvm/state.json;; esac'.format(self.root))
        self.machine.stub('meshvm', AGENT_STUB.format(root=self.root))
        (self.root / 'usr/local/bin').mkdir(parents=True)
        (self.machine.bin / 'meshvm').rename(self.root / 'usr/local/bin/meshvm')
        self.machine.env.update(MESHVM_IMDS_ENDPOINT=self.imds.url, MESHVM_AUTOSCALING_ENDPOINT=self.group.url,
                                MESHVM_POLL_SECONDS='0.02', SSL_CERT_FILE=str(CA[1]))

    def configure(self, **changes):
        self.machine.write('etc/meshvm/aws-lifecycle.json', json.dumps(dict(SETTINGS, **changes)))

    def join(self, healthy=True):
        self.machine.write('var/lib/meshvm/state.json', '{}')
        if healthy:
            self.machine.write('healthy', '')

    def start(self):
        self.log = open(str(self.root / 'log'), 'ab')
        self.process = subprocess.Popen([PYTHON, '-IB', str(PROGRAM), 'run'], env=self.machine.env, stdout=self.log,
                                        stderr=subprocess.STDOUT)
        self.addCleanup(self.stop)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.log.close()
            self.process = None

    def wait(self, condition):
        for _ in range(1500):
            if condition():
                return
            self.assertIsNone(self.process.poll(), self.output())
            time.sleep(0.02)
        self.fail('waited in vain: {} {} {}'.format(self.output(), self.group.told, self.machine.calls('meshvm')))

    def wait_for_steps(self, count=5):
        begin = self.imds.asked_for(TARGET)
        self.wait(lambda: self.imds.asked_for(TARGET) > begin + count)

    def output(self):
        return self.machine.read('log')

    def notes(self):
        path = 'var/lib/meshvm/aws-lifecycle.json'
        return json.loads(self.machine.read(path)) if self.machine.exists(path) else {}

    def calls(self):
        """What the agent was told to do, without the questions."""
        return [call for call in self.machine.calls('meshvm') if call not in ('status', 'doctor')]


class Launch(AwsLifecycle):
    def test_is_completed_once_the_machine_is_healthy_and_prolonged_until_then(self):
        self.start()
        self.wait(lambda: len(self.group.heartbeats) >= 2)
        self.assertEqual(self.group.completed, [])
        self.join(healthy=False)
        self.wait_for_steps()
        self.machine.write('sick', '')
        self.machine.write('healthy', '')
        self.wait(lambda: 'FAIL registration istiod has ended the connection' in self.output())
        self.assertEqual(self.group.completed, [])
        (self.root / 'sick').unlink()
        self.wait(lambda: self.notes().get('finished') == 'InService')
        self.assertEqual(self.group.completed, [('in', 'CONTINUE')])
        self.assertEqual(set(self.group.heartbeats), {'in'})
        self.assertEqual(self.calls(), [])

    def test_is_not_completed_again_after_a_restart(self):
        self.join()
        self.start()
        self.wait(lambda: self.group.completed)
        self.wait(lambda: self.notes().get('finished'))
        self.stop()
        self.group.waiting.add('in')
        self.start()
        self.wait_for_steps()
        self.assertEqual(self.group.completed, [('in', 'CONTINUE')])
        self.assertEqual(self.group.refused, [])

    def test_is_never_abandoned_and_after_the_time_limit_only_no_longer_prolonged(self):
        self.configure(launchTimeoutSeconds=0)
        self.start()
        self.wait_for_steps(60)
        self.assertEqual(self.group.told, [])
        self.join()
        self.wait(lambda: self.group.completed)
        self.assertNotIn('ABANDON', PROGRAM.read_text().replace('(ABANDON)', ''))

    def test_a_machine_without_hooks_calls_nobody(self):
        self.configure(launchHookName=None, terminateHookName=None)
        self.machine.write('etc/meshvm/aws-lifecycle.json', json.dumps(
            {key: value for key, value in SETTINGS.items() if not key.endswith('HookName')}))
        self.join()
        self.start()
        self.wait_for_steps()
        self.imds.tell(TARGET, 'Terminated')
        self.wait(lambda: 'drain --seconds 120' in self.calls())
        self.wait_for_steps()
        self.assertEqual((self.group.told, self.group.refused), ([], []))

    def test_asks_a_few_times_for_a_hook_that_does_not_wait(self):
        self.group.waiting.clear()
        self.join()
        self.start()
        self.wait(lambda: 'no hook waits' in self.output())
        self.wait_for_steps(20)
        self.assertEqual(len(self.group.refused), 6)

    def test_comes_through_throttling_and_faults_of_the_api(self):
        self.group.faults = [fault('Throttling', 'Rate exceeded'), (503, 'not xml'), fault('InternalFailure', ''), (302, '')]
        self.join()
        self.start()
        self.wait(lambda: self.group.completed)
        self.assertIn('Throttling', self.output())


class Leave(AwsLifecycle):
    def setUp(self):
        super().setUp()
        self.join()

    def test_termination_drains_first(self):
        self.imds.tell(TARGET, 'Terminated')
        self.group.answers['POST', '/'] = lambda body: (self.seen.append(self.calls()), self.group.answer(body))[1]
        self.seen = []
        self.start()
        self.wait(lambda: self.group.completed)
        self.wait_for_steps()
        self.assertEqual(self.seen[0], ['drain --seconds 120'])
        self.assertEqual(self.group.completed, [('out', 'CONTINUE')])
        self.assertEqual(self.calls(), ['drain --seconds 120'])

    def test_the_agent_is_run_by_systemd_and_waited_for(self):
        self.imds.tell(TARGET, 'Terminated')
        self.start()
        self.wait(lambda: self.group.completed)
        self.assertEqual(self.machine.calls('systemd-run'), [
            '--quiet --collect --wait --pipe --property=RuntimeMaxSec=420 {}/usr/local/bin/meshvm drain --seconds 120'.format(
                self.root)])
        self.assertEqual(self.machine.calls('systemctl'), ['stop meshvm-first-stage.service'])

    def test_a_drain_that_fails_is_followed_by_a_release_and_holds_up_nothing(self):
        self.machine.write('drain-fails', '')
        self.imds.tell(TARGET, 'Terminated')
        self.start()
        self.wait(lambda: self.group.completed)
        self.assertEqual(self.calls(), ['drain --seconds 120', 'release'])

    def test_a_machine_that_never_joined_only_stops_trying(self):
        (self.root / 'var/lib/meshvm/state.json').unlink()
        self.imds.tell(TARGET, 'Terminated')
        self.start()
        self.wait(lambda: self.group.completed == [('out', 'CONTINUE')])
        self.assertEqual(self.calls(), [])
        self.assertEqual(self.machine.calls('systemctl'), ['stop meshvm-first-stage.service'])

    def test_a_spot_notice_drains_in_the_time_there_is_and_once(self):
        self.group.waiting.discard('in')
        self.start()
        self.wait_for_steps()
        self.imds.tell(SPOT, json.dumps({'action': 'terminate', 'time': '2026-11-21T08:22:00Z'}))
        self.wait(lambda: self.calls())
        self.wait_for_steps()
        self.assertEqual(self.group.completed, [])
        self.imds.tell(TARGET, 'Terminated')
        self.wait(lambda: self.group.completed == [('out', 'CONTINUE')])
        self.assertEqual(self.calls(), ['drain --seconds 80'])

    def test_a_spot_machine_that_hibernated_comes_back(self):
        self.imds.tell(SPOT, '{"action": "hibernate"}')
        self.start()
        self.wait(lambda: self.calls() == ['drain --seconds 80'])
        self.imds.tell(SPOT, None)
        self.wait(lambda: self.calls() == ['drain --seconds 80', 'join --wait 1'])

    def test_a_short_drain_stays_short_for_spot(self):
        self.configure(drainSeconds=7)
        self.imds.tell(SPOT, '{"action": "stop"}')
        self.start()
        self.wait(lambda: self.calls() == ['drain --seconds 7'])

    def test_a_rebalance_recommendation_is_left_to_the_group(self):
        self.imds.tell(REBALANCE, '{"noticeTime": "2026-11-21T08:22:00Z"}')
        self.start()
        self.wait(lambda: self.group.completed == [('in', 'CONTINUE')])
        self.wait_for_steps()
        self.assertEqual(self.calls(), [])

    def test_standby_drains_and_comes_back(self):
        self.imds.tell(TARGET, 'Standby')
        self.start()
        self.wait(lambda: self.calls() == ['drain --seconds 120'])
        self.wait_for_steps()
        self.assertEqual(self.group.told, [])
        self.imds.tell(TARGET, 'InService')
        self.wait(lambda: self.group.completed == [('in', 'CONTINUE')])
        self.assertEqual(self.calls()[1:], ['join --wait 1'])

    def test_a_machine_that_somebody_released_stays_released(self):
        self.machine.write('var/lib/meshvm/released', 'by hand\n')
        (self.root / 'healthy').unlink()
        self.start()
        self.wait_for_steps()
        for target in ('Standby', 'InService', 'Detached'):
            self.imds.tell(TARGET, target)
            self.wait_for_steps()
        self.assertEqual(self.calls(), [])


class WarmPool(AwsLifecycle):
    def test_life_of_a_machine(self):
        self.imds.tell(TARGET, 'Warmed:Running')
        self.machine.write('run/cloud-init/status.json', '{}')
        self.start()
        self.wait(lambda: 'in' in self.group.heartbeats)
        self.assertEqual(self.group.completed, [])
        self.machine.write('run/cloud-init/result.json', '{}')
        self.group.waiting.discard('out')
        self.wait(lambda: self.notes().get('finished') == 'Warmed:Running')
        self.assertEqual(self.group.completed, [('in', 'CONTINUE')])
        self.assertEqual(self.machine.calls('systemctl'), ['stop meshvm-first-stage.service'])
        self.assertFalse(self.machine.exists('var/lib/meshvm/state.json'))

        self.group.waiting.add('in')
        self.imds.tell(TARGET, 'InService')
        self.wait(lambda: 'start --no-block meshvm-first-stage.service' in self.machine.calls('systemctl'))
        self.wait_for_steps()
        self.assertEqual(len(self.group.completed), 1)
        self.machine.write('healthy', '')
        self.wait(lambda: len(self.group.completed) == 2 and self.notes()['finished'] == 'InService')

        self.group.waiting.add('out')
        self.imds.tell(TARGET, 'Warmed:Running')
        self.wait(lambda: len(self.group.completed) == 3 and self.notes()['finished'] == 'Warmed:Running')
        self.assertEqual(self.calls(), ['drain --seconds 120', 'release'])
        self.assertEqual(self.group.completed[2], ('out', 'CONTINUE'))

        self.group.waiting.add('in')
        self.imds.tell(TARGET, 'InService')
        self.wait(lambda: len(self.group.completed) == 4 and self.notes()['finished'] == 'InService')
        self.assertEqual(self.calls()[2:], ['join --wait 1'])

        self.group.waiting.add('out')
        self.imds.tell(TARGET, 'Warmed:Terminated')
        self.wait(lambda: len(self.group.completed) == 5)
        self.assertEqual(self.group.completed[4], ('out', 'CONTINUE'))

    def test_a_machine_that_was_stopped_in_the_pool_comes_back_at_its_next_boot(self):
        self.join()
        self.imds.tell(TARGET, 'Warmed:Stopped')
        self.start()
        self.wait(lambda: self.notes().get('finished') == 'Warmed:Stopped')
        self.stop()
        self.group.waiting.add('in')
        self.imds.tell(TARGET, 'InService')
        self.start()
        self.wait(lambda: ('in', 'CONTINUE') in self.group.completed and self.notes().get('finished') == 'InService')
        self.assertEqual(self.calls(), ['drain --seconds 120', 'release', 'join --wait 1'])

    def test_a_join_that_fails_is_tried_again(self):
        self.join()
        self.imds.tell(TARGET, 'Warmed:Running')
        self.start()
        self.wait(lambda: self.notes().get('finished') == 'Warmed:Running')
        agent = self.root / 'usr/local/bin/meshvm'
        good = agent.read_text()
        agent.write_text(good.replace('join) rm', 'join) exit 4; rm'))
        self.imds.tell(TARGET, 'InService')
        self.wait(lambda: self.calls().count('join --wait 1') == 2)
        agent.write_text(good)
        self.wait(lambda: self.notes().get('left') == '')

    def test_a_machine_whose_target_was_not_known_yet_joins_when_it_is(self):
        self.imds.tell(TARGET, None)
        self.start()
        self.wait_for_steps()
        self.assertEqual(self.machine.calls('systemctl'), [])
        self.imds.tell(TARGET, 'InService')
        self.wait(lambda: self.machine.calls('systemctl') == ['start --no-block meshvm-first-stage.service'])

    def test_what_an_image_was_made_of_is_forgotten(self):
        self.machine.write('var/lib/meshvm/aws-lifecycle.json', json.dumps(
            {'instance': 'i-0fedcba9876543210', 'finished': 'InService', 'left': 'Standby'}))
        self.join()
        self.start()
        self.wait(lambda: self.group.completed == [('in', 'CONTINUE')])
        self.assertEqual(self.calls(), [])


    def test_an_image_without_cloud_init_waits_for_nothing(self):
        self.imds.tell(TARGET, 'Warmed:Stopped')
        self.machine.write('run/cloud-init/disabled', '')
        self.start()
        self.wait(lambda: ('in', 'CONTINUE') in self.group.completed)


class MayJoin(AwsLifecycle):
    def code(self, target, joined=False):
        self.imds.tell(TARGET, target)
        (self.join if joined else lambda: None)()
        return self.machine.run('may-join', script=PROGRAM).code

    def test_a_machine_at_work_and_one_that_left_its_group(self):
        self.assertEqual([self.code('InService'), self.code('Detached')], [0, 0])

    def test_no_other(self):
        for target in ('Warmed:Running', 'Warmed:Stopped', 'Warmed:Hibernated', 'Warmed:Terminated', 'Standby', 'Terminated'):
            self.assertEqual([self.code(target), target], [1, target])
            self.assertEqual([self.code(target, joined=True), target], [1, target])
            (self.root / 'var/lib/meshvm/state.json').unlink()

    def test_waits_for_a_target(self):
        asked = []
        self.imds.answers['GET', TARGET] = lambda _: (asked.append(1), (404, '') if len(asked) < 4 else (200, 'InService'))[1]
        self.assertEqual(self.machine.run('may-join', script=PROGRAM).code, 0)

    def test_without_a_target_or_an_answer_a_member_stays_one_and_no_other_becomes_one(self):
        self.assertEqual([self.code(None), self.code(None, joined=True)], [1, 0])
        self.machine.env['MESHVM_IMDS_ENDPOINT'] = 'http://127.0.0.1:1'
        self.assertEqual(self.machine.run('may-join', script=PROGRAM).code, 0)
        (self.root / 'var/lib/meshvm/state.json').unlink()
        self.assertEqual(self.machine.run('may-join', script=PROGRAM).code, 1)


class Abuse(AwsLifecycle):
    def setUp(self):
        super().setUp()
        self.join()

    def test_no_secret_is_logged_or_kept(self):
        self.group.keys = dict(KEYS, SecretAccessKey='another')
        self.start()
        self.wait(lambda: 'SignatureDoesNotMatch' in self.output())
        self.wait_for_steps()
        self.assertEqual(self.group.told, [])
        for secret in list(KEYS.values()) + [self.imds.session]:
            kept = subprocess.run(['grep', '-rlF', secret, str(self.root)], stdout=subprocess.PIPE).stdout
            self.assertEqual(kept, b'')

    def test_the_hook_of_another_group(self):
        self.configure(autoScalingGroupName='billing')
        self.start()
        self.wait(lambda: len(self.group.refused) >= 3)
        self.assertEqual(self.group.told, [])
        self.assertEqual(self.output().count('ValidationError'), 1)

    def test_names_are_data_and_not_parameters(self):
        self.configure(launchHookName='in&LifecycleActionResult=ABANDON&x= ü/')
        self.group.waiting.add('in&LifecycleActionResult=ABANDON&x= ü/')
        self.start()
        self.wait(lambda: self.group.completed)
        self.assertEqual(self.group.completed, [('in&LifecycleActionResult=ABANDON&x= ü/', 'CONTINUE')])

    def test_a_metadata_service_without_version_2_is_not_used(self):
        self.imds.answers['PUT', '/latest/api/token'] = (404, '')
        self.start()
        self.wait(lambda: self.imds.asked_for('/latest/api/token') > 3)
        self.assertEqual({asked[0] for asked in self.imds.asked}, {'PUT'})
        self.assertIn('no IMDSv2 session: answer 404', self.output())

    def test_a_session_that_ended_is_renewed(self):
        self.start()
        self.wait_for_steps()
        sessions = self.imds.sessions
        self.imds.session = 'forgotten'
        self.wait(lambda: self.imds.sessions == sessions + 1)
        self.wait_for_steps()
        self.assertEqual(self.imds.sessions, sessions + 1)

    def test_a_metadata_service_that_fails_comes_back(self):
        self.imds.answers['GET', TARGET] = (500, '')
        self.start()
        self.wait_for_steps(3)
        self.imds.answers['GET', TARGET] = (302, '')
        self.wait_for_steps(3)
        self.imds.tell(TARGET, 'Terminated')
        self.wait(lambda: self.group.completed == [('out', 'CONTINUE')])

    def test_without_credentials_nothing_is_called(self):
        for bad in (None, '{}', 'not json', '[]', json.dumps(dict(KEYS, Token=None))):
            self.imds.tell(CREDENTIALS, bad)
            self.start()
            before = self.imds.asked_for(CREDENTIALS)
            self.wait(lambda: self.imds.asked_for(CREDENTIALS) > before + 1)
            self.stop()
        self.assertIn("no credentials of role 'payments-role'", self.output())
        self.assertEqual((self.group.told, self.group.refused), ([], []))
        self.imds.tell(CREDENTIALS, json.dumps(KEYS))
        self.start()
        self.wait(lambda: self.group.completed)

    def test_huge_and_strange_answers(self):
        for strange in ('InService' * 1000000, b'\xff\x00InService', '<html>', 'inservice'):
            self.imds.tell(TARGET, strange)
            self.start()
            self.wait_for_steps(3)
            self.stop()
        self.assertEqual((self.calls(), self.group.told), ([], []))
        self.assertLess(len(self.output()), 100000)
        self.imds.tell(TARGET, 'Terminated')
        self.group.faults = [(500, 'x' * 10000000)]
        self.start()
        self.wait(lambda: self.group.completed)

    def test_another_server_in_the_place_of_the_api(self):
        self.machine.env['SSL_CERT_FILE'] = str(OTHER_CA[1])
        self.start()
        self.wait(lambda: 'CERTIFICATE_VERIFY_FAILED' in self.output())
        self.assertEqual(self.group.asked, [])

    def test_a_certificate_of_another_name(self):
        other = Group(certificate('other-name', CA, 'DNS:autoscaling.example.com'))
        self.addCleanup(other.close)
        self.machine.env['MESHVM_AUTOSCALING_ENDPOINT'] = other.url
        self.start()
        self.wait(lambda: 'certificate' in self.output().lower())
        self.assertEqual(other.asked, [])

    def test_a_proxy_of_the_environment_is_not_used(self):
        self.machine.env.update(https_proxy='http://127.0.0.1:1', http_proxy='http://127.0.0.1:1')
        self.start()
        self.wait(lambda: self.group.completed)

    def test_a_wrong_clock_is_named_by_the_code(self):
        self.group.faults = [fault('RequestExpired', 'too old')] * 2
        self.start()
        self.wait(lambda: self.group.completed)
        self.assertIn('RequestExpired', self.output())

    def test_broken_notes(self):
        for broken in (b'\xff{', b'[]', b'"x"'):
            self.machine.write('var/lib/meshvm/aws-lifecycle.json', broken)
            self.group.waiting.add('in')
            self.start()
            self.wait(lambda: 'in' not in self.group.waiting)
            self.stop()

    def test_a_full_disk_holds_up_nothing(self):
        (self.root / 'var/lib/meshvm/aws-lifecycle.json.new').mkdir()
        self.imds.tell(TARGET, 'Terminated')
        self.start()
        self.wait(lambda: self.group.completed == [('out', 'CONTINUE')])
        self.wait_for_steps()
        self.assertEqual(self.calls(), ['drain --seconds 120'])
        self.assertIn('aws-lifecycle.json', self.output())

    def test_a_session_that_is_no_header(self):
        self.imds.answers['PUT', '/latest/api/token'] = (200, 'a\r\nX: b')
        self.start()
        self.wait(lambda: 'ValueError' in self.output())
        self.assertEqual({asked[0] for asked in self.imds.asked}, {'PUT'})


class Commands(AwsLifecycle):
    def test_help_and_wrong_command_lines(self):
        result = self.machine.run('--help', script=PROGRAM)
        self.assertEqual(result.code, 0)
        for word in ('run', 'may-join', 'exit codes', '3 '):
            self.assertIn(word, result.output)
        for wrong in ((), ('juggle',), ('run', 'away')):
            self.assertEqual(self.machine.run(*wrong, script=PROGRAM).code, 2)

    def test_missing_or_wrong_settings(self):
        wrong = [json.dumps(dict(SETTINGS, **change)) for change in ({'drainSeconds': '1'}, {'autoScalingGroupName': 1})]
        for text in ['', '[]', 'null', '{}'] + wrong:
            self.machine.write('etc/meshvm/aws-lifecycle.json', text)
            self.assertEqual([self.machine.run('run', script=PROGRAM).code, text], [3, text])


class Signature(unittest.TestCase):
    def test_equals_botocore(self):
        optional('botocore')
        signed, chosen = load_program().signed, random.Random(5)
        for _ in range(200):
            keys = {name: ''.join(chosen.choice('abcXYZ019/+=~') for _ in range(chosen.randrange(1, 900))) for name in KEYS}
            region = chosen.choice(['eu-west-1', 'cn-north-1', 'us-gov-west-1'])
            host, body = 'autoscaling.{}.amazonaws.com'.format(region), bytes(chosen.randrange(256) for _ in range(90))
            headers = signed(host, region, body, keys, time.gmtime(chosen.randrange(1500000000, 2500000000)))
            self.assertEqual(headers['authorization'].split('Signature=')[1],
                             botocore_signature('https://{}/'.format(host), body, headers, keys, region))


class Network(unittest.TestCase):
    def test_is_used_as_the_sidecars_user_and_only_there(self):
        program = load_program()
        with mock.patch.object(program.pwd, 'getpwnam') as user, mock.patch.object(program.os, 'seteuid') as seteuid:
            user.return_value.pw_uid = 1337
            with self.assertRaises(OSError):
                program.ask('GET', 'http://127.0.0.1:1/', {})
        self.assertEqual([call[0] for call in seteuid.call_args_list], [(1337,), (os.getuid(),)])


class Source(unittest.TestCase):
    def test_is_python_3_6(self):
        ast.parse(PROGRAM.read_text(), feature_version=(3, 6))
        optional('vermin')
        done = subprocess.run([sys.executable, '-c', 'import vermin; vermin.main()', '-t=3.6-', '--violations', '--no-tips',
                               str(PROGRAM)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_is_small_and_readable(self):
        lines = PROGRAM.read_text().splitlines()
        self.assertLessEqual(max(map(len, lines)), 128)
        self.assertLessEqual(len(lines), 350)

    def test_runs_no_shell_and_evaluates_nothing(self):
        for word in ('shell=True', 'eval(', 'exec(', 'os.system', 'os.popen', 'pickle', 'CERT_NONE', 'check_hostname',
                     'urllib.request'):
            self.assertNotIn(word, PROGRAM.read_text())


if __name__ == '__main__':
    unittest.main()
