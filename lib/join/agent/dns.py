"""Names of the mesh by systemd-resolved.

A link of our own, to whose server it sends questions below the link's domains, and no others. A server of all links
(resolved.conf) would be asked for every name.
"""
import contextlib
import json
import os
import re
import time

from .surroundings import ROOT
from .trouble import MACHINE, Trouble, log
from .places import DNS, DNS_TABLE, UNITS, UPLINKS
from .files import read, remove, write
from .settings import ROUTED
from .system import MANAGED, run, stop_sidecar, systemctl
from .package import install, package_kind

DNS_LINK = 'meshvm-dns'
DNS_UNIT = 'meshvm-dns.service'
# Written only where the group's DNS mode needs systemd-resolved. What is set on a link is lost with the link, at boot.
DNS_UNIT_TEXT = """[Unit]
Description=meshvm: systemd-resolved sends names of the mesh to {target}
After=systemd-resolved.service{others}
PartOf=systemd-resolved.service{others}
Before=meshvm-refresh.service istio.service
StartLimitIntervalSec=0
[Service]
Type=oneshot
RemainAfterExit=yes
# systemd-resolved may not know a new link yet.
Restart=on-failure
RestartSec=2
{steps}
ExecStop=ip link delete {link}
[Install]
WantedBy=multi-user.target systemd-resolved.service
"""
DNS_SIDECAR = 'istio.service.d/20-meshvm-dns.conf'
# The sidecar asks others for names that it does not know. By systemd-resolved the question would come back to it.
DNS_SIDECAR_TEXT = """[Unit]
After=systemd-resolved.service meshvm-dns.service
[Service]
{}
"""
# A mount on a file ends when systemd-resolved replaces that file, as it does for every change. So where /etc/resolv.conf is
# a link to one of its files, the sidecar gets a folder of its own instead.
OWN_FOLDER = """TemporaryFileSystem=/run/systemd/resolve:ro
BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf
BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf:/run/systemd/resolve/stub-resolv.conf"""
OWN_FILE = 'BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf:/etc/resolv.conf'
# A link without an address has no DNS. This one leads nowhere, and programs take it for a loopback.
DNS_ADDRESS = '127.15.53.1'
# systemd-resolved sends what is for a link's server out of that link, unless the server has an address of this machine. So
# CoreDNS gets a local address (RFC 7600: for no other use), and packets to it are translated.
DNS_STAND_IN = '192.0.0.8'
DNS_TABLE_TEXT = """# Questions for names of the mesh, to CoreDNS. Made by meshvm, which replaces it.
table ip meshvm-dns
delete table ip meshvm-dns
table ip meshvm-dns {{
	chain output {{
		type nat hook output priority -101; policy accept;
		ip daddr {stand_in} udp dport 53 dnat to {address}
		ip daddr {stand_in} tcp dport 53 dnat to {address}
	}}
	chain postrouting {{
		type nat hook postrouting priority 99; policy accept;
		ip saddr {stand_in} ip daddr {address} masquerade
	}}
}}
"""


def dns_server(dns):
    return '127.0.0.1:15053' if dns['mode'] == 'split' else DNS_STAND_IN


def dns_steps(dns):
    """The commands that set the link up, once it is there. Each may be repeated."""
    address = DNS_ADDRESS if dns['mode'] == 'split' else DNS_STAND_IN
    link, domains = DNS_LINK, ['~' + domain for domain in dns['domains']]
    # Without the scope the kernel takes an address of that range for one of the host alone, which gives a link no DNS.
    steps = [('ip', 'address', 'replace', address + '/32', 'dev', link, 'scope', 'global'), ('ip', 'link', 'set', link, 'up')]
    if dns['mode'] == 'coreDns':
        steps.append(('nft', '-f', DNS_TABLE))
    steps += [('resolvectl', 'dns', link, dns_server(dns)), ('resolvectl', 'domain', link) + tuple(domains),
              ('resolvectl', 'default-route', link, 'no')]
    # The answers are signed by nobody, and are this machine's own business.
    return steps + [('resolvectl', what, link, 'no') for what in ('llmnr', 'mdns', 'dnssec', 'dnsovertls')]


# Some kernels have no dummy links (those of containers and small virtual machines); a pair leads nowhere, too.
DNS_LINKS = ((('ip', 'link', 'add', DNS_LINK, 'type', 'dummy'),),
             (('ip', 'link', 'add', DNS_LINK, 'type', 'veth', 'peer', 'name', DNS_LINK + '-2'),
              ('ip', 'link', 'set', DNS_LINK + '-2', 'up')))


def dns_link_exists():
    return run('ip', 'link', 'show', 'dev', DNS_LINK)[0] == 0


def add_dns_link():
    """Returns the commands by which the link was made."""
    output = ''
    for commands in DNS_LINKS:
        for command in commands:
            code, output = run(*command)
            if code:
                break
        else:
            return commands
    raise Trouble(MACHINE, 'there can be no link {}: {}'.format(DNS_LINK, output),
                  'the right to change the network, or another dns of the group')


