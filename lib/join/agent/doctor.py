"""Doctor: from the name of istiod to the mesh, in the order in which things depend on each other."""
import json
import os
import re
import socket
import time

from .surroundings import ROOT
from .trouble import BROKEN, OK, Trouble, log
from .places import CLUSTER_ENV, HOSTS, MESH, ROOT_CERTIFICATE, TOKEN
from .files import read
from .hosts import HOSTS_MARK
from .state import load_state
from .network import as_sidecar, clock_offset, resolve
from .cluster import Cluster
from .tokens import token_problem
from .settings import ROUTED
from .bundle import bundle_name, read_bundle, read_join
from .system import MANAGED
from .sidecar import ask_sidecar, certificate_facts, greet_istiod, sidecar_ready, spiffe_name
from .capture import capture_found
from .other_firewalls import other_firewalls
from .firewall import firewall_rules, loads_at_boot
from .dns import DNS_LINK, dns_in_place, dns_target, refuse_without_resolved
from .way_back import choose_bundle, tell_way_back
from .health import is_endpoint


class Examination:
    """What the probes find out and hand on to later ones. A probe returns what is fine, or raises Trouble."""

    def __init__(self):
        self.config = self.cluster = self.settings = self.environment = None
        self.state = load_state()

    def settings_of_machine(self):
        """settings"""
        self.config = read_join()
        return '{namespace}/{group}'.format(**self.config)

    def credential(self):
        """credential"""
        self.cluster = Cluster(self.config)
        data = choose_bundle(self.state, self.cluster.config_map(bundle_name(self.cluster)))
        self.settings, self.environment, _mesh = read_bundle(self.cluster, data, self.config.get('sidecar'))
        return 'the API server knows this machine and gives it its bundle'

    def bundle(self):
        """bundle"""
        tell_way_back(self.state)
        return 'this machine follows that of its group'

    def clock(self):
        """clock"""
        offset = clock_offset(self.cluster.connection.date)
        if abs(offset) > 60:
            raise Trouble(BROKEN, 'this clock is {:+.0f} s off'.format(offset), 'time synchronisation of the machine')
        return '{:+.0f} s from the API server'.format(offset)

    def name(self):
        """name of istiod"""
        host = self.settings['istiod']['host']
        try:
            return '{} is {}'.format(host, ', '.join(resolve(host)))
        except OSError as error:
            hint = 'istiodAccess: the DNS record of that name'
            if self.settings['istiod']['access'] == 'hostsEntry':
                hint = 'meshvm refresh writes it to /etc/hosts; the gateway needs an address (loadBalancer of EastWestGateway)'
            raise Trouble(BROKEN, '{} does not resolve: {}'.format(host, error), hint)

    def tcp(self):
        """TCP to istiod"""
        istiod = self.settings['istiod']
        try:
            with as_sidecar():
                socket.create_connection((istiod['host'], istiod['port']), 5).close()
        except OSError as error:
            raise Trouble(BROKEN, '{host}:{port} does not answer: {}'.format(error, **istiod),
                          'firewall between machine and gateway (port {port}), the gateway itself'.format(**istiod))
        return 'port {port} answers'.format(**istiod)

    def tls(self):
        """TLS with istiod"""
        if not os.path.exists(ROOT_CERTIFICATE):
            raise Trouble(BROKEN, 'there is no root certificate yet', 'meshvm refresh')
        try:
            greet_istiod(self.settings)
        except OSError as error:
            text, hint = str(error), 'the gateway must pass TLS through by SNI to istiod (EastWestGateway)'
            if 'not yet valid' in text or 'expired' in text:
                hint = 'time synchronisation of the machine'
            elif "doesn't match" in text or 'Hostname mismatch' in text:
                hint = 'istiodAccess: istiod must run with ISTIOD_CUSTOM_HOST set to this name (ControlPlane)'
            elif 'CERTIFICATE_VERIFY_FAILED' in text:
                hint = 'another mesh answers, or its root changed: istio-ca-root-cert of the namespace, meshvm refresh'
            raise Trouble(BROKEN, text, hint)
        return 'its certificate is from our root and carries the name'

    def token(self):
        """token"""
        problem = token_problem(read(TOKEN).decode('utf-8', 'replace'), self.settings['identity'])
        if problem:
            raise Trouble(BROKEN, problem, 'meshvm refresh; serviceAccount of the group')
        return 'audience and ServiceAccount are right, it has not expired'

    def files(self):
        """files"""
        if not read(CLUSTER_ENV).decode().startswith(self.environment):
            raise Trouble(BROKEN, 'cluster.env is not what the bundle says', 'meshvm refresh')
        if not os.stat(MESH).st_mode & 0o004:
            raise Trouble(BROKEN, 'the sidecar may not read /etc/istio/config/mesh', 'chmod 0644, or meshvm refresh')
        for line in read(HOSTS).decode('utf-8', 'replace').splitlines():
            words = line.split('#')[0].split()
            if self.settings['istiod']['host'] in words[1:] and not line.rstrip().endswith(HOSTS_MARK.decode()):
                raise Trouble(BROKEN, '/etc/hosts has a line of somebody else: ' + line, 'remove that line')
        return 'as the bundle says'

    def host_firewall(self):
        """host firewall"""
        if not self.settings['firewall']:
            return None
        if not firewall_rules():
            raise Trouble(BROKEN, 'not in place: plain text comes in while the sidecar is stopped', 'meshvm refresh says why')
        if not loads_at_boot():
            raise Trouble(BROKEN, 'it would not come back at boot', 'meshvm refresh')
        others = other_firewalls()
        for other in others:
            refused = other.refused(self.settings['openings'] or [])
            if refused:
                raise Trouble(BROKEN, '{} is active, too, and refuses '.format(other.name) + ', '.join(
                    '{1}/{0} from {2}'.format(*opening) for opening in refused),
                    'meshvm refresh says why, or a rule of somebody else for that port refuses it')
        return 'in place' + ''.join('; {} lets pass what it lets pass'.format(other.name) for other in others)

    def capture(self):
        """capture"""
        if not MANAGED:
            return 'left to whatever runs the sidecar here'
        found = capture_found()
        if not found:
            raise Trouble(BROKEN, 'no capture rules: plain text goes in and out', 'systemctl status istio, meshvm join')
        return 'by ' + ', '.join(found)

    def certificate(self):
        """certificate"""
        wanted = spiffe_name(self.settings['identity'])
        facts = certificate_facts()
        if facts is None:
            raise Trouble(BROKEN, 'the sidecar has got no certificate', 'journalctl -t istio (istiod refuses the token?)')
        if facts['name'] != wanted:
            raise Trouble(BROKEN, 'the certificate says {}, the group {}'.format(facts['name'], wanted), 'meshvm refresh')
        if facts['expires'] < time.time():
            raise Trouble(BROKEN, 'the certificate has expired', 'meshvm refresh, then journalctl -t istio')
        return facts['name']

    def registration(self):
        """registration"""
        if not sidecar_ready():
            raise Trouble(BROKEN, 'the sidecar is not ready', 'journalctl -t istio')
        # Envoy's one stream of configuration, which pilot-agent ends when istiod ends its own.
        if not re.search(r': [1-9]', ask_sidecar(15000, '/stats?filter=xds-grpc.*http2.streams_active')):
            raise Trouble(BROKEN, 'istiod has ended the connection', "log of istiod: registration refused (the group's CIDRs, "
                          'labels, ServiceAccount)')
        return 'connected; the WorkloadEntry itself this machine may not read'

    def locality(self):
        """locality"""
        node = json.loads(ask_sidecar(15000, '/server_info')).get('node', {})
        place = node.get('locality') or {}
        return '/'.join(filter(None, (place.get('region'), place.get('zone')))) or 'none (locality of the group)'

    def services(self):
        """services"""
        clusters = ask_sidecar(15000, '/clusters')
        for service in self.settings.get('services') or []:
            for port in service['ports']:
                if 'inbound|{}||'.format(port) not in clusters:
                    raise Trouble(BROKEN, '{} does not select this machine on port {}'.format(service['host'], port),
                                  'ports and services of the group')
        if is_endpoint(self.settings) is False:
            raise Trouble(BROKEN, 'the mesh does not send anything to this machine: it counts as not ready',
                          "the application and the group's readiness probe; if the application answers, meshvm refresh")
        return 'every Service of the group selects this machine'

    def resolver(self):
        """resolver"""
        dns = self.settings['dns']
        if dns['mode'] not in ROUTED:
            return None
        refuse_without_resolved(dns['mode'])
        if not dns_in_place(dns):
            raise Trouble(BROKEN, 'systemd-resolved does not send names of the mesh to ' + dns_target(dns),
                          'meshvm refresh says why (resolvectl status {})'.format(DNS_LINK))
        place = ('127.0.0.1', 15053) if dns['mode'] == 'split' else (dns['address'], 53)
        try:
            with as_sidecar():
                socket.create_connection(place, 5).close()
        except OSError as error:
            raise Trouble(BROKEN, 'nobody answers for names of the mesh at {}:{}: {}'.format(*place, error),
                          'the sidecar (journalctl -t istio)' if dns['mode'] == 'split' else 'address of DnsMode.coreDns')
        return 'systemd-resolved sends {} to {}'.format(', '.join(dns['domains']), dns_target(dns))

    def mesh_names(self):
        """names of the mesh"""
        host = next((service['host'] for service in self.settings.get('services') or []), None)
        if self.settings['dns']['mode'] == 'off' or not host:
            return 'not to be asked of the sidecar'
        try:
            socket.getaddrinfo(host, None)  # Not as the sidecar, whose own queries are not captured.
            return host + ' resolves'
        except OSError as error:
            line = re.search(r'(?m)^\s*hosts:.*', read(ROOT + '/etc/nsswitch.conf').decode('utf-8', 'replace'))
            if self.settings['dns']['mode'] == 'capture' and line and re.search(
                    r'\bresolve\s*\[[^]]*=return\].*\bdns\b', line.group(), re.IGNORECASE):
                raise Trouble(BROKEN, '{}: {}; systemd-resolved answers, not the sidecar: {}'.format(host, error, line.group()),
                              'remove resolve [...] from the line hosts of /etc/nsswitch.conf, or package libnss-resolve')
            return '{} does not resolve ({}): perhaps it is not in the scope of this machine'.format(host, error)


PROBES = ('settings_of_machine', 'credential', 'bundle', 'clock', 'name', 'tcp', 'tls', 'token', 'files', 'host_firewall',
          'capture', 'certificate', 'registration', 'locality', 'services', 'resolver', 'mesh_names')


def doctor(options):
    examination, results = Examination(), []
    for probe in PROBES:
        step = getattr(examination, probe)
        try:
            detail = step()
            if detail is not None:  # Else there is nothing of that kind on this machine.
                results.append({'probe': step.__doc__, 'ok': True, 'detail': detail})
        except (Trouble, OSError) as error:
            results.append({'probe': step.__doc__, 'ok': False, 'cause': str(error), 'change': getattr(error, 'change', '')})
            break
    if options.json:
        log(json.dumps(results, indent=1))
    else:
        for result in results:
            verdict = 'ok  ' if result['ok'] else 'FAIL'
            log('{} {:16} {}'.format(verdict, result['probe'], result.get('detail') or result['cause']))
            if result.get('change'):
                log('     change: ' + result['change'])
    return OK if results[-1]['ok'] else BROKEN
