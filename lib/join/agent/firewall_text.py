"""firewall.nft, as the group's own builder writes it and in no other way: root loads it."""
import re

from .forms import PORT, address_range

SET = r'\{ (.+) \}'
# The rules of each chain: what they are called is what they let in or refuse. Order and number are the group's.
TYPES = {'input': 'type filter hook input priority 0; policy drop;',
         'forward': 'type filter hook forward priority 0; policy accept;'}
FIXED = {
    'iifname "lo" accept',
    'ct state invalid drop',
    'ct state established,related accept',
    'icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept',
    'icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem, '
    'nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, mld-listener-query } accept',
    'udp sport 67 udp dport 68 accept',
    'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept',
    'counter',
}
RULES = {
    'input': [
        r'tcp dport {} ct direction original reject with tcp reset'.format(SET),
        r'tcp dport 15006 ct status dnat ct original proto-dst ({}) accept'.format(PORT),
        r'tcp dport (22|\{{ .+ \}}) (ip6?) saddr {} accept'.format(SET),
        r'meta l4proto (?:tcp|udp) ct original proto-dst ({}) (ip6?) saddr {} accept'.format(PORT, SET),
    ],
    'forward': [
        r'meta l4proto tcp ct direction original ct status dnat ct original proto-dst ({}) reject with tcp reset'.format(PORT),
    ],
}


def check_firewall_text(text):
    """Raises ValueError for the first line that the builder would not have written."""
    lines = text.split('\n')
    head = ['table inet meshvm', 'delete table inet meshvm', 'table inet meshvm {']
    if not re.fullmatch(r'# [\w ./,-]+', lines[0], re.ASCII) or lines[1:4] != head or lines[-2:] != ['}', '']:
        raise ValueError('firewall.nft is not one table inet meshvm')
    chain, left = None, ['input', 'forward']
    body = iter(lines[4:-2])
    for line in body:
        opened = re.fullmatch(r'\tchain (input|forward) \{', line)
        if chain is None and opened and opened.group(1) in left:
            chain = opened.group(1)
            left = left[left.index(chain) + 1:]
            if next(body, None) != '\t\t' + TYPES[chain]:
                raise ValueError('firewall.nft: the chain {} is not of its type'.format(chain))
        elif chain is not None and line == '\t}':
            chain = None
        elif chain is None or not line.startswith('\t\t') or not is_rule(chain, line[2:]):
            raise ValueError('firewall.nft has {!r}'.format(line[:200]))
    if chain is not None or left == ['input', 'forward']:
        raise ValueError('firewall.nft is not whole')


def is_rule(chain, text):
    if chain == 'input' and text in FIXED:
        return True
    for form in RULES[chain]:
        found = re.fullmatch(form, text, re.ASCII)
        if found:
            return all(are_members(group) for group in found.groups() if group not in ('ip', 'ip6'))
    return False


def are_members(text):
    """Whether a set, or a single value, is made of port numbers or of ranges of addresses."""
    for member in text.strip('{} ').split(', '):
        if re.fullmatch(PORT, member):
            if int(member) > 65535:
                return False
            continue
        try:
            address_range(member)
        except ValueError:
            return False
    return True
