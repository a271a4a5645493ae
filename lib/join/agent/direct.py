"""Stands for files and network in the first stage, where each byte counts."""
import ssl
import urllib.request


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def get(url, headers=None, method='GET', authority=None):
    context = ssl.create_default_context(cadata=authority)
    context.verify_flags &= ~getattr(ssl, 'VERIFY_X509_STRICT', 0)  # Kubernetes' own CAs do not pass it.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(url, None, headers or {}, method=method)
    with direct.open(request, timeout=10) as answer:
        return answer.read().decode()


get_local = get
