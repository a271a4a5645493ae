"""A sidecar that stays away from istiod for a while, so that istiod forgets its entry."""
import time

from .trouble import log
from .places import KEEPALIVE_SECONDS
from .state import save_state
from .network import resolve
from .system import run, wait_until
from .sidecar import disconnect, istiod_connections
from .capture import IPTABLES, delete_rules, rules_in

AWAY = 'meshvm-away'  # Comment of the rules by which a sidecar stays away from istiod.


def stay_away(state):
    """Cuts the sidecar from istiod for longer than istiod keeps the entry of a machine that is gone: then it makes a new one.

    The sidecar goes on serving with the configuration and certificates that it has: to stop it would let plain text in.
    istiod hears of it by the reset that answers its next packet, at the latest a keepalive.
    """
    host, port, seconds = (state['absence'][key] for key in ('host', 'port', 'seconds'))
    state['away'] = True  # Noted first: when the agent is killed, the next refresh takes the rules away.
    save_state(state)
    tool = cut_off(host, port)
    if tool:
        log('registration: {} can not keep the sidecar from istiod (no right, or no such tool), so the entry stays the old '
            'one; to change: meshvm drain, and {} s later meshvm join'.format(tool, seconds))
        return
    log('registration: has changed; the sidecar stays away from istiod for {} s, to get a new entry'.format(seconds))
    let_istiod_notice(port, seconds)


def cut_off(host, port):
    """Keeps the sidecar from istiod until come_back. Returns the tool that could not do it; None when it is done."""
    # Resets may come in: those that the second rule sends do.
    rules = [('INPUT', '-p', 'tcp', '--sport', str(port), '!', '--tcp-flags', 'RST', 'RST'),
             ('OUTPUT', '-p', 'tcp', '--dport', str(port), '--syn')]
    reject = ('-m', 'comment', '--comment', AWAY, '-j', 'REJECT', '--reject-with', 'tcp-reset')
    for family in {'ip6tables' if ':' in address else 'iptables' for address in resolve(host)}:
        for tool in (family, family + '-nft', family + '-legacy'):
            if all(run(tool, '-w', '5', '-I', *rule + reject)[0] == 0 for rule in rules):
                break
        else:
            return family
    return None


def let_istiod_notice(port, seconds):
    """Waits until istiod has taken the entry of a sidecar that is cut off away."""
    disconnect(port)
    wait_until(lambda: not istiod_connections(port), KEEPALIVE_SECONDS)
    time.sleep(seconds)


def come_back():
    """Takes the rules of stay_away away."""
    for tool in IPTABLES:
        command, rules = rules_in(tool, 'filter')
        delete_rules(command, [rule for rule in rules if AWAY in rule])
