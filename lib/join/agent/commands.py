"""Commands."""
import contextlib
import json
import os
import time

from .trouble import BROKEN, MACHINE, OK, REFUSED, Trouble, UNREACHABLE, USAGE, log
from .places import AGENT, DNS, JOIN, JOIN_RETRY_SECONDS, RELEASED, STATE_FOLDER, TOKEN
from .files import read, remove, write
from .hosts import set_hosts
from .state import load_state, locked, save_state
from .credentials import CREDENTIALS
from .tokens import claims_of
from .settings import ROUTED
from .bundle import read_join
from .system import MANAGED, stop_sidecar, systemctl
from .units import write_units
from .sidecar import ask_sidecar, certificate_facts, istiod_connections, sidecar_ready
from .capture import capture_found, remove_capture
from .admin_ports import open_admin_ports
from .absence import come_back, cut_off, let_istiod_notice
from .other_firewalls import OTHERS
from .firewall import firewall_rules, refuse_to_leave_rules, remove_firewall
from .dns import DNS_LINK, dns_in_place, dns_link_exists, remove_dns
from .refresh import refresh_once


def join(options):
    """Tells this machine what to join, installs the timer, and joins."""
    if options.group or options.namespace or options.credential:
        kind, _, rest = (options.credential or '').partition(':')
        credential = dict(part.partition('=')[::2] for part in rest.split(',') if part)
        credential['kind'] = kind
        kinds = list(CREDENTIALS) + ['kubeconfig']
        if options.credential and kind not in kinds:
            raise Trouble(USAGE, '--credential {} is of a kind that there is not'.format(options.credential), ', '.join(kinds))
        for name in ('namespace', 'group', 'credential'):
            if not getattr(options, name):
                raise Trouble(USAGE, '--{} is needed'.format(name))
        if kind != 'kubeconfig' and not (options.api_server or '').startswith('https://'):
            raise Trouble(USAGE, '--api-server is {}'.format(options.api_server or 'needed'), 'an https URL')
        config = {'schemaVersion': 1, 'namespace': options.namespace, 'group': options.group, 'credential': credential,
                  'apiServer': options.api_server,
                  'caCertificate': read(options.ca_file).decode() if options.ca_file else None}
        write(JOIN, json.dumps(config, indent=1).encode())
    read_join()
    if MANAGED and os.path.realpath(__file__) != os.path.realpath(AGENT):
        write(AGENT, read(os.path.realpath(__file__)), 0o755)
    with locked():
        state = load_state()
        state.pop('boot', None)  # Everything is read again, as after a reboot.
        if os.path.exists(RELEASED):
            state.pop('started', None)  # Starts the sidecar again.
            come_back()
        save_state(state)
        remove(RELEASED)
        write_units(state, JOIN_RETRY_SECONDS)
        systemctl('enable', 'meshvm-refresh.service', 'meshvm-refresh.timer')
        systemctl('start', '--no-block', 'meshvm-refresh.timer')
        # The cluster may learn of this machine's identity a little later than it boots.
        pause, end = 1, time.monotonic() + options.wait
        while True:
            try:
                return refresh_once()
            except Trouble as trouble:
                if trouble.code not in (UNREACHABLE, REFUSED) or time.monotonic() + pause > end:
                    raise
                log('{}; trying again in {} s'.format(trouble.cause, pause))
            time.sleep(pause)
            pause = min(pause * 2, 15)


def refresh(_options):
    with locked():
        if os.path.exists(RELEASED):
            log('released from the mesh ({}); meshvm join takes this machine back'.format(read(RELEASED).decode().strip()))
        else:
            refresh_once()


def status(options):
    state, ready, token = load_state(), sidecar_ready(), claims_of(read(TOKEN).decode('utf-8', 'replace'))
    certificate = certificate_facts() or {}
    facts = [('ready', ready), ('released', os.path.exists(RELEASED)), ('identity', certificate.get('name')),
             ('certificateExpires', certificate.get('expires')), ('tokenExpires', token.get('exp')),
             ('istiod', state.get('hosts')), ('lastRefresh', state.get('refreshed')), ('lastError', state.get('error')),
             ('failures', state.get('failures', 0)), ('apiRequests', state.get('requests')),
             ('networkGivenBack', bool(state.get('givenBack'))), ('bundle', bundle_status(state)),
             ('hostFirewall', firewall_status(state)),
             ('dns', dns_status(state))]
    if options.json:
        log(json.dumps(dict(facts), indent=1))
    else:
        for name, value in facts:
            if name in ('certificateExpires', 'tokenExpires', 'lastRefresh') and value:
                value = '{} ({:+.0f} min)'.format(time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime(value)),
                                                  (value - time.time()) / 60)
            log('{:20} {}'.format(name, value))
    return OK if ready else BROKEN


