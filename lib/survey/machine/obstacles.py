"""What stands in the sidecar's way, and what stands beside it."""
import contextlib
import ctypes
import ipaddress
import os
import pwd
import re
import struct

from .texts import plain, read, run
from .sidecar import SIDECAR_PORTS, SIDECAR_USER
from .host import ephemeral_ports

# The sidecar redirects with the first of these, and takes the second where it keeps the caller's address.
MODULES = ('nf_tables', 'nf_nat', 'nf_conntrack', 'ip_tables', 'iptable_nat', 'ip6table_nat', 'xt_owner', 'xt_REDIRECT', 'xt_TPROXY')
CLOCKS = frozenset(('chronyd', 'ntpd', 'ntpsec', 'openntpd', 'systemd-timesyn', 'ptp4l'))
# Programs beside the application that notice when a machine joins.
NOTABLE = re.compile(
    r'^(keepalived|haproxy|corosync|pacemakerd|patroni|garbd|consul|envoy|pilot-agent|linkerd.*|kubelet|k3s.*|dockerd|containerd|'
    r'crio|zabbix_agent.*|telegraf|node_exporter|prometheus|filebeat|fluent.*|rsyslogd|snmpd|nrpe|bacula-fd|bareos-fd|'
    r'squid|autossh|openvpn|wg-quick|salt-minion|puppet|chef-client|cfengine|nscd|sssd|dnsmasq|unbound|systemd-resolve)$')


def kernel_modules():
    """Each as loaded, builtin, available, missing, or unknown where the kernel doesn't tell."""
    def normal(name):
        return name.replace('-', '_')

    loaded = {normal(line.split()[0]) for line in read('/proc/modules').splitlines()}
    folder = '/lib/modules/' + os.uname().release

    def listed(name):
        return {normal(os.path.basename(line.split(':')[0]).split('.')[0]) for line in read(folder + '/' + name, 8 << 20).splitlines()}

    builtin, available = listed('modules.builtin'), listed('modules.dep')

    def state(name):
        if name in loaded:
            return 'loaded'
        if name in builtin:
            return 'builtin'
        if name in available:
            return 'available'
        return 'missing' if builtin else 'unknown'

    return {name: state(name) for name in MODULES}


def firewalls(modules):
    """Names of tables; to look for some would load what the machine runs without."""
    nft = run('nft', 'list', 'tables') if modules['nf_tables'] in ('loaded', 'builtin') else None
    legacy = {name: read('/proc/net/%s_tables_names' % name).split() for name in ('ip', 'ip6')}
    return {
        'ufw': active('/etc/ufw/ufw.conf', re.search(r'^ENABLED=yes', read('/etc/ufw/ufw.conf'), re.M | re.I) is not None),
        'firewalld': active('/etc/firewalld', os.path.exists('/run/firewalld.pid') or run('systemctl', 'is-active', 'firewalld') is not None),
        'nftTables': None if nft is None else [plain(line)[len('table '):] for line in nft.splitlines()],
        'iptablesTables': sorted('%s %s' % (family, plain(name)) for family, names in legacy.items() for name in names),
    }


def active(place, is_active):
    """True, False, or None where it isn't installed."""
    return is_active if os.path.exists(place) else None


def containers(listeners_found):
    """Whether there are some, and the ports of the machine that lead into them."""
    published = {each['port'] for each in listeners_found
                 if each['container'] or each['program'] in ('docker-proxy', 'rootlessport', 'conmon')}
    engines = [name for name, place in (('docker', '/run/docker.sock'), ('podman', '/run/podman'), ('containerd', '/run/containerd'))
               if os.path.exists(place)]
    # Where Docker publishes ports by rules alone, nobody listens.
    for engine in ('docker', 'podman'):
        ports = run(engine, 'ps', '--format', '{{.Ports}}') if engine in engines else None
        published.update(int(port) for port in re.findall(r':(\d+)->', ports or ''))
    return {'engines': engines, 'publishedPorts': sorted(published)}


def resolver(listeners_found):
    """Name servers, who answers on those that are this machine's own, and where else names are looked up."""
    servers = re.findall(r'^\s*nameserver\s+(\S+)', read('/etc/resolv.conf'), re.M)
    here = sorted({each['program'] for each in listeners_found if each['port'] == 53 and each['program']})
    sources = re.search(r'^hosts:\s*(.*)$', read('/etc/nsswitch.conf'), re.M)
    return {'nameservers': [plain(each, 50) for each in servers[:8]], 'programs': here,
            'sources': re.findall(r'[a-z][a-z0-9_]*', re.sub(r'\[.*?\]', '', sources.group(1))) if sources else []}


def clock(names):
    """Whether the kernel holds the clock for right (adjtimex, which changes nothing here), and who sets it."""
    synchronized = None
    with contextlib.suppress(OSError, AttributeError):
        # struct timex, whose first field says what to change: nothing.
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512))
        if state >= 0:
            synchronized = state != 5  # TIME_ERROR
    return {'synchronized': synchronized, 'programs': sorted(names & CLOCKS)}


def disks():
    """Free space where the sidecar, its settings and its logs go."""
    found = []
    for path in ('/usr/local/bin', '/etc', '/var/lib', '/var/log'):
        with contextlib.suppress(OSError):
            free = os.statvfs(path)
            found.append({'path': path, 'freeMegabytes': free.f_bavail * free.f_frsize >> 20})
    return found


def in_the_sidecars_way(listeners_found):
    """Ports and the user that the sidecar needs, and somebody has."""
    try:
        user = pwd.getpwnam(SIDECAR_USER).pw_uid
    except KeyError:
        user = None
    ports = sorted({(each['port'], each['program'] or '') for each in listeners_found if each['port'] in SIDECAR_PORTS})
    return {'ports': [{'port': port, 'program': program or None} for port, program in ports], 'userId': user}


def number(path):
    text = read(path).strip()
    return int(text) if text.isdigit() else None


def limits():
    return {'ephemeralPorts': ephemeral_ports(), 'conntrackMax': number('/proc/sys/net/netfilter/nf_conntrack_max'),
            'conntrackCount': number('/proc/sys/net/netfilter/nf_conntrack_count')}


def multicast():
    """Groups that somebody on the machine has joined, without those of every machine."""
    words = re.findall(r'^\t+([0-9A-F]{8})\s', read('/proc/net/igmp'), re.M)
    groups = {str(ipaddress.ip_address(struct.pack('=I', int(word, 16)))) for word in words}
    return sorted(groups - {'224.0.0.1'})
