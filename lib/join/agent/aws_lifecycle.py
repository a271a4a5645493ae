#!/usr/bin/python3 -IB
"""meshvm, lifecycle of a machine in an EC2 Auto Scaling group: in the mesh while it works, and not a moment longer.

Every 5 seconds it asks the metadata service (IMDSv2 alone) what the group wants of this machine:

  InService    takes the machine back if it was out; completes the launch hook once `meshvm doctor` finds nothing wrong
  Terminated   drains, then completes the terminate hook
  Warmed:*     drains and releases; completes the hooks once cloud-init is done, so that no half-made machine is stopped
  Standby      drains
  Spot notice  drains, in the two minutes that there are

A rebalance recommendation is left to the group: with capacity rebalancing it starts the replacement first, and says Terminated
when that is healthy. To drain at once would leave too few machines at work, and the advice may come to many of them together.

The one answer that it gives is CONTINUE. When a machine isn't healthy after launchTimeoutSeconds, it stops prolonging the hook
and goes on trying; then the hook's own timeout and default result (ABANDON) decide.

It signs two calls (CompleteLifecycleAction, RecordLifecycleActionHeartbeat) with the credentials of the instance's role, which
it keeps nowhere. All else is done by meshvm and systemd, outside of this program's sandbox. It runs on Python 3.6 or later with
the standard library only, and is short because user-data is: comments are left out there.
"""
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import pwd
import random
import re
import signal
import subprocess
import sys
import time
from urllib.parse import quote, urlsplit

# Overrides for tests; a machine sets none of them.
ROOT = os.environ.get('MESHVM_ROOT', '')
IMDS = os.environ.get('MESHVM_IMDS_ENDPOINT', 'http://169.254.169.254')
GROUP_API = os.environ.get('MESHVM_AUTOSCALING_ENDPOINT', 'https://autoscaling.{}.{}')
POLL = float(os.environ.get('MESHVM_POLL_SECONDS', '5'))

SETTINGS = ROOT + '/etc/meshvm/aws-lifecycle.json'
NOTES = ROOT + '/var/lib/meshvm/aws-lifecycle.json'
# The agent's own files: one is there since the first join, the other while the machine is out of the mesh.
JOINED = ROOT + '/var/lib/meshvm/state.json'
RELEASED = ROOT + '/var/lib/meshvm/released'
AGENT = ROOT + '/usr/local/bin/meshvm'
FIRST_STAGE = 'meshvm-first-stage.service'
TARGET = 'autoscaling/target-lifecycle-state'

HELP = """aws-lifecycle: lifecycle of a mesh machine in an EC2 Auto Scaling group
  run       follow what the group wants of this machine
  may-join  say whether it wants this machine at work
exit codes: 0 yes, 1 no, 2 wrong command line, 3 wrong settings (user-data)"""


def log(text):
    print(text[:2000].encode('ascii', 'replace').decode(), flush=True)


@contextlib.contextmanager
def as_sidecar():
    """The network as the sidecar's user, whose traffic the capture lets pass: a dead sidecar holds up no drain."""
    try:
        os.seteuid(pwd.getpwnam('istio-proxy').pw_uid)
    except KeyError:
        pass
    try:
        yield
    finally:
        os.seteuid(os.getuid())


