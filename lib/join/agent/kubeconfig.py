"""Credentials of a machine whose kubeconfig somebody else keeps."""
import base64
import json

from .surroundings import ROOT
from .trouble import CONFIG, Trouble
from .files import read


def read_kubeconfig(credential):
    """(API server, CA PEM, TLS server name, token, client certificate and key PEM) of a kubeconfig file."""
    text = read(ROOT + credential['path']).decode()
    if not text.strip():
        raise Trouble(CONFIG, 'there is no kubeconfig {} (yet)'.format(credential['path']), 'whatever puts it on the machine')
    try:
        config = json.loads(text)
    except ValueError:
        try:
            import site
            site.main()  # Our -S has left the packages of the machine out.
            import yaml  # Not in the standard library, but on every machine that has cloud-init.
            config = yaml.safe_load(text)
        except ImportError:
            raise Trouble(CONFIG, 'no YAML parser here to read ' + credential['path'],
                          'write it as JSON: kubectl config view --raw --flatten -o json')

    def named(kind, name):
        return next(entry[kind] for entry in config[kind + 's'] if entry['name'] == name)

    def content(of, key):
        if of.get(key + '-data'):
            return base64.b64decode(of[key + '-data']).decode()
        return read(ROOT + of[key]).decode() if of.get(key) else ''

    try:
        context = named('context', credential.get('context') or config['current-context'])
        cluster, user = named('cluster', context['cluster']), named('user', context['user'])
        token = user.get('token') or (read(ROOT + user['tokenFile']).decode().strip() if user.get('tokenFile') else '')
        pair = content(user, 'client-certificate') + content(user, 'client-key')
        if not token and not pair:
            raise Trouble(CONFIG, 'its user has neither token nor client certificate; plugins are not run', 'credential')
        return cluster['server'], content(cluster, 'certificate-authority'), cluster.get('tls-server-name'), token, pair
    except (KeyError, StopIteration, TypeError, ValueError) as error:
        raise Trouble(CONFIG, 'can not use kubeconfig {}: {!r}'.format(credential['path'], error), 'credential')
