"""The answer, to be read by people."""
from .sidecar import SIDECAR_ADDRESS, SIDECAR_USER
from .connections import MOST_PEERS
from .addresses import CALLS_BY_HTTP10, CHECKS_BY_CONNECT, GRANTS, LIMITS_BY_ADDRESS, MATCHES_ADDRESS, REFUSES_OTHERS, TRUSTS_LOOPBACK

FINDINGS = {
    TRUSTS_LOOPBACK: 'trusts the loopback range: after joining that is everybody',
    MATCHES_ADDRESS: "goes by the caller's address: after joining that is %s for all" % SIDECAR_ADDRESS,
    LIMITS_BY_ADDRESS: 'counts by address: after joining all callers are one',
    REFUSES_OTHERS: 'serves this machine alone, and refuses callers through the mesh as well',
    GRANTS: 'may grant by host in its own tables: SELECT user, host FROM mysql.user',
    CALLS_BY_HTTP10: 'calls by HTTP/1.0, which the mesh does not answer',
    CHECKS_BY_CONNECT: 'takes a TCP connection for health: after joining every one succeeds',
}


def for_people(answer):
    """The same, to be read."""
    lines = []

    def section(title, rows):
        lines.extend(['', title] + (['  ' + row for row in rows] or ['  none']))

    def owner(each):
        parts = [each['program'] or '?', each['unit'], each['user'] and 'as ' + each['user']]
        return ' '.join(part for part in parts if part)

    it, seen = answer['machine'], answer['surveyed']
    lines.append('%s, %s, %s' % (it['name'], it['address'] or 'no address', ' '.join(filter(None, it['distribution'].values()))))
    lines.append('kernel %s, %s, Python %s, %s' % (it['kernel'], it['architecture'], it['python'], 'systemd' if it['systemd'] else 'no systemd'))

    def traits(each):
        yield 'loopback only' if each['loopbackOnly'] else None
        yield 'in a container' if each['container'] else None
        yield 'SPEAKS FIRST' + (' (%s)' % each['speaks'] if each['speaks'] else '') if each['speaksFirst'] else None
        yield 'health at %s' % each['healthPage'] if each['healthPage'] else 'HTTP' if each['http'] else None

    section('Listens on', ['%s %s port %d: %s%s' % (
        each['protocol'], each['address'], each['port'], owner(each), ''.join(', ' + trait for trait in traits(each) if trait))
        for each in answer['listeners']])
    spell = '%d samples in %d s' % (seen['samples'], seen['seconds'])
    section('Is called (%s)' % spell, ['port %d by %s, in %d' % (each['port'], each['address'], each['seen']) for each in answer['callers']])
    section('Calls (%s)' % spell, ['%s %s port %d%s: %s, in %d' % (
        each['protocol'], each['address'], each['port'], ' on this machine' if each['local'] else '', owner(each), each['seen'])
        for each in answer['calls']])
    section('Settings that joining turns', ['%s%s: %s' % (
        each['server'], ', %s line %d' % (each['file'], each['line']) if each['file'] else '', FINDINGS[each['finding']])
        for each in answer['configuration']])
    section("In the sidecar's way", ['port %d: %s' % (each['port'], each['program'] or '?') for each in answer['sidecar']['ports']] + (
        ['user %s exists (%d)' % (SIDECAR_USER, answer['sidecar']['userId'])] if answer['sidecar']['userId'] is not None else []))
    walls, names = answer['firewalls'], answer['resolver']
    state = {True: 'active', False: 'not active', None: 'not installed'}
    section('Also', [
        'firewalls: ufw %s, firewalld %s; nftables %s; iptables %s' % (
            state[walls['ufw']], state[walls['firewalld']], 'not seen' if walls['nftTables'] is None else ', '.join(walls['nftTables']) or 'empty',
            ', '.join(walls['iptablesTables']) or 'empty'),
        'containers: %s; published ports %s' % (', '.join(answer['containers']['engines']) or 'none',
                                                ', '.join(map(str, answer['containers']['publishedPorts'])) or 'none'),
        'names: %s%s' % (', '.join(names['nameservers']) or 'no name server', ' (%s)' % ', '.join(names['programs']) if names['programs'] else ''),
        'clock: %s' % {True: 'right', False: 'NOT SYNCHRONIZED', None: 'unknown'}[answer['clock']['synchronized']],
        'free: %s' % ', '.join('%s %d MB' % (each['path'], each['freeMegabytes']) for each in answer['disks']),
        'kernel modules: %s' % ', '.join('%s %s' % each for each in sorted(answer['kernelModules'].items())),
        'multicast: %s' % (', '.join(answer['multicast']) or 'none'),
        'programs of note: %s' % (', '.join(answer['programs']) or 'none'),
    ])
    if answer['peersLeftOff']:
        lines += ['', 'More than %d callers or called: the rest is left off.' % MOST_PEERS]
    if seen['unseen']:
        section('Not seen', seen['unseen'])
    return '\n'.join(lines) + '\n'
