"""settings.json: each value of the form that the agent's own texts have room for, such as a unit or a line of /etc/hosts."""
import json

from .forms import HOST, LABEL, NAME, VERSION, address_range, has_form, is_whole

SECONDS = (0, 86400)


def read_settings(text):
    """The settings. Raises ValueError, KeyError or TypeError for what is not as it should be."""
    settings = json.loads(text)
    for path, form in FORMS.items():
        value = settings
        for key in path.split('.'):
            value = value[key]
        fits = is_whole(value, *form) if isinstance(form, tuple) else has_form(form, value)
        if not fits:
            raise ValueError('settings.json: {} is {!r}'.format(path, value))
    if not is_whole(settings['restart'].get('absenceSeconds', 15), *SECONDS):
        raise ValueError('settings.json: restart.absenceSeconds is {!r}'.format(settings['restart']['absenceSeconds']))
    gateway = settings['gateway']
    if gateway is not None and not (has_form(LABEL, gateway['namespace']) and has_form(NAME, gateway['service'])):
        raise ValueError('settings.json: gateway is {!r}'.format(gateway))
    for cidr in settings['capture']['excludeCidrs']:
        address_range(cidr)
    check_packages(settings['istio'].get('packages'))
    check_dns(settings['dns'])
    return settings


# Whole numbers by their range, texts by their form.
FORMS = {
    'istio.version': VERSION,
    'refreshIntervalSeconds': (1, 86400),
    'restart.jitterSeconds': SECONDS,
    'restart.minimumIntervalSeconds': SECONDS,
    'deadManSeconds': (1, 86400),
    'istiod.host': HOST,
    'istiod.port': (1, 65535),
    'istiod.access': r'hostsEntry|dnsName',
    'identity.namespace': LABEL,
    'identity.serviceAccount': NAME,
    'identity.trustDomain': HOST,
    'identity.audience': r'[\w.:/-]+',
    'identity.tokenLifetimeSeconds': (1, 86400),
}


def check_packages(packages):
    """A package's address is https, with nothing in it that a shell or a package manager would take for something else."""
    for kind, files in (packages or {}).items():
        for architecture, file in files.items():
            url, digest = file['url'], file.get('sha256')
            if not has_form(r'https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~%-]+)+', url):
                raise ValueError('settings.json: the {} package for {} lies at {!r}'.format(kind, architecture, url))
            if digest is not None and not has_form('[0-9a-f]{64}', digest):
                raise ValueError('settings.json: the {} package for {} has the SHA-256 {!r}'.format(kind, architecture, digest))


# Modes in which systemd-resolved sends names of the mesh to somebody.
ROUTED = ('split', 'coreDns')


def check_dns(dns):
    """Raises ValueError for what this agent does not know, or what must not stand in a unit."""
    if dns['mode'] not in ('capture', 'off') + ROUTED:
        raise ValueError('dns.mode is {!r}, which this agent does not know'.format(dns['mode']))
    if dns['mode'] in ROUTED:
        for domain in dns['domains']:
            if not has_form(NAME, domain) or len(domain) > 253:
                raise ValueError('dns.domains has {!r}'.format(domain))
    if dns['mode'] == 'coreDns' and (':' in dns['address'] or '/' in dns['address'] or not address_range(dns['address'])):
        raise ValueError('dns.address is {!r}'.format(dns['address']))
