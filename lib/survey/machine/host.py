"""The machine itself."""
import contextlib
import ipaddress
import os
import re
import socket
import struct
import sys

from .texts import plain, read

def own_addresses():
    """Addresses of the machine's interfaces, those of the loopback interface aside."""
    found = re.findall(r'\|-- ([0-9.]+)\n +/32 host LOCAL', read('/proc/net/fib_trie'))
    for line in read('/proc/net/if_inet6').splitlines():
        found.append(':'.join(re.findall('....', line.split()[0])))
    addresses = {ipaddress.ip_address(each) for each in found}
    return sorted((each for each in addresses if not each.is_loopback and not each.is_link_local), key=lambda each: (each.version, each))


def first_address():
    """The address from which the machine calls others: that of its default route. Nothing is sent."""
    for family, elsewhere in ((socket.AF_INET, '192.0.2.1'), (socket.AF_INET6, '2001:db8::1')):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            return probe.getsockname()[0].split('%')[0]
    return None


def own_networks():
    """Networks that the machine reaches without a router, by interface name."""
    found = []
    for line in read('/proc/net/route').splitlines()[1:]:
        fields = line.split()
        destination, gateway, mask = (ipaddress.ip_address(struct.pack('=I', int(fields[at], 16))) for at in (1, 2, 7))
        if int(gateway) == 0 and int(mask) != 0 and not destination.is_loopback and not destination.is_link_local:
            found.append({'interface': plain(fields[0]), 'cidr': str(ipaddress.ip_network('%s/%s' % (destination, mask), strict=False))})
    return found


def ephemeral_ports():
    numbers = read('/proc/sys/net/ipv4/ip_local_port_range').split()
    return [int(each) for each in numbers] if len(numbers) == 2 else [32768, 60999]


def distribution():
    values = dict(re.findall(r'^(\w+)="?(.*?)"?$', read('/etc/os-release'), re.M))
    return {'id': plain(values.get('ID', '')) or None, 'version': plain(values.get('VERSION_ID', '')) or None}


def machine():
    kernel = os.uname()
    enforcing = read('/sys/fs/selinux/enforce').strip()
    return {
        'name': plain(kernel.nodename), 'address': first_address(), 'addresses': [str(each) for each in own_addresses()],
        'networks': own_networks(), 'distribution': distribution(), 'kernel': plain(kernel.release),
        'architecture': plain(kernel.machine), 'python': '%d.%d.%d' % sys.version_info[:3],
        'systemd': os.path.isdir('/run/systemd/system'), 'vendor': plain(read('/sys/class/dmi/id/sys_vendor')) or None,
        'selinux': {'1': 'enforcing', '0': 'permissive'}.get(enforcing),
    }
