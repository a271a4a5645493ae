"""Pin: what user-data settles about the sidecar's package, and no bundle loosens."""
import json

from .surroundings import sha256

RELEASES = 'https://blob.istio.io/istio-release/releases'


def against_pin(pin, istio):
    """What the bundle says of the package. What it must not say is taken out of it, and stands in `refused`."""
    problem = pin_problem(pin, istio)
    return dict(istio, packages=None, refused=problem) if problem else istio


def pin_problem(pin, istio):
    """Why user-data does not let the bundle have its way with the package; empty when it does."""
    packages, version = istio.get('packages'), istio['version']
    if pin is None:  # Joined by hand, or with user-data from before there were pins.
        urls = [file['url'] for files in (packages or {}).values() for file in files.values() if not file.get('sha256')]
        plain = [url for url in urls if not url.startswith('https:')]
        return plain[0] + ' is not https, and the bundle gives no checksum of it' if plain else ''
    if comparable(version) < comparable(pin['version']):
        return 'the bundle wants version {}, this machine began with {}'.format(version, pin['version'])
    if packages is None:
        return ''
    if pin['verification'] == 'preinstalled':
        return 'the bundle wants to download the package, this machine has it from its image'
    if pin['verification'] == 'pinned' and istio.get('unverified'):
        return 'the bundle wants a package without a checksum'
    base = pin.get('baseUrl', RELEASES)
    for kind, files in packages.items():
        for architecture, file in files.items():
            suffix = '' if architecture == 'amd64' else '-' + architecture
            if file['url'] != '{}/{}/{}/istio-sidecar{}.{}'.format(base, version, kind, suffix, kind):
                return 'the bundle wants {}, this machine takes packages below {} alone'.format(file['url'], base)
    if pin['verification'] == 'pinned' and version == pin['version']:
        if sha256(json.dumps(packages, sort_keys=True, separators=(',', ':')).encode()) != pin['packagesSha256']:
            return 'the bundle has other checksums of version {} than user-data'.format(version)
    return ''


def comparable(version):
    """A version to compare: a candidate comes before its release."""
    numbers, _, candidate = version.partition('-')
    return [int(number) for number in numbers.split('.')] + [0 if candidate else 1, candidate]
