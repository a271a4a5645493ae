"""Sees to it that the mesh knows of a healthy sidecar."""
import re
import socket

from .trouble import log
from .sidecar import ask_sidecar, disconnect, own_address, sidecar_ready


def follow_health(state, settings):
    """Makes the sidecar report its health again when istiod has missed its report.

    istiod forgets a report that comes before it sees the entry that it has just made, and the sidecar reports a change only,
    or when it connects again. Then the machine is ready, its application answers, and no Service leads to it.
    """
    missing = sidecar_ready() and is_endpoint(settings) is False and application_answers(settings.get('probe', {}))
    state['missing'] = state.get('missing', 0) + 1 if missing else 0
    if state['missing'] != 2:  # The first time it may be on its way; when the second time did not help, a third won't.
        return
    log('sidecar: healthy, but not an endpoint of its Service: it connects to istiod again to report its health')
    if not disconnect(settings['istiod']['port']):
        state['started'] = 'without its health being known'  # Restarted by the next refresh.


def is_endpoint(settings):
    """Whether this machine's own Services lead to it, by its sidecar's view; None when they are not in its view."""
    from urllib.parse import quote
    hosts = '|'.join(re.escape(service['host']) for service in settings.get('services') or [])
    pattern = '^outbound[|][0-9]+[|][|]({})'.format(hosts)
    try:
        clusters = ask_sidecar(15000, '/clusters?filter=' + quote(pattern + '$')) if hosts else ''
    except OSError:
        return None
    lines = [line for line in clusters.splitlines() if re.match(pattern + '::', line)]
    address = own_address()
    place = '::[{}]:' if ':' in address else '::{}:'
    return any(place.format(address) in line for line in lines) if lines else None


def application_answers(probe):
    """Whether the application passes the group's readiness probe, asked as pilot-agent does; None when we can't know."""
    import http.client
    if probe is None:
        return True
    address = own_address()
    target = probe.get('httpGet') or probe.get('tcpSocket') or {}
    if not target or target.get('scheme', 'HTTP') != 'HTTP':
        return None
    # The source address tells the capture to let it through.
    place, source = (target.get('host') or address, target['port']), ('::6' if ':' in address else '127.0.0.6', 0)
    try:
        with socket.create_connection(place, probe.get('timeoutSeconds', 1), source) as plain:
            if 'httpGet' not in probe:
                return True
            asking = http.client.HTTPConnection(*place)
            asking.sock = plain
            headers = {header['name']: header['value'] for header in target.get('httpHeaders') or []}
            asking.request('GET', target.get('path') or '/', headers=headers)
            return 200 <= asking.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