def bundle_status(state):
    return 'the last good one, not that of the group' if state.get('wayBack') else 'that of the group'


def firewall_status(state):
    if not state.get('firewallWanted'):
        return 'off'
    driven = ''.join(', and ' + other.name for other in OTHERS if other.marked() and other.active())
    return 'in place' + driven if firewall_rules() else 'not in place'


def dns_status(state):
    mode = state.get('dns')
    if mode not in ROUTED:
        return mode
    try:
        dns = json.loads(read(DNS).decode())
        return '{}, {}'.format(mode, 'in place' if dns['mode'] == mode and dns_in_place(dns) else 'not in place')
    except (ValueError, KeyError, TypeError):
        return mode + ', not in place'


def guard(_options):
    """Dead man's switch: run by its timer when a first join has had its time."""
    with locked():
        state = load_state()
        if state.get('joined') or sidecar_ready():
            state['joined'] = True
        else:
            state['givenBack'] = int(time.time())
            save_state(state)
            log('the first join has failed: {}; refresh starts it again when istiod answers (meshvm doctor says what is '
                'wrong)'.format(give_network_back(list)))
            stop_sidecar('disable', 'istio.service')
        save_state(state)


def release(_options):
    """Takes this machine out of the mesh and gives it its network back. Depends on nothing that may be broken."""
    try:
        os.makedirs(STATE_FOLDER, exist_ok=True)
        write(RELEASED, b'by hand\n')
    except OSError as error:
        log('can not note the release ({}): the units are disabled all the same'.format(error))
    done = give_network_back(remove_firewall)
    for unit in ('meshvm-refresh.timer', 'meshvm-refresh.service', 'meshvm-guard.timer', 'istio.service'):
        stop_sidecar('disable', '--now', unit)
    come_back()
    open_admin_ports()
    with contextlib.suppress(OSError):
        set_hosts([])
    left = capture_found()
    if left:
        raise Trouble(MACHINE, 'capture rules are left in ' + ', '.join(left), 'run it as root')
    refuse_to_leave_rules()
    if dns_link_exists():
        raise Trouble(MACHINE, 'the link {} is left'.format(DNS_LINK), 'run it as root')
    log('released: {}; meshvm join takes this machine back'.format(done))


def drain(options):
    """Takes the machine out of its Services, lets connections end, then takes it out of the mesh until the next join."""
    os.makedirs(STATE_FOLDER, exist_ok=True)
    write(RELEASED, b'drained\n')
    stop_sidecar('stop', 'meshvm-refresh.timer')
    leave_services(load_state().get('absence'))
    try:
        ask_sidecar(15020, '/drain', method='POST')
        log('draining for {} s'.format(options.seconds))
        time.sleep(options.seconds)
    except OSError as error:
        log('the sidecar does not drain ({}); stopping it'.format(error))
    if stop_sidecar('disable', '--now', 'istio.service'):
        come_back()  # Without systemd the sidecar still runs, and would register again: join takes the rules away.
    log('drained: it takes no traffic until the next meshvm join')


def leave_services(absence):
    """Lets istiod take the machine off its Services while the sidecar still serves, so that no caller meets a closed door."""
    try:
        if absence and istiod_connections(absence['port']):
            tool = cut_off(absence['host'], absence['port'])
            log('leaving the Services of the mesh' if not tool else
                'callers find out when the sidecar stops: {} can not keep it from istiod'.format(tool))
            if not tool:
                let_istiod_notice(absence['port'], absence['seconds'])
    except OSError as error:  # Such as a name that does not resolve.
        log('callers find out when the sidecar stops: {}'.format(error))


def give_network_back(remove_rules):
    """Stops the sidecar, takes away what is left of its capture and what remove_rules does, and says what was done.

    The dead man's switch leaves the host firewall: SSH is open in it, and who blocks istiod must not open the rest.
    """
    stopped = stop_sidecar('stop', 'istio.service')
    capture, firewall = remove_capture(), remove_rules() + remove_dns()
    return '{}capture rules removed: {}{}'.format(
        'the sidecar is stopped, which ends its capture; further ' if stopped else 'the sidecar is not stopped; ',
        capture, '; {} removed'.format(', '.join(firewall)) if firewall else '')
