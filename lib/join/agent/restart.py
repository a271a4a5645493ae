"""Starts the sidecar, and restarts it when what it reads at its start has changed."""
import os
import re
import time

from .surroundings import ROOT, sha256
from .trouble import Trouble, UNREACHABLE, log
from .places import CLUSTER_ENV, DNS, MESH, RELEASED, RESTART, SIDECAR_ENV, UPLINKS
from .files import read, write
from .state import jitter, save_state, since
from .settings import ROUTED
from .system import MANAGED, run, systemctl, wait_until
from .sidecar import envoy_runs, greet_istiod, sidecar_ready
from .capture import remove_dns_capture
from .absence import come_back, stay_away
from .dns import follow_dns, remove_dns


def restart_key(settings):
    """Changes when the sidecar must be restarted to see what has changed."""
    parts = [read(path) for path in (CLUSTER_ENV, SIDECAR_ENV, MESH)] + [settings['istio']['version'].encode()]
    parts.append(settings.get('registration', '').encode())
    # The capture rules name these servers; and these are what the sidecar reads when it starts.
    servers = {'capture': ROOT + '/etc/resolv.conf', 'split': UPLINKS}.get(settings['dns']['mode'])
    parts += re.findall(rb'(?m)^\s*nameserver.*$', read(servers)) if servers else []
    return sha256(b'\0'.join(parts))


def follow_restart(state, settings, rebooted, urgent=False):
    key, started = restart_key(settings), state.get('started')
    now = {'started': key, 'registration': settings.get('registration')}
    # One that does not run yet, such as after a reboot, is away already.
    outdated = state.get('registration') not in (None, now['registration']) and envoy_runs()
    if not MANAGED:
        if started and started != key:
            restart_sidecar(state, outdated)
        state.update(now, joined=sidecar_ready())
    elif os.path.exists(RELEASED):
        return
    elif started is None or state.get('givenBack'):
        if state.get('givenBack'):
            try:
                greet_istiod(settings)
            except OSError as error:
                raise Trouble(UNREACHABLE, 'the capture stays off until istiod answers: {}'.format(error), 'meshvm doctor')
            follow_dns(state, settings)
        systemctl('restart', '--no-block', 'meshvm-guard.timer')
        systemctl('enable', 'istio.service')
        systemctl('restart', '--no-block', 'istio.service')
        state.update(now, givenBack=None, joined=False)
        log('sidecar: started')
    elif started != key:
        recently = since(state.get('restarted', 0)) < settings['restart']['minimumIntervalSeconds']
        if recently and not rebooted and not urgent:
            log('sidecar: must be restarted, put off: the last restart was less than {} s ago'.format(
                settings['restart']['minimumIntervalSeconds']))
            return
        spread = settings['restart']['jitterSeconds']
        if outdated and spread:  # Few machines of a group may be away at the same time.
            spread = max(spread, 20 * state['absence']['seconds'])
        if not rebooted and not urgent:
            time.sleep(jitter(spread, 'restart'))
        state['restarted'] = int(time.time())
        save_state(state)
        restart_sidecar(state, outdated)
        state.update(now)
        log('sidecar: restarted, its configuration has changed')
    elif not state.get('joined'):
        if sidecar_ready():
            state['joined'] = True
            systemctl('stop', 'meshvm-guard.timer')
            log('sidecar: ready')
        elif rebooted:
            systemctl('restart', '--no-block', 'meshvm-guard.timer')


def restart_sidecar(state, outdated):
    """Asks for a restart. A sidecar whose entry is outdated ends before it can reach istiod again, with its old labels."""
    def process():
        return run('systemctl', 'show', '--property=MainPID', 'istio.service')[1] if MANAGED else os.path.exists(RESTART)

    try:
        if outdated:
            stay_away(state)
        if not MANAGED:
            write(RESTART, b'the configuration of the sidecar has changed\n')
        running = process()
        systemctl('try-restart', '--no-block', 'istio.service')  # One that was stopped by hand stays stopped.
        if outdated:
            wait_until(lambda: process() != running, 60)
    finally:
        if state.get('away'):
            come_back()
            state['away'] = False


def leave_dns(state, settings):
    """Takes away what an earlier mode needs, once the sidecar runs by another: until then it is used."""
    mode = settings['dns']['mode']
    if state.get('started') != restart_key(settings):
        return
    if mode not in ROUTED and os.path.exists(DNS) and remove_dns():
        log('names of the mesh: systemd-resolved is as it was')
    if mode != 'capture' and state.get('dnsCaptured', True):
        remove_dns_capture()
    state['dnsCaptured'] = mode == 'capture'