def ask(method, url, headers, body=None):
    """(status, start of the text) of an answer. Follows no redirect and uses no proxy; the certificate is verified."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == 'https' else http.client.HTTPConnection
    try:
        with as_sidecar():
            # A timeout begins anew with each byte that comes. This ends the program, and its unit starts it again.
            signal.alarm(20)
            connection = kind(parts.netloc, timeout=5)
            connection.request(method, parts.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(20000).decode('utf-8', 'replace')
    except (http.client.HTTPException, ValueError) as error:  # Python 3.6 reports a wrong name in a certificate by the latter.
        raise OSError('{}: {!r}'.format(parts.netloc, error))
    finally:
        signal.alarm(0)


session, session_ends = '', 0


def metadata(path):
    """A value of the metadata service, empty when it has none."""
    global session, session_ends
    if time.monotonic() > session_ends:
        status, session = ask('PUT', IMDS + '/latest/api/token', {'X-aws-ec2-metadata-token-ttl-seconds': '600'})
        if status != 200:
            raise OSError('no IMDSv2 session: answer {}'.format(status))
        session_ends = time.monotonic() + 300
    status, text = ask('GET', IMDS + '/latest/meta-data/' + path, {'X-aws-ec2-metadata-token': session})
    if status not in (200, 404):
        session_ends = 0
        raise OSError('metadata {}: answer {}'.format(path, status))
    return text.strip() if status == 200 else ''


def signed(host, region, body, keys, now):
    """Headers of a POST to EC2 Auto Scaling, by AWS Signature Version 4."""
    stamp = time.strftime('%Y%m%dT%H%M%SZ', now)
    scope = stamp[:8] + '/' + region + '/autoscaling/aws4_request'
    headers = {'content-type': 'application/x-www-form-urlencoded', 'host': host, 'x-amz-date': stamp,
               'x-amz-security-token': keys['Token']}
    names = ';'.join(headers)
    lines = ['POST', '/', ''] + [name + ':' + value for name, value in headers.items()] + [
        '', names, hashlib.sha256(body).hexdigest()]
    request = hashlib.sha256('\n'.join(lines).encode()).hexdigest()
    digest = ('AWS4' + keys['SecretAccessKey']).encode()
    for part in scope.split('/') + ['\n'.join(['AWS4-HMAC-SHA256', stamp, scope, request])]:
        digest = hmac.new(digest, part.encode(), hashlib.sha256).digest()
    headers['authorization'] = 'AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}'.format(
        keys['AccessKeyId'], scope, names, digest.hex())
    return headers


def tell_group(group, action, hook, **more):
    """Whether such a hook waits for this machine; OSError when the call must be made again."""
    folder = 'iam/security-credentials/'
    paths = 'instance-id', 'placement/region', 'services/domain', folder
    instance, region, domain, role = [metadata(path) for path in paths]
    try:
        keys = json.loads(metadata(folder + role))
        url = GROUP_API.format(region, domain)
        values = dict(more, Action=action, Version='2011-01-01', AutoScalingGroupName=group, LifecycleHookName=hook,
                      InstanceId=instance)
        body = '&'.join(name + '=' + quote(value, safe='') for name, value in values.items()).encode()
        headers = signed(urlsplit(url).netloc, region, body, keys, time.gmtime())
    except (KeyError, TypeError, ValueError):
        raise OSError('no credentials of role {!r}'.format(role))
    status, answer = ask('POST', url + '/', headers, body)
    # The code alone is shown: the message about a wrong signature repeats the session token.
    code = re.search('<Code>([A-Za-z]+)', answer)
    if status != 200 and 'No active Lifecycle Action found' not in answer:
        raise OSError('{} {}: answer {} {}'.format(action, hook, status, code.group(1) if code else ''))
    return status == 200


def read_json(path):
    try:
        with open(path) as file:
            found = json.load(file)
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def is_out(target):
    return target.startswith('Warmed:') or target in ('Standby', 'Terminated')


def in_mesh():
    return os.path.exists(JOINED) and not os.path.exists(RELEASED)


def systemd(*command):
    """(exit code, output). What it runs has its own unit, without the limits of ours."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode('utf-8', 'replace').strip()


def meshvm(*arguments, limit=300):
    return systemd('systemd-run', '--quiet', '--collect', '--wait', '--pipe', '--property=RuntimeMaxSec={}'.format(limit),
                   AGENT, *arguments)


