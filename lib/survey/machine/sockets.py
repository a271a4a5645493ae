"""Sockets, as /proc/net tells of them."""
import ipaddress
import struct

from .texts import read

LISTEN, UNCONNECTED = '0A', '07'
# Established, tried, and on its way to be closed; a listener's half-open ones are nobody's yet.
CONNECTED = ('01', '02', '04', '05', '06', '08', '09')


class Socket:
    """A line of /proc/net/tcp and its like."""

    def __init__(self, protocol, fields):
        self.protocol = protocol
        self.address, self.port = endpoint(fields[1])
        self.peer, self.peer_port = endpoint(fields[2])
        self.state = fields[3]
        self.uid = int(fields[7])
        self.inode = fields[9]


def endpoint(text):
    """(address, port) of `0100007F:0050`: words in the order of the machine, bytes within them in that of the network."""
    address, port = text.split(':')
    words = [int(address[start:start + 8], 16) for start in range(0, len(address), 8)]
    found = ipaddress.ip_address(struct.pack('=%dI' % len(words), *words))
    return getattr(found, 'ipv4_mapped', None) or found, int(port, 16)


def sockets(protocol):
    """The machine's TCP or UDP sockets, of both address families."""
    found = []
    for name in (protocol, protocol + '6'):
        for line in read('/proc/net/' + name, 64 << 20).splitlines()[1:]:
            fields = line.split()
            if len(fields) > 9:
                found.append(Socket(protocol, fields))
    return found
