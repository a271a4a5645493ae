"""Firewalls that somebody else has switched on, told to let pass what ours lets pass.

A packet must pass every firewall of the machine. They go by the port that they see: the capture has redirected before. That
opens nothing by itself, for a packet must pass ours, too. What somebody has refused by a rule in them stays refused.
"""
import os
import re

from .surroundings import ROOT
from .trouble import MACHINE, Trouble
from .files import read, remove, write
from .forms import address_range
from .system import run


class Ufw:
    """Rules of ours have the comment meshvm. They stand behind those that are there: the first that fits decides."""
    name = 'ufw'
    RULE = (r'(?m)^### tuple ### ([a-z_-]+) (tcp|udp) (\d+) (?:0\.0\.0\.0/0|::/0) any ([\da-f.:]+(?:/\d+)?) in'
            r'(?: comment=(\w+))?$')

    def active(self):
        enabled = re.search(rb'(?mi)^ENABLED=["\']?yes', read(ROOT + '/etc/ufw/ufw.conf'))
        return bool(enabled) and run('ufw', '--version')[0] == 0

    def rules(self):
        """{opening: (action, whether the rule is ours)}, from the lines that ufw writes for programs."""
        names = ('user.rules', 'user6.rules') if self.ipv6() else ('user.rules',)
        text = b'\n'.join(read(ROOT + '/etc/ufw/' + name) for name in names).decode('utf-8', 'replace')
        return {(protocol, port, address_range(source)): (action, comment == b'meshvm'.hex())
                for action, protocol, port, source, comment in re.findall(self.RULE, text)}

    def marked(self):
        try:
            return any(ours for _, ours in self.rules().values())
        except PermissionError:  # Then we have put none there either.
            return False

    def call(self, *arguments):
        code, output = run('ufw', *arguments)
        if code:
            raise Trouble(MACHINE, 'ufw {}: {}'.format(' '.join(arguments), output), 'ufw of the machine, 0.35 or later')

    def ipv6(self):
        """Whether it has rules for IPv6. Else it drops all of that."""
        return bool(re.search(rb'(?mi)^IPV6=["\']?yes', read(ROOT + '/etc/default/ufw')))

    def filtered(self, openings):
        ipv6 = self.ipv6()
        return [opening for opening in openings if ipv6 or ':' not in opening[2]]

    def refused(self, openings):
        rules = self.rules()
        return [opening for opening in self.filtered(openings) if not rules.get(opening, ('',))[0].startswith('allow')]

    def open(self, openings):
        """Tells whether that changed anything. A rule of somebody else for the same port and range stays as it is."""
        wanted, before = self.filtered(openings), self.rules()
        for opening in sorted(set(wanted) - set(before), key=wanted.index):
            self.call('allow', *self.words(opening), 'comment', 'meshvm')
        rules = self.rules()
        if not set(wanted) <= set(rules):
            raise Trouble(MACHINE, 'ufw took rules that are not in /etc/ufw/user.rules', 'package ufw of the machine')
        for opening, (action, ours) in rules.items():
            if ours and opening not in wanted:
                self.call('delete', action, *self.words(opening))
        return self.rules() != before

    def close(self):
        """Tells whether there were rules of ours. Works while ufw is switched off, too."""
        ours = [(opening, action) for opening, (action, mine) in self.rules().items() if mine]
        for opening, action in ours:
            self.call('delete', action, *self.words(opening))
        return bool(ours)

    def words(self, opening):
        protocol, port, source = opening
        return 'proto', protocol, 'from', source, 'to', 'any', 'port', port


