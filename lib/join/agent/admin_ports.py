"""Ports by which the sidecar is ruled: they answer to root and to the sidecar's own user.

15000 is Envoy's admin interface; 15004 asks istiod with the sidecar's certificate. 15020 has metrics and readiness for all,
but obeys who asks from a loopback address: /quitquitquit ends the sidecar and its capture, /drain its calls (istio,
pilot/cmd/pilot-agent/status/server.go). There it is closed for those addresses alone: who scrapes metrics on the machine
itself asks at the machine's own address.
"""
import os

from .surroundings import sha256
from .trouble import log
from .files import sidecar_owner
from .system import run
from .capture import IPTABLES, delete_chains, delete_rules, rules_in

ADMIN_TABLE = """table inet meshvm-admin
delete table inet meshvm-admin
table inet meshvm-admin {{
	chain output {{
		type filter hook output priority 0; policy accept;
		oifname != "lo" accept
		tcp flags & (fin | syn | rst | ack) != syn accept
		meta skuid {{ 0, {uid} }} accept
		tcp dport {{ 15000, 15004 }} reject with tcp reset
		ip saddr 127.0.0.0/8 tcp dport 15020 reject with tcp reset
		ip6 saddr ::1 tcp dport 15020 reject with tcp reset
	}}
}}
"""
ADMIN_CHAIN = 'MESHVM-ADMIN'


def follow_admin_ports(state):
    """Closes them, before anything that may fail. What a machine can't do (containers without the right) is said once."""
    owner = sidecar_owner()
    if owner is None:
        return
    closed = close_by_nft(state, owner[0]) or close_by_iptables(owner[0])
    if closed != state.get('adminClosed'):
        log('ports of the sidecar\'s administration: ' + (
            'closed to all but root and istio-proxy' if closed else
            'open to every user of this machine; to change: package nftables or iptables'))
    state['adminClosed'] = closed


def close_by_nft(state, uid):
    code, text = run('nft', '--stateless', 'list', 'table', 'inet', 'meshvm-admin')
    if code == 0 and sha256(text.encode()) == state.get('admin'):
        return True
    if run('nft', '-f', '-', input=ADMIN_TABLE.format(uid=uid).encode())[0]:
        return False
    state['admin'] = sha256(run('nft', '--stateless', 'list', 'table', 'inet', 'meshvm-admin')[1].encode())
    return True


def close_by_iptables(uid):
    return all([close_family('iptables', '127.0.0.0/8', uid), close_family('ip6tables', '::1', uid)])


def close_family(tool, loopback, uid):
    jump = ('OUTPUT', '-o', 'lo', '-p', 'tcp', '--syn', '-j', ADMIN_CHAIN)
    if run(tool, '-w', '5', '-C', *jump)[0] == 0:
        return True
    run(tool, '-w', '5', '-N', ADMIN_CHAIN)
    rules = [('-m', 'owner', '--uid-owner', '0', '-j', 'RETURN'), ('-m', 'owner', '--uid-owner', str(uid), '-j', 'RETURN'),
             ('-p', 'tcp', '-m', 'multiport', '--dports', '15000,15004', '-j', 'REJECT', '--reject-with', 'tcp-reset'),
             ('-p', 'tcp', '-s', loopback, '--dport', '15020', '-j', 'REJECT', '--reject-with', 'tcp-reset')]
    done = run(tool, '-w', '5', '-F', ADMIN_CHAIN)[0] == 0
    for rule in rules:
        done = done and run(tool, '-w', '5', '-A', ADMIN_CHAIN, *rule)[0] == 0
    return done and run(tool, '-w', '5', '-I', *jump)[0] == 0


def open_admin_ports():
    """Takes our rules away, whatever made them."""
    if os.geteuid() == 0:
        run('nft', 'delete', 'table', 'inet', 'meshvm-admin')
    for tool in IPTABLES:
        command, rules = rules_in(tool, 'filter')
        delete_rules(command, [rule for rule in rules if rule[:2] == ['-A', 'OUTPUT'] and ADMIN_CHAIN in rule])
        delete_chains(command, [ADMIN_CHAIN] if ['-N', ADMIN_CHAIN] in rules else [])
