"""What the agent notes from one run to the next, and what is this machine's own."""
import contextlib
import fcntl
import json
import os
import time

from .surroundings import ROOT, sha256
from .places import STATE, STATE_FOLDER
from .files import read, write


@contextlib.contextmanager
def locked():
    """One agent at a time. The lock is on the folder: it needs no free disk block, and dies with its owner."""
    os.makedirs(STATE_FOLDER, exist_ok=True)
    os.chmod(STATE_FOLDER, 0o700)
    descriptor = os.open(STATE_FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def load_state():
    """What earlier runs noted. It only saves work: a lost or broken file is an empty one."""
    try:
        state = json.loads(read(STATE).decode())
        if isinstance(state, dict) and state.get('machine') == machine_id():
            return state
    except ValueError:
        pass
    return {'machine': machine_id()}


def save_state(state):
    write(STATE, json.dumps(state, sort_keys=True, indent=1).encode(), 0o600)


def since(mark):
    """Seconds since a mark of the wall clock. One in the future was set before the clock was: then it was long ago."""
    passed = time.time() - mark
    return passed if passed >= 0 else float('inf')


def machine_id():
    return (read(ROOT + '/etc/machine-id').decode().strip() or os.uname().nodename)


def boot_id():
    return read(ROOT + '/proc/sys/kernel/random/boot_id').decode().strip()


def jitter(seconds, purpose):
    """A number below seconds that is this machine's own and always the same: fleets spread, tests repeat."""
    return int(sha256((machine_id() + purpose).encode())[:8], 16) % max(1, int(seconds))