def refuse_without_resolved(mode):
    """systemd-resolved must run, and be whom programs ask."""
    code, output = run('resolvectl', 'dns')
    if code:
        raise Trouble(MACHINE, 'dns {} needs systemd-resolved, which does not answer here: {}'.format(mode, output),
                      'package systemd-resolved of the machine, or another dns of the group')
    servers = re.findall(rb'(?m)^\s*nameserver\s+(\S+)', read(ROOT + '/etc/resolv.conf'))
    lookup = re.search(rb'(?m)^\s*hosts:.*\bresolve\b', read(ROOT + '/etc/nsswitch.conf'))
    if not lookup and not any(server.startswith(b'127.0.0.5') for server in servers):
        raise Trouble(MACHINE, 'dns {} needs programs that ask systemd-resolved; here they ask {}'.format(
            mode, b', '.join(servers).decode('utf-8', 'replace') or 'nobody'),
            '/etc/resolv.conf: a link to /run/systemd/resolve/stub-resolv.conf; or package libnss-resolve')


def dns_in_place(dns):
    """Whether systemd-resolved does what dns says, now and after the next boot."""
    wanted = [('dns', [dns_server(dns)]), ('domain', ['~' + domain for domain in dns['domains']]), ('default-route', ['no'])]
    for what, values in wanted:
        code, text = run('resolvectl', what, DNS_LINK)
        if code or sorted(text.partition('):')[2].split()) != sorted(values):
            return False
    if 'Current Scopes: DNS' not in run('resolvectl', 'status', DNS_LINK)[1]:
        return False
    if dns['mode'] == 'coreDns' and run('nft', 'list', 'table', 'ip', 'meshvm-dns')[0]:
        return False
    return read(DNS).decode() == dns_note(dns) and (not MANAGED or dns_comes_back(dns))


def dns_comes_back(dns):
    sidecar = read(UNITS + '/' + DNS_SIDECAR).decode()
    return (dns_unit_steps(dns) in read(UNITS + '/' + DNS_UNIT).decode() and sidecar == dns_sidecar_text(dns)
            and os.path.lexists(UNITS + '/multi-user.target.wants/' + DNS_UNIT))


def dns_unit_steps(dns):
    return '\n'.join('ExecStart=' + ' '.join(step) for step in dns_steps(dns))


def dns_sidecar_text(dns):
    if dns['mode'] != 'split':
        return ''
    linked = os.path.realpath(ROOT + '/etc/resolv.conf').startswith(os.path.realpath(os.path.dirname(UPLINKS)) + '/')
    return DNS_SIDECAR_TEXT.format(OWN_FOLDER if linked else OWN_FILE)


def dns_note(dns):
    return json.dumps(dns, sort_keys=True, indent=1) + '\n'


def follow_dns(state, settings):
    """Brings the link about where the group's mode needs one. When that fails, nothing of it is left."""
    dns = settings['dns']
    if dns['mode'] not in ROUTED:
        return
    refuse_without_resolved(dns['mode'])
    if dns_in_place(dns):
        return
    remove_dns()
    try:
        place_dns(dns, settings)
    except BaseException:
        remove_dns()
        raise
    log('names of the mesh: systemd-resolved sends {} to {}'.format(', '.join(dns['domains']), dns_target(dns)))


def dns_target(dns):
    return 'the sidecar' if dns['mode'] == 'split' else dns['address']


def place_dns(dns, settings):
    write(DNS, dns_note(dns).encode())
    if dns['mode'] == 'coreDns':
        write(DNS_TABLE, DNS_TABLE_TEXT.format(stand_in=DNS_STAND_IN, address=dns['address']).encode())
        if run('nft', '--version')[0] == 127 and MANAGED and settings['istio'].get('packages') is not None:
            install(package_kind(), 'nftables')
    making, steps = add_dns_link(), dns_steps(dns)
    for step in steps:
        end = time.monotonic() + 5
        while True:
            code, output = run(*step)
            # systemd-resolved hears of a new link a moment later.
            if code == 0 or step[0] != 'resolvectl' or time.monotonic() > end:
                break
            time.sleep(0.2)
        if code:
            raise Trouble(MACHINE, 'names of the mesh: {}: {}'.format(' '.join(step), output),
                          'systemd-resolved 246 or later and nftables on the machine, and a network manager that leaves the '
                          'link {} alone; or another dns of the group'.format(DNS_LINK))
    if not MANAGED:
        return
    lines = ['ExecStart=-' + ' '.join(command) for command in making] + [dns_unit_steps(dns)]
    others = ' nftables.service' if dns['mode'] == 'coreDns' else ''
    write(UNITS + '/' + DNS_UNIT, DNS_UNIT_TEXT.format(
        target=dns_target(dns), others=others, link=DNS_LINK, steps='\n'.join(lines)).encode())
    if dns_sidecar_text(dns):
        write(UNITS + '/' + DNS_SIDECAR, dns_sidecar_text(dns).encode())
    systemctl('daemon-reload')
    systemctl('enable', '--now', '--no-block', DNS_UNIT)


def remove_dns():
    """Takes away everything of ours in systemd-resolved. Says what was removed."""
    noted, link = os.path.exists(DNS), dns_link_exists()
    if noted and MANAGED:
        stop_sidecar('disable', '--now', DNS_UNIT)
    if link:
        run('ip', 'link', 'delete', DNS_LINK)
    if os.path.exists(DNS_TABLE):
        run('nft', 'delete', 'table', 'ip', 'meshvm-dns')
    with contextlib.suppress(OSError):
        for path in (UNITS + '/' + DNS_UNIT, UNITS + '/' + DNS_SIDECAR, DNS_TABLE, DNS):
            remove(path)
    if noted and MANAGED:
        stop_sidecar('daemon-reload')
    return ['names of the mesh in systemd-resolved'] if noted or link else []
