"""Who listens on the machine, who calls it, and whom it calls."""
import time

from .sockets import CONNECTED, LISTEN, UNCONNECTED, sockets
from .host import ephemeral_ports, own_addresses

MOST_PEERS = 2000  # Of each kind; a busy machine has more callers than a survey needs.


def listeners(processes):
    """Every address and port that takes calls, with who does."""
    first_ephemeral = ephemeral_ports()[0]
    found = {}
    for each in sockets('tcp') + sockets('udp'):
        listens = each.state == (LISTEN if each.protocol == 'tcp' else UNCONNECTED) and each.peer_port == 0
        # Ports that a UDP client got from the kernel look like those of a server.
        if not listens or each.port == 0 or (each.protocol == 'udp' and each.port >= first_ephemeral):
            continue
        key = (each.protocol, each.port, str(each.address))
        if key not in found:  # Several sockets may share a port.
            found[key] = dict({'protocol': each.protocol, 'address': str(each.address), 'port': each.port,
                               'loopbackOnly': each.address.is_loopback}, **processes.owner(each))
    return [found[key] for key in sorted(found)]


class Connections:
    """Who calls the machine's ports and whom the machine calls, sample by sample."""

    def __init__(self, processes, own_addresses):
        self.processes = processes
        self.own = own_addresses
        self.callers = {}
        self.calls = {}
        self.samples = 0
        self.left_off = False

    def sample(self):
        self.samples += 1
        all_sockets = sockets('tcp')
        served = {each.port for each in all_sockets if each.state == LISTEN}
        seen = set()
        for each in all_sockets:
            if each.state in CONNECTED:
                self.count(each, each.port in served, seen)
        for each in sockets('udp'):
            if each.state == '01':
                self.count(each, False, seen)

    def count(self, found, is_call_to_us, seen):
        local = found.peer.is_loopback or found.peer in self.own
        if is_call_to_us:
            if local:  # The other end of the same connection is counted.
                return
            key, place = (found.port, str(found.peer)), self.callers
        else:
            key, place = (found.protocol, str(found.peer), found.peer_port), self.calls
        if key in seen:
            return
        seen.add(key)
        if key not in place:
            if len(place) >= MOST_PEERS:
                self.left_off = True
                return
            place[key] = {'port': found.port, 'address': str(found.peer), 'seen': 0} if is_call_to_us else {
                'protocol': found.protocol, 'address': str(found.peer), 'port': found.peer_port, 'seen': 0, 'local': local,
                'program': None, 'unit': None, 'user': None}
        entry = place[key]
        entry['seen'] += 1
        if not is_call_to_us and entry['program'] is None and found.inode != '0':
            owner = self.processes.owner(found)
            entry.update({name: owner[name] for name in ('program', 'unit', 'user')})


def watch(connections, seconds, say):
    """Samples once a second for a time; Ctrl-C ends it early, and what was seen counts."""
    began = time.monotonic()
    told = began
    connections.sample()
    try:
        while time.monotonic() - began < seconds:
            time.sleep(min(1, max(0, began + seconds - time.monotonic())))
            connections.sample()
            if time.monotonic() - told >= 10:
                told = time.monotonic()
                say('%d of %d s; %d callers, %d called' %
                    (told - began, seconds, len(connections.callers), len(connections.calls)))
    except KeyboardInterrupt:
        say('ended early')
    return round(time.monotonic() - began)
