"""The host firewall of the group: one table of nftables, loaded at boot before there is a network."""
import contextlib
import os

from .surroundings import sha256
from .trouble import BUNDLE, MACHINE, Trouble, log
from .places import FIREWALL, UNITS
from .files import read, remove, write
from .system import MANAGED, run, stop_sidecar, systemctl
from .package import install, package_kind
from .sidecar import envoy_runs
from .capture import capture_found
from .other_firewalls import OTHERS, other_firewalls

FIREWALL_UNIT = 'meshvm-firewall.service'
# Written only where the group has a firewall. Loads it at boot, before there is a network.
FIREWALL_UNIT_TEXT = """[Unit]
Description=meshvm: firewall of this machine
DefaultDependencies=no
# Debian's begins with `flush ruleset`; when somebody restarts it, these rules come again.
After=nftables.service
PartOf=nftables.service
Wants=network-pre.target
Before=network-pre.target shutdown.target
Conflicts=shutdown.target
ConditionPathExists=/etc/meshvm/firewall.nft
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/meshvm/firewall.nft
[Install]
WantedBy=sysinit.target
"""


def follow_firewall(state, settings):
    """Keeps the group's firewall in place, and takes it away when the group has none any more."""
    text = settings['firewall']
    state['firewallWanted'] = bool(text)
    if not text:
        if os.path.exists(FIREWALL) or any(other.marked() for other in OTHERS):
            remove_firewall()
            refuse_to_leave_rules()
            log('host firewall: removed, the group has none any more')
        if any(other.name == 'firewalld' for other in other_firewalls()):
            bring_capture_back(state)
        return
    rules, problem = firewall_rules(), None
    try:
        open_others(state, settings['openings'])  # Before ours closes anything.
    except (Trouble, OSError) as error:
        if not rules:
            raise
        problem = error
    load_firewall(state, settings, rules)
    if problem:
        raise problem


def open_others(state, openings):
    problems = []
    for other in other_firewalls():
        if openings is None:
            raise Trouble(BUNDLE, '{} is active, and the bundle does not say what that must let pass'.format(other.name),
                          'apply the manifests of the group, made with a later meshvm')
        try:
            if other.open(openings):
                log('host firewall: {} lets pass what it lets pass'.format(other.name))
            if other.name == 'firewalld':
                bring_capture_back(state)
        except (Trouble, OSError) as error:
            problems.append(error)
    if problems:
        raise problems[0]


def bring_capture_back(state):
    """firewalld 1 flushes what iptables has made, when it starts and when it reloads: its issue 863."""
    if MANAGED and envoy_runs():
        found = bool(capture_found())
        # Only what was there before: somebody may capture by other means.
        if state.get('captured') and not found:
            systemctl('restart', '--no-block', 'istio.service')
            log('sidecar: restarted, somebody (firewalld?) has removed its capture')
        state['captured'] = found


def load_firewall(state, settings, rules):
    text = settings['firewall']
    loaded = rules and sha256(rules.encode()) == state.get('firewall')
    if loaded and read(FIREWALL) == text.encode() and loads_at_boot():
        return
    # Loaded before it is noted anywhere: what the kernel refuses is not what the next boot tries.
    code, output = run('nft', '-f', '-', input=text.encode())
    if code == 127 and MANAGED and settings['istio'].get('packages') is not None:
        install(package_kind(), 'nftables')
        code, output = run('nft', '-f', '-', input=text.encode())
    if code:
        raise Trouble(MACHINE, 'the host firewall can not be loaded: ' + output, 'package nftables of the machine, its kernel')
    state['firewall'] = sha256(firewall_rules().encode())
    write(FIREWALL, text.encode())
    if MANAGED:
        if write(UNITS + '/' + FIREWALL_UNIT, FIREWALL_UNIT_TEXT.encode()):
            systemctl('daemon-reload')
        systemctl('enable', '--now', '--no-block', FIREWALL_UNIT)
    log('host firewall: in place')


def firewall_rules():
    """The rules of our firewall as the kernel has them; empty when it has none."""
    code, text = run('nft', '--stateless', 'list', 'table', 'inet', 'meshvm')
    return text if code == 0 else ''


def loads_at_boot():
    link = UNITS + '/sysinit.target.wants/' + FIREWALL_UNIT
    return not MANAGED or read(UNITS + '/' + FIREWALL_UNIT).decode() == FIREWALL_UNIT_TEXT and os.path.lexists(link)


def remove_firewall():
    """Says what was removed."""
    removed = ['host firewall'] if run('nft', 'delete', 'table', 'inet', 'meshvm')[0] == 0 else []
    for other in OTHERS:
        try:
            if other.close():
                removed.append('its rules in ' + other.name)
        except (Trouble, OSError) as error:
            log(str(error))
    if os.path.exists(FIREWALL):
        stop_sidecar('disable', '--now', FIREWALL_UNIT)
        with contextlib.suppress(OSError):
            remove(FIREWALL)
            remove(UNITS + '/' + FIREWALL_UNIT)
        stop_sidecar('daemon-reload')
    return removed


def refuse_to_leave_rules():
    if firewall_rules():
        raise Trouble(MACHINE, 'the host firewall is left', 'run it as root; nft delete table inet meshvm')
    for other in OTHERS:
        if other.marked():
            raise Trouble(MACHINE, 'rules of the host firewall are left in ' + other.name, 'run it as root')
