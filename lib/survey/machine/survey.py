#!/usr/bin/env python3
"""Tells what runs on this machine, before it joins an Istio mesh. It changes nothing.

It reads /proc, /sys and the configuration of known servers, and connects once to each TCP port that this machine itself
listens on, to see who speaks first; it sends nothing there. `--no-connect` leaves that, and `--ask-http` goes further. It
needs no root, but without root it can't tell which program has the socket of another user.

What it tells are names of programs, units and users, addresses and ports, and places (file and line) of settings. Command
lines, environments and the content of files may hold secrets, and stay on the machine. `--json` prints the answer for
`meshvm survey`, which turns the answers of a fleet into a program.

Python 3.6 or later, on Linux, standard library only.
Read it in this order: 1 words, 2 sockets, 3 processes, 4 connections, 5 who speaks first, 6 the machine, 7 what stands in
the way, 8 configuration of servers, 9 the answer, 10 the command.
"""
import argparse
import concurrent.futures
import contextlib
import ctypes
import glob
import http.client
import ipaddress
import json
import os
import pwd
import re
import shutil
import socket
import stat
import struct
import subprocess
import sys
import time

FORMAT = 'meshvm-survey/1'
SIDECAR_USER = 'istio-proxy'
SIDECAR_PORTS = range(15000, 15091)  # Those of the sidecar: Envoy, pilot-agent, DNS, health, metrics.
SIDECAR_ADDRESS = ipaddress.ip_address('127.0.0.6')  # From where a sidecar calls the application on its own machine.
SPEAK_SECONDS = 0.3
HTTP_SECONDS = 2
MOST_PEERS = 2000  # Of each kind; a busy machine has more callers than a survey needs.
PROCESSES_SECONDS = 5  # How often all processes are looked at for the owner of a new socket.

# ---------------------------------------------------------------------------------------------------------------------
# 1. Words
# ---------------------------------------------------------------------------------------------------------------------


def plain(text, most=200):
    """Text of others, printable on a terminal and of a length that one can read."""
    if isinstance(text, bytes):
        text = text.decode('utf-8', 'backslashreplace')
    text = ''.join(sign if sign.isprintable() else sign.encode('unicode_escape').decode() for sign in text.strip())
    return text if len(text) <= most else text[:most - 3] + '...'


