"""What the group says to its machines (ConfigMap <group>-bootstrap), checked, and what user-data has said to this one."""
import json

from .trouble import BUNDLE, CONFIG, Trouble
from .places import JOIN
from .files import read
from .forms import address_range, is_whole
from .environment import check_environment
from .firewall_text import check_firewall_text
from .mesh_text import check_mesh
from .settings import read_settings
from .pin import against_pin


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


def read_bundle(cluster, data, pin=None):
    """(settings, cluster.env, mesh.yaml) of what stands in the group's ConfigMap, checked: in a form that is not known,
    nothing of it reaches what runs as root."""
    name = bundle_name(cluster)
    try:
        version = json.loads(data['settings.json'])['schemaVersion']
        if version != 1:
            raise Trouble(BUNDLE, '{} has version {}, this agent knows 1'.format(name, version), 'new user-data')
        settings = read_settings(data['settings.json'])
        if settings['identity']['namespace'] != cluster.namespace:
            raise ValueError('identity.namespace is {}'.format(settings['identity']['namespace']))
        check_environment(data['cluster.env'])
        check_mesh(data['mesh.yaml'])
        settings['istio'] = against_pin(pin, settings['istio'])
        settings['firewall'] = data.get('firewall.nft', '')
        if settings['firewall']:
            check_firewall_text(settings['firewall'])
        settings['openings'] = read_openings(data['firewall.json']) if 'firewall.json' in data else None
        return settings, data['cluster.env'], data['mesh.yaml']
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Trouble(BUNDLE, 'ConfigMap {} is broken: {!r}'.format(name, error), 'apply the manifests of the group')


def read_openings(text):
    """What firewall.json opens, as (protocol, port, range of addresses), each once."""
    content, found = json.loads(text), []
    if content['schemaVersion'] != 1:
        raise ValueError('firewall.json has version {}, this agent knows 1'.format(content['schemaVersion']))
    for opening in content['openings']:
        protocol, port = opening['protocol'], opening['port']
        if protocol not in ('tcp', 'udp') or not is_whole(port, 1, 65535):
            raise ValueError('firewall.json opens {!r}'.format(opening))
        found.extend((protocol, str(port), address_range(cidr)) for cidr in opening['cidrs'])
    return sorted(set(found), key=found.index)