class Lifecycle:
    def __init__(self, settings):
        self.settings, self.notes, self.said = settings, {}, {}
        self.target, self.drained = None, None

    def note(self, **changes):
        """Outlives a reboot, but is not another machine's: why it is out (`left`), and whose hook is completed (`finished`)."""
        self.notes.update(changes)
        try:
            with open(NOTES + '.new', 'w') as file:
                json.dump(self.notes, file)
            os.replace(NOTES + '.new', NOTES)
        except OSError as error:  # A full disk must not hold up the drain.
            self.say('notes', str(error))

    def say(self, about, text):
        """Logs what is new."""
        if self.said.get(about) != text:
            self.said[about] = text
            log(text)

    def step(self):
        if not self.notes:
            known, instance = read_json(NOTES), metadata('instance-id')
            self.notes = known if known.get('instance') == instance else {'instance': instance}
        target, spot = metadata(TARGET), metadata('spot/instance-action')
        now = time.monotonic()
        if target != self.target:
            self.target, self.since = target, now
            self.failures = self.absent = self.retry_at = self.join_at = self.health_at = self.beat_at = 0
            log('the group wants this machine to be ' + (target or '(nothing yet)'))
        if is_out(target) or spot:
            self.leave(target if is_out(target) else 'Spot')
        elif target and self.notes.get('left'):
            self.come_back(now)
        elif not target and not os.path.exists(JOINED) and not self.notes.get('left'):
            self.note(left='unknown')
        hooks = self.hooks()
        if target == 'InService':
            ready = hooks and not spot and self.healthy(now)
        else:
            ready = target.endswith('Terminated') or cloud_init_is_done()
        if hooks and ready:
            self.finish(hooks, now)
        elif hooks and now >= self.beat_at and now - self.since < self.settings['launchTimeoutSeconds']:
            # The hook's own timeout must be longer than two of these pauses.
            self.beat_at = now + random.uniform(18, 24) * POLL
            for hook in hooks:
                self.tell('RecordLifecycleActionHeartbeat', hook)

    def hooks(self):
        """Hooks that may wait. The way back to the pool is told to both: what doesn't wait says so."""
        kinds = {'InService': 'launch', 'Terminated': 'terminate', 'Warmed:Terminated': 'terminate'}.get(
            self.target, 'terminate launch' if self.target.startswith('Warmed:') else '').split()
        names = [self.settings.get(kind + 'HookName') for kind in kinds]
        return [] if self.notes.get('finished') == self.target else [name for name in names if name]

    def tell(self, action, hook, **more):
        try:
            return tell_group(self.settings['autoScalingGroupName'], action, hook, **more)
        except OSError as error:
            self.say('error', str(error))
            return None

    def finish(self, hooks, now):
        if now < self.retry_at:
            return
        told = [self.tell('CompleteLifecycleAction', hook, LifecycleActionResult='CONTINUE') for hook in hooks]
        # A hook may begin to wait a little later than the machine is told.
        self.absent += True not in told and None not in told
        if True in told or self.absent == 6:
            log('told the group to continue' if True in told else 'no hook waits for this machine')
            self.note(finished=self.target)
        self.failures += 1
        self.retry_at = now + random.uniform(0.5, 1) * min(12, 2 ** self.failures) * POLL

    def healthy(self, now):
        """Ready, registered and selected by its Services, as the agent finds."""
        if now < self.health_at or not os.path.exists(AGENT):
            return False
        self.health_at = now + 2 * POLL
        for command in ('status', 'doctor'):
            code, output = meshvm(command)
            if code:
                found = re.search('FAIL.*', output)
                self.say('health', 'not healthy: ' + (found.group() if found else 'the sidecar is not ready'))
                return False
        self.health_at = 0
        self.say('health', 'healthy')
        return True

    def leave(self, why):
        # What somebody released is not ours to take back.
        if not self.notes.get('left') and (in_mesh() or not os.path.exists(JOINED)):
            systemd('systemctl', 'stop', FIRST_STAGE)
            self.note(left=why)
        # Once, even if it fails: the hook is completed all the same.
        if in_mesh() and self.drained != why:
            self.drained = why
            seconds = self.settings['drainSeconds']
            if why == 'Spot':
                seconds = min(seconds, 80)
            log(meshvm('drain', '--seconds', str(seconds), limit=seconds + 300)[1])
            if why.startswith('Warmed:') or in_mesh():
                log(meshvm('release')[1])

    def come_back(self, now):
        self.drained = None
        if not os.path.exists(JOINED):
            systemd('systemctl', 'start', '--no-block', FIRST_STAGE)
        elif not in_mesh() and now >= self.join_at:
            self.join_at = now + 6 * POLL
            log(meshvm('join', '--wait', '1')[1])
        if in_mesh() or not os.path.exists(JOINED):
            self.note(left='')


def cloud_init_is_done():
    folder = ROOT + '/run/cloud-init'
    return not os.path.exists(folder) or any(os.path.exists(folder + name) for name in ('/result.json', '/disabled'))


def run(settings):
    lifecycle, pause = Lifecycle(settings), POLL
    while True:
        try:
            lifecycle.step()
            pause = POLL
        except OSError as error:
            lifecycle.say('error', str(error))
            pause = min(12 * POLL, 2 * pause)
        time.sleep(random.uniform(0.8, 1) * pause)


def may_join(_settings):
    """Waits a minute for an answer. Without one a member stays a member, and no other becomes one; `run` corrects either."""
    joined = os.path.exists(JOINED)
    for _ in range(2 if joined else 12):
        try:
            target = metadata(TARGET)
            if target or joined:
                return int(is_out(target))
        except OSError as error:
            log(str(error))
        time.sleep(POLL)
    return int(not joined)


def main(arguments):
    command = {'run': run, 'may-join': may_join}.get(' '.join(arguments))
    if not command:
        log(HELP)
        return 0 if arguments == ['--help'] else 2
    settings = read_json(SETTINGS)
    try:
        settings['autoScalingGroupName'] + '', settings['launchTimeoutSeconds'] + 0, settings['drainSeconds'] + 0
    except (KeyError, TypeError):
        log(SETTINGS + ' is missing or wrong')
        return 3
    return command(settings)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
