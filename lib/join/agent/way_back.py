"""The way back: the last bundle with which the sidecar was ready, taken again when it is not with a newer one.

A change of the group reaches all of its machines within minutes. One that breaks the sidecar must not take them out of
the mesh.
"""
import json
import time

from .surroundings import sha256
from .trouble import BUNDLE, Trouble, log
from .places import GOOD_BUNDLE, SETTLE_SECONDS
from .files import read, write
from .state import boot_id
from .sidecar import greet_istiod, sidecar_ready
from .restart import restart_key


def choose_bundle(state, data):
    """What this machine follows: the group's bundle, or the last good one if the sidecar was not ready with this one."""
    good = last_good()
    state['wayBack'] = bool(good) and state.get('refusedBundle') == digest_of(data)
    return good if state['wayBack'] else data


def judge_bundle(state, data, settings, restarted):
    """Looks at the sidecar after a change of the bundle, in a later run than that which has asked for a restart."""
    digest, now, good = digest_of(data), time.monotonic(), state.get('goodBundle')
    if good == digest or state.get('givenBack') or not (good or state.get('joined')):
        state['watch'] = None
        return
    pending = state.get('started') != restart_key(settings)  # One was put off.
    watch = state.get('watch') or {}
    if restarted or not pending and (watch.get('bundle'), watch.get('boot')) != (digest, boot_id()):
        watch = state['watch'] = {'bundle': digest, 'boot': boot_id(), 'since': now}
    # What was asked to restart answers a little longer as it was.
    if pending or now < watch['since'] + SETTLE_SECONDS:
        return
    if sidecar_ready():
        write(GOOD_BUNDLE, json.dumps(data, sort_keys=True).encode(), 0o600)
        state.update(watch=None, goodBundle=digest)
    elif good and now > watch['since'] + settings['deadManSeconds']:
        before = last_good()
        if before is None:
            return
        try:
            greet_istiod(json.loads(before['settings.json']))
        except OSError as error:
            # Without istiod no bundle makes a sidecar ready: this one is not to blame.
            log('bundle: the sidecar is not ready, and istiod does not answer: {}'.format(error))
            return
        state.update(watch=None, refusedBundle=digest)
        log('bundle: not ready after {} s with {}; back to the last good one'.format(settings['deadManSeconds'], digest[:12]))


def tell_way_back(state):
    """Raises Trouble while this machine does not follow its group's bundle."""
    if state.get('wayBack'):
        raise Trouble(BUNDLE, "not ready with the group's bundle {}: this machine stays with the last good one, {}".format(
            state['refusedBundle'][:12], state['goodBundle'][:12]),
            'the last change of the group (its bundle is tried again when it changes)')


def last_good():
    try:
        good = json.loads(read(GOOD_BUNDLE).decode())
        return good if isinstance(good, dict) else None
    except ValueError:
        return None


def digest_of(data):
    return sha256(json.dumps(data, sort_keys=True).encode())