def read(path, most=1 << 20):
    """Content of a file as text; empty when it isn't there, isn't for us, or is no file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, 'rb') as file:
            return file.read(most).decode('utf-8', 'backslashreplace') if stat.S_ISREG(os.fstat(descriptor).st_mode) else ''
    except OSError:
        return ''


def run(*command):
    """What a command prints, or None: it isn't there, it failed, it takes too long."""
    path = shutil.which(command[0], path='/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin')
    if path is None:
        return None
    try:
        done = subprocess.run((path,) + command[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=10, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C'})
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode('utf-8', 'backslashreplace') if done.returncode == 0 else None


# ---------------------------------------------------------------------------------------------------------------------
# 2. Sockets
# ---------------------------------------------------------------------------------------------------------------------

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


# ---------------------------------------------------------------------------------------------------------------------
# 3. Processes
# ---------------------------------------------------------------------------------------------------------------------


def user_name(uid):
    try:
        return plain(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return str(uid)


def program_name(pid):
    """Name of a process' program, as far as we may know: a process can call itself what it likes."""
    name = plain(read('/proc/%s/comm' % pid))
    try:
        file = plain(os.path.basename(os.readlink('/proc/%s/exe' % pid)).replace(' (deleted)', ''))
    except OSError:
        return name or None
    # The kernel cuts names after 15 signs, and Node.js gives its own away. Else the file may be any link's end.
    return file if file.startswith(name) or name.endswith('MainThread') else name


def unit_name(pid):
    """(unit, whether it is in a container) by a process' control group."""
    groups = [line.split(':', 2)[2] for line in read('/proc/%s/cgroup' % pid).splitlines() if line.count(':') >= 2]
    contained = any(re.search(r'docker|libpod|kubepods|lxc|containerd|machine\.slice', group) for group in groups)
    for group in groups:
        for part in reversed(group.split('/')):
            if part.endswith(('.service', '.scope')):
                return plain(part), contained
    return None, contained


class Processes:
    """Who has which socket. Looks at the processes anew when it is asked for one that it doesn't know, but not all the time."""

    def __init__(self):
        self.owners = {}
        self.unreadable = False
        self.names = set()
        self.looked = None

    def owner(self, found):
        """{program, unit, user, container} of a socket."""
        recent = self.looked is not None and time.monotonic() - self.looked < PROCESSES_SECONDS
        if found.inode not in self.owners and found.inode != '0' and not recent:
            self.look()
        pid = self.owners.get(found.inode)
        unit, contained = unit_name(pid) if pid else (None, False)
        # The kernel keeps no user of a connection that has ended.
        user = None if found.inode == '0' else user_name(found.uid)
        return {'program': program_name(pid) if pid else None, 'unit': unit, 'user': user, 'container': contained}

    def look(self):
        owners = {}
        for pid in sorted(filter(str.isdigit, os.listdir('/proc')), key=int):
            folder = '/proc/%s/fd' % pid
            name = plain(read('/proc/%s/comm' % pid))
            if name:
                self.names.add(name)
            try:
                links = [os.readlink(folder + '/' + entry) for entry in os.listdir(folder)]
            except PermissionError:
                self.unreadable = True
                continue
            except OSError:  # It has ended.
                continue
            for link in links:
                if link.startswith('socket:['):
                    # Of a server with workers, the first has made it.
                    owners.setdefault(link[8:-1], pid)
        self.owners = owners
        self.looked = time.monotonic()


# ---------------------------------------------------------------------------------------------------------------------
# 4. Connections
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# 5. Who speaks first
# ---------------------------------------------------------------------------------------------------------------------

# What a server's first bytes tell of its protocol. The bytes themselves are not told.
GREETINGS = (
    ('ssh', re.compile(rb'SSH-')),
    ('ftp', re.compile(rb'220[ -].*ftp', re.I | re.S)),
    ('smtp', re.compile(rb'220[ -].*smtp', re.I | re.S)),
    ('pop3', re.compile(rb'\+OK')),
    ('imap', re.compile(rb'\* (OK|PREAUTH)')),
    ('vnc', re.compile(rb'RFB ')),
    # A packet with its length and the number 0: the handshake, or why there is none for us.
    ('mysql', re.compile(rb'..\x00\x00[\x0a\xff]', re.S)),
)
# Where HTTP may do harm, or is known not to be spoken.
NOT_HTTP = re.compile(r'postgres|redis|valkey|memcached|mongo|mysqld|mariadbd|epmd|cupsd|lpd|slapd|rpc|named|dnsmasq|unbound|sshd')
NOT_HTTP_PORTS = frozenset((22, 25, 53, 111, 389, 515, 631, 3306, 5432, 6379, 9100, 11211))
HEALTH_PATHS = ('/healthz', '/health', '/readyz', '/ready', '/actuator/health', '/')


def dialled(listener):
    """Address by which the machine reaches its own listener."""
    return {'0.0.0.0': '127.0.0.1', '::': '::1'}.get(listener['address'], listener['address'])


def who_speaks_first(listener):
    """(whether the server speaks before its caller, what it speaks): (None, None) when it takes no connection."""
    try:
        with socket.create_connection((dialled(listener), listener['port']), SPEAK_SECONDS) as connection:
            connection.settimeout(SPEAK_SECONDS)
            try:
                greeting = connection.recv(256)
            except socket.timeout:
                return False, None
    except OSError:
        return None, None
    if not greeting:  # Closed: it may have something against us, and would have spoken to others.
        return None, None
    return True, next((name for name, pattern in GREETINGS if pattern.match(greeting)), None)


def http_status(listener, path):
    """Status of a GET request, or None when no HTTP is spoken there."""
    connection = http.client.HTTPConnection(dialled(listener), listener['port'], timeout=HTTP_SECONDS)
    try:
        connection.request('GET', path, headers={'User-Agent': 'meshvm-survey', 'Connection': 'close'})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def health_page(listener):
    """(whether HTTP is spoken, path of the page that tells health)."""
    if NOT_HTTP.search(listener['program'] or '') or listener['port'] in NOT_HTTP_PORTS:
        return False, None
    nothing = http_status(listener, '/meshvm-survey-of-a-page-that-nobody-has')
    if nothing is None:
        return False, None
    # Who answers to everything has no page that tells more than the others.
    paths = ('/',) if nothing == 200 else HEALTH_PATHS
    return True, next((path for path in paths if http_status(listener, path) == 200), None)


def connect_to(listeners_found, ask_http):
    """Fills in what only a connection tells."""
    own = [each for each in listeners_found if each['protocol'] == 'tcp' and each['port'] not in SIDECAR_PORTS]

    def connect(listener):
        listener['speaksFirst'], listener['speaks'] = who_speaks_first(listener)
        if ask_http and listener['speaksFirst'] is False:
            listener['http'], listener['healthPage'] = health_page(listener)

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(connect, own))


# ---------------------------------------------------------------------------------------------------------------------
# 6. The machine
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# 7. What stands in the way
# ---------------------------------------------------------------------------------------------------------------------

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


# ---------------------------------------------------------------------------------------------------------------------
# 8. Configuration of servers
# ---------------------------------------------------------------------------------------------------------------------

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


def lines_of(text, mark='#'):
    """(number, line) of lines without what follows a mark at the start of a word. Nobody writes long ones: patterns need not be quick."""
    for number, line in enumerate(text.split('\n'), 1):
        yield number, re.sub(r'(^|\s)%s.*' % re.escape(mark), '', line[:MOST_SIGNS])


def of_addresses(number, text):
    """(line, finding) of each of several addresses."""
    return [(number, address_finding(address)) for address in re.split(r'[\s,|]+', text) if address]


def nginx_findings(text):
    calls = []
    for number, line in lines_of(text):
        for found in re.finditer(r'(?:^|[;{}])\s*(?:allow|deny|set_real_ip_from)\s+([^;\s]+)\s*;', line.replace(';', ';;')):
            yield number, address_finding(found.group(1))
        if re.search(r'(^|[;{}])\s*limit_(req|conn)_zone\s+[^;]*\$(binary_)?remote_addr', line):
            yield number, LIMITS_BY_ADDRESS
        if re.search(r'(^|[;{}])\s*proxy_pass\s+https?://(?!unix:)', line):
            calls.append(number)
    # The default before nginx 1.29.7.
    if not re.search(r'proxy_http_version\s+(1\.1|2)\b', text):
        for number in calls:
            yield number, CALLS_BY_HTTP10


def apache_findings(text):
    by_address = re.compile(r'\s*(?:Require\s+(?:not\s+)?(?:ip|host|forward-dns)|(?:Allow|Deny)\s+from|RemoteIP(?:Internal|Trusted)Proxy)\s+(.*)', re.I)
    for number, line in lines_of(text):
        if re.match(r'\s*Require\s+local\b', line, re.I):
            yield number, TRUSTS_LOOPBACK
        if re.match(r'\s*Require\s+expr\s.*(REMOTE_ADDR|-R\s)', line, re.I):
            yield number, MATCHES_ADDRESS
        found = by_address.match(line)
        if found:
            yield from of_addresses(number, found.group(1))


def tomcat_findings(text):
    for number, valve in elements_of(text, '<Valve'):
        if re.search(r'\.RemoteIpValve"', valve) and not re.search(r'internalProxies="(?![^"]*127)', valve):
            yield number, TRUSTS_LOOPBACK  # It believes the X-Forwarded-For of whoever calls from there, by default.
        if re.search(r'\.Remote(Addr|CIDR)Valve"', valve):
            for rule in re.findall(r'\s(?:allow|deny)="([^"]*)"', valve):
                for part in re.split(r'[|,\s]+', rule.replace('\\.', '.')):
                    yield number, regular_expression_finding(part) if part else None


def elements_of(text, start):
    """(line, text) of each XML element that starts so, outside of comments."""
    hidden, at, number = False, 0, 1
    for found in re.finditer(r'<!--|-->|%s\s' % start, text):
        number += text.count('\n', at, found.start())
        at = found.start()
        if found.group() in ('<!--', '-->'):
            hidden = found.group() == '<!--'
        elif not hidden:
            yield number, text[at:at + MOST_SIGNS].split('>')[0]


def regular_expression_finding(part):
    """Of an alternative of Tomcat's patterns, which are often 127.\\d+.\\d+.\\d+. We run none of them: they may take for ever."""
    if part in ('.*', '^.*$'):
        return None
    if re.match(r'\^?127\.', part):
        return address_finding(part) if re.match(r'[\d./]+$', part) else TRUSTS_LOOPBACK
    return address_finding(part.rstrip('$').lstrip('^'))


def postgresql_findings(text):
    rule = re.compile(r'\s*host(?:|ssl|nossl|gssenc|nogssenc)\s+(?:"[^"]*"|\S+)\s+(?:"[^"]*"|\S+)\s+(\S+)(?:\s+([0-9.]+)\s)?')
    for number, line in lines_of(text):
        found = rule.match(line)
        if found and found.group(1) == 'samenet':  # The networks of all interfaces, the loopback's too.
            yield number, TRUSTS_LOOPBACK
        elif found:
            yield number, address_finding('/'.join(filter(None, found.groups())))


def redis_findings(text):
    lines = list(lines_of(text))
    if not any(re.match(r'\s*(requirepass|aclfile|user)\s', line) for _, line in lines):
        for number, line in lines:
            if re.match(r'\s*protected-mode\s+yes\b', line):
                yield number, REFUSES_OTHERS


def postfix_findings(text):
    started = None
    for number, line in lines_of(text):
        name, _, value = line.partition('=')
        if not line[:1].isspace():  # Else it goes on with the line before.
            started, value = (number, value) if name.strip() == 'mynetworks' else (None, value)
        if started:
            yield from of_addresses(started, line if line[:1].isspace() else value)
        if name.strip() == 'mynetworks_style' and value.strip() in ('subnet', 'class'):
            yield number, TRUSTS_LOOPBACK


def haproxy_findings(text):
    checks_by_request = re.search(r'option\s+\w*chk\b', text)
    by_http11 = re.search(r'HTTP/1\.1', text)
    for number, line in lines_of(text):
        for found in re.finditer(r'\bsrc((?:\s+[0-9a-fA-F.:]+(?:/\d+)?)+)(?=\s|$)', line):
            yield from of_addresses(number, found.group(1))
        if re.match(r'\s*stick-table\s+.*\btype\s+ip', line):
            yield number, LIMITS_BY_ADDRESS
        if re.match(r'\s*option\s+httpchk\b', line) and not by_http11:
            yield number, CALLS_BY_HTTP10
        if re.match(r'\s*(default-)?server\s.*\scheck\b', line) and not checks_by_request:
            yield number, CHECKS_BY_CONNECT


def keepalived_findings(text):
    for number, line in lines_of(text, '!'):
        if re.match(r'\s*TCP_CHECK\b', line):
            yield number, CHECKS_BY_CONNECT


def wrappers_findings(text):
    for number, line in lines_of(text):
        if ':' in line:
            yield from of_addresses(number, line.split(':')[1])


MOST_SIGNS = 2000  # Of a line.
SERVERS = (
    ('nginx', nginx_findings, ('/etc/nginx/nginx.conf', '/etc/nginx/conf.d/*.conf', '/etc/nginx/sites-enabled/*', '/etc/nginx/default.d/*.conf',
                               '/etc/nginx/modules-enabled/*.conf', '/etc/nginx/snippets/*', '/usr/local/nginx/conf/*.conf')),
    ('apache', apache_findings, ('/etc/apache2/apache2.conf', '/etc/apache2/*-enabled/*', '/etc/httpd/conf/*.conf', '/etc/httpd/conf.d/*.conf')),
    ('tomcat', tomcat_findings, ('/etc/tomcat*/server.xml', '/etc/tomcat*/context.xml', '/etc/tomcat*/Catalina/*/*.xml',
                                 '/var/lib/tomcat*/webapps/*/META-INF/context.xml', '/usr/share/tomcat*-admin/*/META-INF/context.xml',
                                 '/opt/*tomcat*/conf/*.xml', '/opt/*tomcat*/webapps/*/META-INF/context.xml')),
    ('postgresql', postgresql_findings, ('/etc/postgresql/*/*/pg_hba.conf', '/var/lib/pgsql/data/pg_hba.conf', '/var/lib/pgsql/*/data/pg_hba.conf')),
    ('redis', redis_findings, ('/etc/redis/*.conf', '/etc/redis.conf', '/etc/valkey/*.conf')),
    ('postfix', postfix_findings, ('/etc/postfix/main.cf',)),
    ('haproxy', haproxy_findings, ('/etc/haproxy/*.cfg', '/etc/haproxy/conf.d/*.cfg')),
    ('keepalived', keepalived_findings, ('/etc/keepalived/*.conf',)),
    ('tcp-wrappers', wrappers_findings, ('/etc/hosts.allow', '/etc/hosts.deny')),
)
MOST_FILES = 500  # Of each server.


def configuration(listeners_found, root=''):
    """[{server, file, line, finding}], of files that we may read, and those that we may not."""
    found, unreadable = [], []
    for server, findings, patterns in SERVERS:
        files = sorted({path for pattern in patterns for path in glob.glob(root + pattern)})
        for path in files[:MOST_FILES]:
            if not os.access(path, os.R_OK):
                unreadable.append(plain(path[len(root):]))
                continue
            lines = {entry for entry in findings(read(path)) if entry[1] is not None}
            found += [{'server': server, 'file': plain(path[len(root):]), 'line': line, 'finding': finding} for line, finding in sorted(lines)]
    if any(re.search(r'^(mysqld|mariadbd)$', each['program'] or '') or each.get('speaks') == 'mysql' for each in listeners_found):
        found.append({'server': 'mysql', 'file': None, 'line': None, 'finding': GRANTS})
    return found, unreadable


# ---------------------------------------------------------------------------------------------------------------------
# 9. The answer
# ---------------------------------------------------------------------------------------------------------------------


def survey(seconds, connect, ask_http, say):
    """All of it, as `--json` prints it."""
    processes = Processes()
    processes.look()
    found = listeners(processes)
    connections = Connections(processes, set(own_addresses()))
    watched = watch(connections, seconds, say)
    # After the samples, which would count these connections.
    for listener in found:
        listener.update({'speaksFirst': None, 'speaks': None, 'http': None, 'healthPage': None})
    if connect:
        connect_to(found, ask_http)
    settings, unreadable = configuration(found)
    modules = kernel_modules()
    walls = firewalls(modules)
    unseen = []
    if processes.unreadable:
        unseen.append('programs and units of other users: run it as root')
    if walls['nftTables'] is None and modules['nf_tables'] in ('loaded', 'builtin'):
        unseen.append('tables of nftables: run it as root, with nft installed')
    unseen += ['%s: run it as root' % path for path in unreadable]
    return {
        'format': FORMAT,
        'surveyed': {'seconds': watched, 'samples': connections.samples, 'connected': connect, 'askedHttp': ask_http and connect,
                     'root': os.geteuid() == 0, 'unseen': unseen},
        'machine': machine(),
        'listeners': found,
        'callers': sorted(connections.callers.values(), key=lambda each: (each['port'], each['address'])),
        'calls': sorted(connections.calls.values(), key=lambda each: (each['address'], each['port'])),
        'peersLeftOff': connections.left_off,
        'containers': containers(found),
        'firewalls': walls,
        'resolver': resolver(found),
        'sidecar': in_the_sidecars_way(found),
        'clock': clock(processes.names),
        'disks': disks(),
        'kernelModules': modules,
        'limits': limits(),
        'multicast': multicast(),
        'programs': sorted(filter(NOTABLE.match, processes.names)),
        'configuration': settings,
    }


FINDINGS = {
    TRUSTS_LOOPBACK: 'trusts the loopback range: after joining that is everybody',
    MATCHES_ADDRESS: "goes by the caller's address: after joining that is %s for all" % SIDECAR_ADDRESS,
    LIMITS_BY_ADDRESS: 'counts by address: after joining all callers are one',
    REFUSES_OTHERS: 'serves this machine alone, and refuses callers through the mesh as well',
    GRANTS: 'may grant by host in its own tables: SELECT user, host FROM mysql.user',
    CALLS_BY_HTTP10: 'calls by HTTP/1.0, which the mesh does not answer',
    CHECKS_BY_CONNECT: 'takes a TCP connection for health: after joining every one succeeds',
}


def for_people(answer):
    """The same, to be read."""
    lines = []

    def section(title, rows):
        lines.extend(['', title] + (['  ' + row for row in rows] or ['  none']))

    def owner(each):
        parts = [each['program'] or '?', each['unit'], each['user'] and 'as ' + each['user']]
        return ' '.join(part for part in parts if part)

    it, seen = answer['machine'], answer['surveyed']
    lines.append('%s, %s, %s' % (it['name'], it['address'] or 'no address', ' '.join(filter(None, it['distribution'].values()))))
    lines.append('kernel %s, %s, Python %s, %s' % (it['kernel'], it['architecture'], it['python'], 'systemd' if it['systemd'] else 'no systemd'))

    def traits(each):
        yield 'loopback only' if each['loopbackOnly'] else None
        yield 'in a container' if each['container'] else None
        yield 'SPEAKS FIRST' + (' (%s)' % each['speaks'] if each['speaks'] else '') if each['speaksFirst'] else None
        yield 'health at %s' % each['healthPage'] if each['healthPage'] else 'HTTP' if each['http'] else None

    section('Listens on', ['%s %s port %d: %s%s' % (
        each['protocol'], each['address'], each['port'], owner(each), ''.join(', ' + trait for trait in traits(each) if trait))
        for each in answer['listeners']])
    spell = '%d samples in %d s' % (seen['samples'], seen['seconds'])
    section('Is called (%s)' % spell, ['port %d by %s, in %d' % (each['port'], each['address'], each['seen']) for each in answer['callers']])
    section('Calls (%s)' % spell, ['%s %s port %d%s: %s, in %d' % (
        each['protocol'], each['address'], each['port'], ' on this machine' if each['local'] else '', owner(each), each['seen'])
        for each in answer['calls']])
    section('Settings that joining turns', ['%s%s: %s' % (
        each['server'], ', %s line %d' % (each['file'], each['line']) if each['file'] else '', FINDINGS[each['finding']])
        for each in answer['configuration']])
    section("In the sidecar's way", ['port %d: %s' % (each['port'], each['program'] or '?') for each in answer['sidecar']['ports']] + (
        ['user %s exists (%d)' % (SIDECAR_USER, answer['sidecar']['userId'])] if answer['sidecar']['userId'] is not None else []))
    walls, names = answer['firewalls'], answer['resolver']
    state = {True: 'active', False: 'not active', None: 'not installed'}
    section('Also', [
        'firewalls: ufw %s, firewalld %s; nftables %s; iptables %s' % (
            state[walls['ufw']], state[walls['firewalld']], 'not seen' if walls['nftTables'] is None else ', '.join(walls['nftTables']) or 'empty',
            ', '.join(walls['iptablesTables']) or 'empty'),
        'containers: %s; published ports %s' % (', '.join(answer['containers']['engines']) or 'none',
                                                ', '.join(map(str, answer['containers']['publishedPorts'])) or 'none'),
        'names: %s%s' % (', '.join(names['nameservers']) or 'no name server', ' (%s)' % ', '.join(names['programs']) if names['programs'] else ''),
        'clock: %s' % {True: 'right', False: 'NOT SYNCHRONIZED', None: 'unknown'}[answer['clock']['synchronized']],
        'free: %s' % ', '.join('%s %d MB' % (each['path'], each['freeMegabytes']) for each in answer['disks']),
        'kernel modules: %s' % ', '.join('%s %s' % each for each in sorted(answer['kernelModules'].items())),
        'multicast: %s' % (', '.join(answer['multicast']) or 'none'),
        'programs of note: %s' % (', '.join(answer['programs']) or 'none'),
    ])
    if answer['peersLeftOff']:
        lines += ['', 'More than %d callers or called: the rest is left off.' % MOST_PEERS]
    if seen['unseen']:
        section('Not seen', seen['unseen'])
    return '\n'.join(lines) + '\n'


# ---------------------------------------------------------------------------------------------------------------------
# 10. The command
# ---------------------------------------------------------------------------------------------------------------------


def duration(text):
    found = re.match(r'(\d{1,6})(s|m|h|)$', text)
    if not found:
        raise argparse.ArgumentTypeError('%r is no duration; write 30s, 10m or 2h' % text)
    return int(found.group(1)) * {'': 1, 's': 1, 'm': 60, 'h': 3600}[found.group(2)]


def main(arguments):
    parser = argparse.ArgumentParser(
        prog='survey.py', description='Tells what runs on this machine before it joins a mesh. Changes nothing; root sees more.')
    parser.add_argument('--json', action='store_true', help='for `meshvm survey`, instead of for people')
    parser.add_argument('--for', dest='seconds', type=duration, default=0, metavar='10m',
                        help='how long to watch connections, once a second (default: one look)')
    parser.add_argument('--no-connect', dest='connect', action='store_false', help="don't connect to this machine's own ports")
    parser.add_argument('--ask-http', action='store_true',
                        help='also ask ports that wait for their caller for health pages: GET requests, which land in access logs')
    options = parser.parse_args(arguments)
    if not sys.platform.startswith('linux'):
        parser.error('this is %s; it knows Linux alone' % sys.platform)

    def say(text):
        sys.stderr.write('survey: %s\n' % text)
        sys.stderr.flush()

    answer = survey(options.seconds, options.connect, options.ask_http, say)
    # ASCII alone: no terminal and no pipe stumbles over it.
    text = json.dumps(answer, indent=1) + '\n' if options.json else for_people(answer)
    sys.stdout.write(text if options.json else text.encode('ascii', 'backslashreplace').decode())
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
