"""What becomes of a rule by address, once every call comes from the sidecar."""
import ipaddress
import re

from .sidecar import SIDECAR_ADDRESS

# What a setting does once every call comes from SIDECAR_ADDRESS.
TRUSTS_LOOPBACK = 'trusts-loopback'  # It takes everybody for this machine itself.
MATCHES_ADDRESS = 'matches-address'  # It knows its callers by address, and no longer will.
LIMITS_BY_ADDRESS = 'limits-by-address'  # It counts by address: all callers count as one.
REFUSES_OTHERS = 'refuses-others'  # It serves this very machine alone, and goes on to refuse everybody else.
GRANTS = 'matches-address-in-data'  # It may know its callers by address, but says so in its data, which we don't read.
# What it does to the calls of the application.
CALLS_BY_HTTP10 = 'calls-by-http-1.0'
CHECKS_BY_CONNECT = 'checks-by-connect'  # Takes a connection for health.


def address_finding(text):
    """What becomes of a rule over an address, a range or a name; None when nothing does."""
    text = text.strip('"\'[]').replace(']/', '/').lower()
    if text in ('all', '*', 'any', 'localhost', 'env', 'unix:'):
        return None
    if re.match(r'\d+(\.\d+){0,2}\.?$', text):  # 127. and 10.20
        parts = text.rstrip('.').split('.')
        text = '.'.join((parts + ['0'] * 4)[:4]) + '/%d' % (8 * len(parts))
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return MATCHES_ADDRESS  # A name, or something of the server's own.
    if network.version == 6 and network.network_address.ipv4_mapped and network.prefixlen >= 96:
        network = ipaddress.ip_network('%s/%d' % (network.network_address.ipv4_mapped, network.prefixlen - 96), strict=False)
    if network.prefixlen == 0:
        return None
    if network.version == 4 and SIDECAR_ADDRESS in network:
        return TRUSTS_LOOPBACK
    return None if network.is_loopback else MATCHES_ADDRESS
