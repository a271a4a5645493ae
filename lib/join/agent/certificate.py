#!/usr/bin/python3 -I
"""meshvm-certificate: keeps the certificate of an Envoy without a control plane as cert-manager renews it.

It reads one Secret of the cluster with the machine's own credential, and puts certificate, chain and key in place as one file,
which is moved into the folder that Envoy watches: Envoy never has a key that does not fit. What is not the certificate of this
machine, or ends soon, is refused; then what is in place stays. A timer runs it: meshvm-certificate SETTINGS.

Python 3.6 or later, standard library only. Most of it is the agent's own code.
"""
import base64
import calendar
import json
import re
import ssl
import sys
import tempfile
import time

from .surroundings import ROOT
from .trouble import BROKEN, BUNDLE, CONFIG, MACHINE, OK, Trouble, UNREACHABLE, USAGE, log
from .files import read, write
from .cluster import Cluster


def elements(der):
    """(tag, content) of what stands in the content of a DER structure."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7f
            length, at = int.from_bytes(der[at:at + size], 'big'), at + size
        if at + length > len(der):
            raise ValueError('a structure that ends too early')
        yield tag, der[at:at + length]
        at += length


SUBJECT_ALT_NAME = b'\x55\x1d\x11'
URI = 0x86


def facts_of(pem):
    """(names as (tag, bytes), begin, end) of the first certificate of a PEM text."""
    try:
        block = re.search(b'-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----', pem, re.DOTALL).group(1)
        signed = next(elements(next(elements(base64.b64decode(block)))[1]))[1]
        fields = [field for field in elements(signed) if field[0] != 0xa0]  # Without the version: serial, algorithm, ...
        begin, end = [seconds_of(*each) for each in elements(fields[3][1])]
        extensions = next((content for tag, content in fields if tag == 0xa3), b'\x30\x00')
        for _, extension in elements(next(elements(extensions))[1]):
            inner = list(elements(extension))
            if inner[0][1] == SUBJECT_ALT_NAME:
                return list(elements(next(elements(inner[-1][1]))[1])), begin, end
        return [], begin, end
    except (AttributeError, IndexError, StopIteration, ValueError) as error:
        raise Trouble(BUNDLE, 'there is no certificate that can be read: {!r}'.format(error), 'log of cert-manager')


def seconds_of(tag, content):
    """A time of a certificate: UTCTime (years 1950 to 2049) or GeneralizedTime."""
    text = content.decode('ascii')
    if tag == 0x17:
        text = ('19' if text[:2] >= '50' else '20') + text
    return calendar.timegm(time.strptime(text, '%Y%m%d%H%M%SZ'))


def refuse_other(pem, config):
    """Raises Trouble for what is not a certificate of this machine and no other, with time left; returns its end."""
    names, begin, end = facts_of(pem)
    if names != [(URI, config['identity'].encode())]:
        found = ', '.join(content.decode('utf-8', 'replace') for _, content in names) or 'nobody'
        raise Trouble(BUNDLE, 'the certificate is for {}, not for {} alone'.format(found, config['identity']),
                      'uris of the Certificate {namespace}/{certificate}'.format(**config))
    now = time.time()
    if begin > now:
        raise Trouble(BUNDLE, 'the certificate is good from {} on'.format(date(begin)), 'time synchronisation of the machine')
    if end - now < config['refuseBelowSeconds']:
        raise Trouble(BUNDLE, 'the certificate ends {}'.format(date(end)),
                      'Certificate {namespace}/{certificate}: cert-manager does not renew it'.format(**config))
    return end


def refuse_other_key(identity):
    """Raises Trouble when the key does not belong to the certificate."""
    with tempfile.NamedTemporaryFile() as file:  # ssl reads files only; 0600, gone at once.
        file.write(identity)
        file.flush()
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file.name, password=lambda: '')
        except (ssl.SSLError, ValueError) as error:
            raise Trouble(BUNDLE, 'certificate and key do not belong together: {}'.format(error), 'the Secret')


def date(seconds):
    return time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime(seconds))


def secret_of(cluster, config):
    name = '{namespace}/{secret}'.format(**config)
    path = '/api/v1/namespaces/{namespace}/secrets/{secret}'.format(**config)
    data = cluster.call('Secret ' + name, path).get('data') or {}
    try:
        return [base64.b64decode(data[key]).strip() + b'\n' for key in ('tls.crt', 'tls.key')]
    except (KeyError, ValueError) as error:
        raise Trouble(UNREACHABLE, 'Secret {} is not complete yet: {!r}'.format(name, error), 'log of cert-manager')


def keep(config):
    cluster = Cluster(dict(config, group=config['certificate']))
    roots = config['roots'].encode() if config['roots'] else cluster.root_certificate()
    chain, key = secret_of(cluster, config)
    end = refuse_other(chain, config)
    refuse_other_key(chain + key)
    if write(ROOT + config['rootsFile'], roots, 0o644):
        log('roots of the mesh written')
    if write(ROOT + config['identityFile'], chain + key, 0o600):
        log('certificate of {} written, good until {}'.format(config['identity'], date(end)))
    if end - time.time() < config['renewBeforeSeconds'] / 2:
        raise Trouble(BROKEN, 'the certificate ends {}, and cert-manager has not renewed it'.format(date(end)),
                      'Certificate {namespace}/{certificate}'.format(**config))


def main(arguments):
    if len(arguments) != 1:
        log('use: meshvm-certificate SETTINGS')
        return USAGE
    try:
        config = json.loads(read(ROOT + arguments[0]).decode() or 'null')
        if config is None or config['schemaVersion'] != 1:
            raise Trouble(CONFIG, 'there are no settings of version 1 in ' + arguments[0])
        keep(config)
        return OK
    except Trouble as trouble:
        log('{}{}'.format(trouble.cause, '; to change: ' + trouble.change if trouble.change else ''))
        return trouble.code
    except OSError as error:
        log('this machine is in the way: {}'.format(error))
        return MACHINE
    except (KeyError, TypeError, ValueError) as error:
        log('something that this machine was told has an unexpected form: {!r}'.format(error))
        return CONFIG


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