class Firewalld:
    """A policy of our own, in its file, which comes after the rules of zones and before they refuse the rest. It is known from
    the next reload on, which we leave to others: a reload takes away what somebody has set for now only. Until then the same
    rules stand in the zones in use, for now only, and are known by their priority."""
    name = 'firewalld'
    FILE = ROOT + '/etc/firewalld/policies/meshvm.xml'
    MARK = 'rule priority="15006" '
    RULE = MARK + 'family="{}" source address="{}" port port="{}" protocol="{}" accept'
    POLICY = """<?xml version="1.0" encoding="utf-8"?>
<policy priority="32767" target="CONTINUE">
  <short>meshvm</short>
  <description>What the host firewall of meshvm lets in. Made by meshvm, which replaces it.</description>
  <ingress-zone name="ANY"/>
  <egress-zone name="HOST"/>
{}</policy>
"""
    POLICY_RULE = """  <rule priority="15006" family="{}">
    <source address="{}"/>
    <port port="{}" protocol="{}"/>
    <accept/>
  </rule>
"""

    def active(self):
        return run('firewall-cmd', '--state')[0] == 0

    def marked(self):
        return os.path.exists(self.FILE)

    def call(self, *arguments):
        code, output = run('firewall-cmd', *arguments)
        if code:
            raise Trouble(MACHINE, 'firewall-cmd {}: {}'.format(' '.join(arguments), output),
                          'firewalld of the machine, 0.9 or later')
        return output

    def listed(self, *arguments):
        """{name: (whether it is in use, its rich rules)} of zones or policies."""
        found, rules = {}, []
        for line in self.call(*arguments).splitlines():
            if line[:1].strip():
                rules = []
                found[line.split()[0]] = ('active' in line.partition(' ')[2], rules)
            elif line.strip().startswith('rule '):
                rules.append(line.strip())
        return found

    def places(self):
        """[(option, our rules there)] of where a packet meets our rules now."""
        policies = self.listed('--list-all-policies')
        if 'meshvm' in policies:
            return [('--policy=meshvm', policies['meshvm'][1])]
        default = self.call('--get-default-zone')
        return [('--zone=' + zone, [rule for rule in rules if rule.startswith(self.MARK)])
                for zone, (used, rules) in self.listed('--list-all-zones').items() if used or zone == default]

    def opening(self, rule):
        found = re.fullmatch(self.RULE.format('ipv[46]', r'([\da-fA-F.:]+(?:/\d+)?)', r'(\d+)', '(tcp|udp)'), rule)
        return (found.group(3), found.group(2), address_range(found.group(1))) if found else None

    def fill(self, template, opening):
        protocol, port, source = opening
        return template.format('ipv6' if ':' in source else 'ipv4', source, port, protocol)

    def policy(self, openings):
        return self.POLICY.format(''.join(self.fill(self.POLICY_RULE, each) for each in openings))

    def refused(self, openings):
        """What the next reload would refuse counts, too."""
        present = [set(map(self.opening, rules)) for _, rules in self.places()]
        stored = read(self.FILE) == self.policy(openings).encode()
        return [opening for opening in openings if not stored or any(opening not in rules for rules in present)]

    def open(self, openings):
        """Tells whether that changed anything."""
        places = self.places()
        changed = write(self.FILE, self.policy(openings).encode())
        for place, rules in places:
            missing = set(openings) - set(map(self.opening, rules))
            if missing:
                self.call(place, *['--add-rich-rule=' + self.fill(self.RULE, each) for each in sorted(missing)])
                changed = True
        if changed:
            places = self.places()
        for place, rules in places:
            if not set(openings) <= set(map(self.opening, rules)):
                raise Trouble(MACHINE, 'firewalld took rules that it does not list at ' + place,
                              'package firewalld of the machine')
            changed = self.drop(place, [rule for rule in rules if self.opening(rule) not in openings]) or changed
        return changed

    def drop(self, place, rules, *scope):
        if rules:
            self.call(*scope + (place,) + tuple('--remove-rich-rule=' + rule for rule in rules))
        return bool(rules)

    def close(self):
        """Tells whether there was something of ours. Where our policy was loaded, an empty one stays until the next reload."""
        if not self.marked():
            return False
        if self.active():
            for place, rules in self.places():
                self.drop(place, rules)
            # `firewall-cmd --runtime-to-permanent` makes rules for now only into others.
            for scope in ((), ('--permanent',)):
                for zone, (_, rules) in self.listed(*scope + ('--list-all-zones',)).items():
                    self.drop('--zone=' + zone, [rule for rule in rules if rule.startswith(self.MARK)], *scope)
        remove(self.FILE)
        remove(self.FILE + '.old')
        return True


OTHERS = (Ufw(), Firewalld())


def other_firewalls():
    """Firewalls that somebody else has switched on."""
    return [other for other in OTHERS if other.active()]
