"""Stands for files and network in the first stage, where each byte counts."""
import http.client
import ssl


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def get(url, headers, method='GET', authority=None):
    # By hand: urllib follows redirects, and takes the credential along. TLS for each credential, whatever the URL says.
    _, _, place, path = url.split('/', 3)
    server = http.client.HTTPConnection(place, timeout=10)
    if 'Authorization' in headers:
        context = ssl.create_default_context(cadata=authority)
        context.verify_flags &= ~getattr(ssl, 'VERIFY_X509_STRICT', 0)  # Kubernetes' own CAs do not pass it.
        server = http.client.HTTPSConnection(place, timeout=10, context=context)
    server.request(method, '/' + path, None, headers)
    answer = server.getresponse()
    if answer.status != 200:
        raise OSError('{}: {}'.format(place, answer.status))
    return answer.read(1 << 23).decode()


get_local = get
