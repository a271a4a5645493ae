"""Forms: what a text of the bundle must look like before anything that runs as root sees it."""
import re
import socket

LABEL = r'[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
NAME = r'{0}(?:\.{0})*'.format(LABEL)
PORT = r'[1-9]\d{0,4}'
PORTS = r'{0}(?:,{0})*'.format(PORT)
HOST = r'[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?'
HOST_PORT = r'(?:{}|\[[0-9a-f:]+\]):{}'.format(HOST, PORT)
VERSION = r'\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?'


def has_form(form, value):
    return isinstance(value, str) and re.fullmatch(form, value, re.ASCII) is not None and len(value) < 65536


def is_whole(value, least, most):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def address_range(text):
    """A range of addresses as it is always spelled here."""
    address, slash, bits = text.partition('/')
    family, longest = (socket.AF_INET6, 128) if ':' in address else (socket.AF_INET, 32)
    try:
        plain = socket.inet_ntop(family, socket.inet_pton(family, address))
    except OSError:
        raise ValueError('{} is no range of addresses'.format(text))
    if slash and not (has_form(r'\d{1,3}', bits) and int(bits) <= longest):
        raise ValueError('{} is no range of addresses'.format(text))
    return '{}/{:d}'.format(plain, int(bits or longest))
