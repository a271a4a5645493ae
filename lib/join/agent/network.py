"""Network: always as the sidecar's user, whose traffic and DNS queries the capture lets pass.

It matches the user that opens a socket. A dead sidecar, or API servers at new addresses, can therefore never keep the agent
from repairing it.
"""
import contextlib
import os
import signal
import socket
import time

from .files import sidecar_owner

# A ConfigMap holds 1 MiB at most, and JSON may spell a byte in six.
LARGEST_ANSWER = 8 << 20


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


@contextlib.contextmanager
def within(seconds):
    """Raises OSError when the block takes longer. Timeouts of sockets begin anew with each byte that the other side sends."""
    def end(_signal, _frame):
        raise socket.timeout('no whole answer within {} s'.format(seconds))

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def resolve(host):
    """Addresses of a name, sorted."""
    try:
        with as_sidecar():
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError('{!r} is no host name: {}'.format(host[:100], error))
    return sorted({entry[4][0] for entry in found})


def parse_address(text):
    """An IP address in its usual spelling. Raises ValueError for anything else: it goes into a shell, and into /etc/hosts."""
    try:
        family = socket.AF_INET6 if ':' in text else socket.AF_INET
        return socket.inet_ntop(family, socket.inet_pton(family, text))
    except (OSError, UnicodeError):
        raise ValueError('{!r} is no IP address'.format(text[:100]))


class Connection:
    """A kept-alive HTTP(S) connection to one server. It follows no redirect: what it sends is for this server alone."""

    def __init__(self, url, context=None, server_name=None, timeout=10, deadline=30):
        from urllib.parse import urlsplit
        parts = urlsplit(url)
        self.host, self.path = parts.hostname, parts.path.rstrip('/')
        self.port = parts.port or (443 if parts.scheme == 'https' else 80)
        self.context = context if parts.scheme == 'https' else None
        self.server_name, self.timeout, self.deadline = server_name or self.host, timeout, deadline
        self.http, self.requests, self.date = None, 0, None

    def call(self, method, path, headers=None, body=None):
        """(status, body). Raises OSError when the server can't be reached, its certificate is wrong, or the answer is too
        slow or too large."""
        import http.client
        self.requests += 1
        with as_sidecar(), within(self.deadline):
            if self.http is None:
                plain = socket.create_connection((self.host, self.port), self.timeout)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = encrypted(plain, self.context, self.server_name) if self.context else plain
                self.http = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
                self.http.sock = stream
            try:
                self.http.request(method, self.path + path, body, headers or {})
                answer = self.http.getresponse()
                content = answer.read(LARGEST_ANSWER + 1)
                if len(content) > LARGEST_ANSWER:
                    raise OSError('more than {} bytes'.format(LARGEST_ANSWER))
            except (OSError, http.client.HTTPException) as error:
                self.close()
                raise OSError('{} gave no proper answer: {!r}'.format(self.host, error))
        self.date = answer.getheader('Date')
        if answer.getheader('Connection', '').lower() == 'close':
            self.close()
        return answer.status, content

    def close(self):
        if self.http is not None:
            self.http.close()
        self.http = None


def get_local(url, headers=None, method='GET'):
    """Body of an answer from this machine or its metadata service; raises OSError when there is none."""
    from urllib.parse import urlsplit
    parts = urlsplit(url)
    connection = Connection('{}://{}'.format(parts.scheme, parts.netloc), timeout=3, deadline=6)
    status, body = connection.call(method, parts.path + ('?' + parts.query if parts.query else ''), headers)
    if status != 200:
        raise OSError('{} answered {}'.format(url, status))
    return body.decode('utf-8', 'replace')


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
