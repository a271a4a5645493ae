"""Package: downloaded from the URL of the bundle, installed only with the checksum of the bundle."""
import hashlib
import os

from .trouble import BUNDLE, MACHINE, Trouble, UNREACHABLE, log
from .places import PILOT_AGENT, STATE_FOLDER
from .files import remove
from .network import as_sidecar, within
from .system import run

# Istio's package has about 50 MB. A slow line gets a quarter of an hour, as long as it moves.
LARGEST_PACKAGE, LARGEST_CHECKSUM, DOWNLOAD_SECONDS = 1 << 29, 4096, 900


def ensure_package(state, istio):
    """Installs the sidecar, or another version of it. Nothing to do on an image that has it."""
    if istio.get('refused'):
        raise Trouble(BUNDLE, istio['refused'], 'new machines, with user-data that allows it')
    # The package's own spelling of a version: without the first hyphen (tools/packaging/packaging.mk).
    wanted = istio['version'].replace('-', '', 1)
    if os.path.exists(PILOT_AGENT):
        about = os.stat(PILOT_AGENT)
        if state.get('package') == [about.st_mtime_ns, about.st_size, wanted]:
            return
        present = installed_version()
        if present == '':
            log('package: this image brings its own sidecar, left as it is')
        if present not in ('', wanted):
            log('package: istio-sidecar {} is installed, the bundle wants {}'.format(present, wanted))
        if present in ('', wanted) or istio.get('packages') is None:
            state['package'] = [about.st_mtime_ns, about.st_size, wanted]
            return
    kind = package_kind()
    machine = os.uname().machine
    architecture = {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(machine, machine)
    source = (istio.get('packages') or {}).get(kind, {}).get(architecture)
    if not source:
        raise Trouble(BUNDLE, 'there is no sidecar here, and the bundle names no {} package for {}'.format(kind, architecture),
                      'an image with the sidecar, or the packages of the mesh')
    if not source.get('sha256') and not istio.get('unverified'):
        raise Trouble(BUNDLE, 'the bundle gives no checksum of ' + source['url'], 'packages of the mesh')
    path = '{}/istio-sidecar.{}'.format(STATE_FOLDER, kind)
    try:
        download(source, path)
        install(kind, path)
    finally:
        remove(path)
    if installed_version() != wanted:
        raise Trouble(BUNDLE, '{} is not version {}'.format(source['url'], wanted), 'packages of the mesh')
    log('package: istio-sidecar {} installed'.format(wanted))


def installed_version():
    """Version of the package istio-sidecar; '' when only its files are there (an image made otherwise), None without them."""
    code, text = run('dpkg-query', '-W', '-f', '${Status}|${Version}', 'istio-sidecar')
    if code == 0 and text.startswith('install ok '):  # Such as `install ok unpacked` after a failed installation.
        return text.split('|')[1] if text.startswith('install ok installed|') else 'half'
    code, text = run('rpm', '-q', '--qf', '%{VERSION}', 'istio-sidecar')
    if code == 0:
        return text
    return '' if os.path.exists(PILOT_AGENT) else None


def package_kind():
    return 'deb' if run('apt-get', '--version')[0] == 0 else 'rpm'


def fetch(url, receive, largest, deadline):
    """Downloads through the system's proxy settings, in pieces. What begins by https never goes on without it."""
    import http.client
    import urllib.request
    log('package: downloading ' + url)
    encrypted, size = url.startswith('https://'), 0

    class Redirects(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, request, answer, code, message, headers, target):
            if encrypted and not target.startswith('https://'):
                raise Trouble(BUNDLE, '{} redirects to {}, which is not https: not followed'.format(url, target),
                              'packages of the mesh (mirror)')
            return super().redirect_request(request, answer, code, message, headers, target)

    try:
        with as_sidecar(), within(deadline), urllib.request.build_opener(Redirects).open(url, timeout=30) as answer:
            for piece in iter(lambda: answer.read(1 << 18), b''):
                size += len(piece)
                if size > largest:
                    raise Trouble(BUNDLE, '{} is larger than {} bytes: not downloaded'.format(url, largest),
                                  'packages of the mesh (mirror)')
                receive(piece)
    except (OSError, http.client.HTTPException) as error:
        raise Trouble(UNREACHABLE, 'can not download {}: {}'.format(url, error), 'packages of the mesh (mirror)')


def download(source, path):
    wanted, found = source.get('sha256'), hashlib.sha256()
    if not wanted:
        if not source['url'].startswith('https://'):
            raise Trouble(BUNDLE, '{} is not https, and the bundle gives no checksum of it'.format(source['url']),
                          'packages of the mesh')
        text = bytearray()
        fetch(source['url'] + '.sha256', text.extend, LARGEST_CHECKSUM, 60)
        wanted = text.decode('ascii', 'replace').split(' ')[0].strip()
        log('package: only the checksum beside it is known, which proves a whole download but not its origin')

    def receive(piece):
        found.update(piece)
        try:
            file.write(piece)
        except OSError as error:
            raise Trouble(MACHINE, 'can not write {}: {}'.format(path, error), 'disk of the machine')

    with open(path, 'wb') as file:
        fetch(source['url'], receive, LARGEST_PACKAGE, DOWNLOAD_SECONDS)
    if found.hexdigest() != wanted:
        raise Trouble(BUNDLE, '{} has SHA-256 {} instead of {}: not installed'.format(source['url'], found.hexdigest(), wanted),
                      'packages of the mesh')


def install(kind, path):
    """A file or a package of the system's, by its package manager, so that dependencies (iptables, sudo) come along."""
    if kind == 'deb':
        # force-confold: a sidecar.env that was there before must not stop the installation with a question.
        command = ['apt-get', 'install', '-y', '--allow-downgrades', '-o', 'Dpkg::Options::=--force-confold',
                   '-o', 'DPkg::Lock::Timeout=300', path]
        commands = [command, ['apt-get', 'update'], command]
    else:
        tool = 'dnf' if run('dnf', '--version')[0] == 0 else 'yum'
        commands = [[tool, 'install', '-y', path], [tool, 'downgrade', '-y', path]]
    output = ''
    for number, command in enumerate(commands):
        code, output = run(*command, env=dict(os.environ, DEBIAN_FRONTEND='noninteractive'))
        if code == 0 and command[1] != 'update':
            return
    raise Trouble(MACHINE, 'the package manager failed: ' + output[-600:], 'package manager of the machine')
