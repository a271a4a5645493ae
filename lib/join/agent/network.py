"""Network: always as the sidecar's user, whose traffic and DNS queries the capture lets pass.

It matches the user that opens a socket. A dead sidecar, or API servers at new addresses, can therefore never keep the agent
from repairing it.
"""
import contextlib
import os
import socket
import time

from .files import sidecar_owner


@contextlib.contextmanager
def as_sidecar():
    owner = sidecar_owner()
    if owner:
        os.seteuid(owner[0])
    try:
        yield
    finally:
        if owner:
            os.seteuid(0)


def resolve(host):
    """Addresses of a name, sorted."""
    with as_sidecar():
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return sorted({entry[4][0] for entry in found})


class Connection:
    """A kept-alive HTTP(S) connection to one server."""

    def __init__(self, url, context=None, server_name=None, timeout=10):
        from urllib.parse import urlsplit
        parts = urlsplit(url)
        self.host, self.path = parts.hostname, parts.path.rstrip('/')
        self.port = parts.port or (443 if parts.scheme == 'https' else 80)
        self.context = context if parts.scheme == 'https' else None
        self.server_name, self.timeout = server_name or self.host, timeout
        self.http, self.requests, self.date = None, 0, None

    def call(self, method, path, headers=None, body=None):
        """(status, body). Raises OSError when the server can't be reached or its certificate is wrong."""
        import http.client
        self.requests += 1
        with as_sidecar():
            if self.http is None:
                plain = socket.create_connection((self.host, self.port), self.timeout)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = encrypted(plain, self.context, self.server_name) if self.context else plain
                self.http = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
                self.http.sock = stream
            try:
                self.http.request(method, self.path + path, body, headers or {})
                answer = self.http.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.http = None
                raise OSError('{} gave no proper answer: {!r}'.format(self.host, error))
        self.date = answer.getheader('Date')
        if answer.getheader('Connection', '').lower() == 'close':
            self.http.close()
            self.http = None
        return answer.status, content


def get_local(url, headers=None, method='GET'):
    """Body of an answer from this machine or its metadata service; raises OSError when there is none."""
    from urllib.parse import urlsplit
    parts = urlsplit(url)
    connection = Connection('{}://{}'.format(parts.scheme, parts.netloc), timeout=3)
    status, body = connection.call(method, parts.path + ('?' + parts.query if parts.query else ''), headers)
    if status != 200:
        raise OSError('{} answered {}'.format(url, status))
    return body.decode()


def trusting(**authorities):
    """A TLS context that trusts these certificate authorities, or the system's when there are none."""
    import ssl
    context = ssl.create_default_context(**authorities)
    # Python 3.13 refuses CAs that lack extensions which Kubernetes' own CAs lack, too. Who signed what is still verified.
    context.verify_flags &= ~getattr(ssl, 'VERIFY_X509_STRICT', 0)
    return context


def encrypted(plain, context, server_name):
    """TLS over a socket; raises OSError when the server is not who it should be."""
    try:
        return context.wrap_socket(plain, server_hostname=server_name)
    except ValueError as error:  # Python 3.6 reports a wrong name so.
        raise OSError(str(error))


def clock_offset(date):
    """Seconds that this machine's clock is ahead of a server's Date header; 0 without one."""
    from email.utils import parsedate_to_datetime
    return time.time() - parsedate_to_datetime(date).timestamp() if date else 0
