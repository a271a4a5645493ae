"""mesh.yaml: the ProxyConfig with which pilot-agent starts the sidecar. It can name programs and files; here it names none."""
import json
import re

from .forms import HOST_PORT, PORT, has_form
from .environment import DURATION, SWITCH, TEXT, check_variable

WHOLE = r'\d{1,4}'
# The fields of a ProxyConfig, and their forms as text; None for those with more in them, all of which is data.
# Upstream: istio api mesh/v1alpha1/proxy.proto. proxy-config-fields.ts has the same.
FIELDS = {
    'concurrency': WHOLE,
    'connectionSettings': None,
    'controlPlaneAuthPolicy': r'MUTUAL_TLS',
    'discoveryAddress': HOST_PORT,
    'drainDuration': DURATION,
    'extraStatTags': None,
    'fileFlushInterval': DURATION,
    'gatewayTopology': None,
    'holdApplicationUntilProxyStarts': SWITCH,
    'meshId': TEXT,
    'proxyHeaders': None,
    'proxyMetadata': None,
    'proxyStatsMatcher': None,
    'readinessProbe': None,
    'runtimeValues': None,
    'serviceCluster': TEXT,
    'statsCompression': SWITCH,
    'statsdUdpAddress': HOST_PORT,
    'statusPort': PORT,
    'terminationDrainDuration': DURATION,
    'tracing': None,
    'tracingServiceName': r'[A-Z_]+',
}


def check_mesh(text):
    """Raises ValueError for what is not a ProxyConfig as the group's own builder writes it, and for a field that is not known,
    or not of its form."""
    document = read_block_yaml(text)
    if list(document) != ['defaultConfig'] or not isinstance(document['defaultConfig'], dict):
        raise ValueError('mesh.yaml is not one defaultConfig')
    for name, value in document['defaultConfig'].items():
        if name not in FIELDS:
            raise ValueError('mesh.yaml sets {}, which this agent does not let through'.format(name[:200]))
        form, nested = FIELDS[name], isinstance(value, (dict, list))
        text = value if isinstance(value, str) else json.dumps(value)
        if nested != (form is None) or not nested and not has_form(form, text):
            raise ValueError('mesh.yaml sets {} to {!r}'.format(name, str(value)[:200]))
        check_data(name, value)
    metadata = document['defaultConfig'].get('proxyMetadata', {})
    if not isinstance(metadata, dict):
        raise ValueError('mesh.yaml sets proxyMetadata to a list')
    for name, value in metadata.items():
        check_variable('mesh.yaml', name, value)


def check_data(path, value):
    """What stands in a field: tlsSettings, wherever they stand, name files."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key in ('tlsSettings', 'tls_settings', '<<'):
                raise ValueError('mesh.yaml sets {}.{}, which this agent does not let through'.format(path, key))
            check_data(path + '.' + key, below)
    elif isinstance(value, list):
        for below in value:
            check_data(path, below)


KEY = re.compile(r'([A-Za-z/][\w./-]*|"(?:[^"\\]|\\.)*"):(?: (.+))?', re.ASCII)
PLAIN = re.compile(r'[A-Za-z/][\w./-]*', re.ASCII)
WORDS = re.compile(r'null|true|false|yes|no|on|off|y|n', re.IGNORECASE)
JSON = re.compile(r'"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?'
                  r'|true|false|null|\[\]|\{\}', re.ASCII)
DEEPEST = 40  # Columns.


def read_block_yaml(text):
    """A map as our own builder prints it: block maps and lists, literal blocks, and JSON's scalars. Nothing else of YAML."""
    lines = text.split('\n')
    if lines.pop() or re.search('[\0-\t\v-\x1f\x7f-\x9f\u2028\u2029\ufeff]', text):
        raise ValueError('mesh.yaml is not whole, or not plain text')
    lines.reverse()
    document = read_map(lines, '')
    if lines:
        raise ValueError('mesh.yaml has {!r}'.format(lines[-1][:200]))
    return document


def read_map(lines, indent):
    found = {}
    while lines and lines[-1].startswith(indent) and not lines[-1].startswith((indent + ' ', indent + '- ')):
        line = lines.pop()
        entry = KEY.fullmatch(line[len(indent):])
        key = entry and scalar(entry.group(1))
        if not entry or key in found or len(indent) > DEEPEST:
            raise ValueError('mesh.yaml has {!r}'.format(line[:200]))
        found[key] = read_below(lines, indent) if entry.group(2) is None else read_value(lines, indent, entry.group(2))
    return found


def read_below(lines, indent):
    """A list stands as deep as its key, a map deeper."""
    if lines and lines[-1].startswith(indent + '- '):
        return read_list(lines, indent)
    if lines and lines[-1].startswith(indent + '  '):
        return read_map(lines, indent + '  ')
    raise ValueError('mesh.yaml has a key without a value')


def read_list(lines, indent):
    found, deeper = [], indent + '  '
    if len(indent) > DEEPEST:
        raise ValueError('mesh.yaml is too deep')
    while lines and lines[-1].startswith(indent + '- '):
        first = lines.pop()[len(deeper):]
        if first.startswith('- ') or KEY.fullmatch(first):
            lines.append(deeper + first)
            found.append((read_list if first.startswith('- ') else read_map)(lines, deeper))
        else:
            found.append(read_value(lines, deeper, first))
    return found


def read_value(lines, indent, text):
    if text not in ('|', '|-'):
        return scalar(text)
    block = []
    while lines and (not lines[-1] or lines[-1].startswith(indent + '  ')):
        block.append(lines.pop()[len(indent) + 2:])
    return '\n'.join(block) + ('\n' if text == '|' else '')


def scalar(text):
    """Plain words are text, and the rest is as in JSON: true, a number, "text", [] or {}."""
    if PLAIN.fullmatch(text) and not WORDS.fullmatch(text):
        return text
    if not JSON.fullmatch(text):
        raise ValueError('mesh.yaml has {!r}'.format(text[:200]))
    return json.loads(text)
