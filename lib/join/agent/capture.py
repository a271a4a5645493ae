"""The capture rules that Istio's package makes."""
from .system import run

# Rules made by one flavour are invisible to the others; the plain names are whichever of them the system prefers.
IPTABLES = ('iptables-legacy', 'iptables-nft', 'iptables', 'ip6tables-legacy', 'ip6tables-nft', 'ip6tables')


def rules_in(tool, table):
    """(start of a command, rules as lists of words) of a table; no rules where there is no such tool."""
    command = (tool, '-w', '5', '-t', table)
    code, text = run(*command + ('-S',))
    return command, [line.split() for line in text.splitlines()] if code == 0 else []


def delete_rules(command, rules):
    """Tells how many of the rules (lists of words, as rules_in gives them) are gone now."""
    return sum(run(*command + ('-D',) + tuple(rule[1:]))[0] == 0 for rule in rules)


def delete_chains(command, chains):
    """Empties chains, then removes them: one may lead to another. Tells how many steps were done."""
    return sum(run(*command + (action, chain))[0] == 0 for action in ('-F', '-X') for chain in chains)


def remove_capture():
    """Takes away every rule of Istio, whoever put it there, in every table of every flavour of iptables and nft."""
    removed = 0
    for tool in IPTABLES:
        for table in ('nat', 'mangle', 'raw'):
            command, rules = rules_in(tool, table)
            chains = [rule[1] for rule in rules if rule[:1] == ['-N'] and rule[1].startswith('ISTIO_')]
            # Jumps into Istio's chains, and the rules of TPROXY mode, which carry its marks 1337 and 1338.
            ours = [rule for rule in rules if rule[0] == '-A' and rule[1] not in chains and any(
                word.startswith('ISTIO_') or word.split('/')[0] in ('0x539', '0x53a') for word in rule[2:])]
            removed += delete_rules(command, ours) + delete_chains(command, chains)
    for table in ('nat', 'mangle', 'raw'):
        removed += run('nft', 'delete', 'table', 'inet', 'istio-proxy-' + table)[0] == 0
    for family in ('-4', '-6'):  # Routing of TPROXY mode.
        removed += run('ip', family, 'rule', 'del', 'fwmark', '1337', 'lookup', '133')[0] == 0
        run('ip', family, 'route', 'flush', 'table', '133')
    return removed


def capture_found():
    """Where Istio's capture rules are: a list of tools."""
    found = [tool for tool in IPTABLES if 'ISTIO_OUTPUT' in run(tool, '-w', '5', '-t', 'nat', '-S')[1]]
    if 'istio-proxy-nat' in run('nft', 'list', 'tables')[1]:
        found.append('nft')
    return found


def remove_dns_capture():
    """The start script takes away what it would put there now. What it has put there for capture of DNS stays: all of ours in
    raw, and one chain in nat."""
    for tool in IPTABLES:
        for table, names in (('raw', ('ISTIO_INBOUND', 'ISTIO_OUTPUT_DNS')), ('nat', ('ISTIO_OUTPUT_DNS',))):
            command, rules = rules_in(tool, table)
            delete_rules(command, [rule for rule in rules if rule[0] == '-A' and rule[-1] in names])
            for chain in names:
                if ['-N', chain] in rules:
                    delete_chains(command, [chain])
