"""What the group says to its machines (ConfigMap <group>-bootstrap), checked, and what user-data has said to this one."""
import json
import re
import socket

from .trouble import BUNDLE, CONFIG, Trouble
from .places import JOIN
from .files import read


def read_join():
    """The settings that user-data or `meshvm join` left on this machine."""
    try:
        config = json.loads(read(JOIN).decode() or 'null')
        if config is None:
            raise Trouble(CONFIG, 'this machine was never told what to join', 'run meshvm join --help')
        if config['schemaVersion'] != 1:
            raise Trouble(CONFIG, 'join.json has version {}, this agent knows 1'.format(config['schemaVersion']))
        config['namespace'], config['group'], config['credential']['kind']
        return config
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble(CONFIG, '/etc/meshvm/join.json is broken: {!r}'.format(error), 'run meshvm join again')


def bundle_name(cluster):
    return cluster.group + '-bootstrap'


def read_bundle(name, data):
    """(settings, cluster.env, mesh.yaml) of what stands in a group's ConfigMap, checked."""
    try:
        settings = json.loads(data['settings.json'])
        version = settings['schemaVersion']
        if version != 1:
            raise Trouble(BUNDLE, '{} has version {}, this agent knows 1'.format(name, version), 'new user-data')
        for key in ('istio', 'refreshIntervalSeconds', 'restart', 'deadManSeconds', 'istiod', 'gateway', 'identity',
                    'capture', 'dns'):
            settings[key]
        environment, mesh = data['cluster.env'], data['mesh.yaml']
        check_dns(settings['dns'])
        settings['firewall'] = firewall = data.get('firewall.nft', '')
        settings['openings'] = read_openings(data['firewall.json']) if 'firewall.json' in data else None
    except (KeyError, TypeError, ValueError) as error:
        raise Trouble(BUNDLE, 'ConfigMap {} is broken: {!r}'.format(name, error), 'apply the manifests of the group')
    # The start script sources this file as root: quoted assignments only, nothing that a shell would run.
    if not re.fullmatch(r"""(?:[A-Za-z_]\w*=(?:[\w@%+=:,./-]|'[^']*'|"'")*\n)*""", environment, re.ASCII):
        raise Trouble(BUNDLE, 'cluster.env in {} is not a list of quoted assignments'.format(name))
    if firewall and not re.fullmatch(FIREWALL_FORM, firewall):
        raise Trouble(BUNDLE, 'firewall.nft in {} is not one table inet meshvm'.format(name))
    return settings, environment, mesh


# What the bundle says of the firewall: one table, replaced as a whole.
FIREWALL_FORM = r'(?:#[^\n]*\n)*table inet meshvm\ndelete table inet meshvm\ntable inet meshvm \{\n(?:\t[^\n]*\n)*\}\n'


def read_openings(text):
    """What firewall.json opens, as (protocol, port, range of addresses), each once."""
    content, found = json.loads(text), []
    if content['schemaVersion'] != 1:
        raise ValueError('firewall.json has version {}, this agent knows 1'.format(content['schemaVersion']))
    for opening in content['openings']:
        protocol, port = opening['protocol'], opening['port']
        if protocol not in ('tcp', 'udp') or not isinstance(port, int) or not 0 < port < 65536:
            raise ValueError('firewall.json opens {!r}'.format(opening))
        found.extend((protocol, str(port), address_range(cidr)) for cidr in opening['cidrs'])
    return sorted(set(found), key=found.index)


def address_range(text):
    """A range of addresses as it is always spelled here."""
    address, _, bits = text.partition('/')
    family, longest = (socket.AF_INET6, 128) if ':' in address else (socket.AF_INET, 32)
    try:
        plain = socket.inet_ntop(family, socket.inet_pton(family, address))
    except OSError:
        raise ValueError('{} is no range of addresses'.format(text))
    return '{}/{:d}'.format(plain, int(bits or longest))


# Modes in which systemd-resolved sends names of the mesh to somebody.
ROUTED = ('split', 'coreDns')


def check_dns(dns):
    """Raises ValueError for what this agent does not know, or what must not stand in a unit."""
    if dns['mode'] not in ('capture', 'off') + ROUTED:
        raise ValueError('dns.mode is {!r}, which this agent does not know'.format(dns['mode']))
    if dns['mode'] in ROUTED:
        label = '[a-z0-9]([a-z0-9-]*[a-z0-9])?'
        for domain in dns['domains']:
            if not re.fullmatch(r'{0}(\.{0})*'.format(label), domain) or len(domain) > 253:
                raise ValueError('dns.domains has {!r}'.format(domain))
    if dns['mode'] == 'coreDns':
        try:
            socket.inet_pton(socket.AF_INET, dns['address'])
        except OSError:
            raise ValueError('dns.address is {!r}'.format(dns['address']))
