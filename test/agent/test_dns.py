"""Names of the mesh by systemd-resolved: how the agent sets it up and takes it away. On a real one: test/mesh/dns.test.ts."""
import json
import os
import re
import shutil
import subprocess
import time
import unittest

from support import Cluster, Machine, load_agent

SPLIT = {'mode': 'split', 'domains': ['svc.cluster.local', 'bank.example']}
CORE_DNS = {'mode': 'coreDns', 'address': '10.20.0.53', 'domains': ['svc.cluster.local']}
UNIT = 'etc/systemd/system/meshvm-dns.service'
DROP_IN = 'etc/systemd/system/istio.service.d/20-meshvm-dns.conf'
# A link and what systemd-resolved knows of it, in files.
IP = '''link={0}/link
case "$*" in
"link show dev meshvm-dns") test -e $link;;
"link add meshvm-dns type dummy") test ! -e {0}/no-dummy && mkdir $link;;
"link add meshvm-dns type veth"*) mkdir $link;;
"link delete meshvm-dns") rm -r $link;;
*) test -e $link;;
esac'''
RESOLVECTL = '''test -e {0}/no-resolved && echo "Failed to connect to bus" && exit 1
what=$1 name=$2
test $# = 1 && exit 0
test -e {0}/link || exit 1
scopes=$(cat {0}/link/scope 2>/dev/null || echo DNS)
if [ "$what" = status ]; then echo "Link 5 ($name)"; echo "    Current Scopes: $scopes"; exit; fi
if [ $# = 2 ]; then echo "Link 5 ($name): $(cat {0}/link/$what)"; exit; fi
test "$what" = "$(cat {0}/refuses 2>/dev/null)" && echo "Link meshvm-dns is managed." && exit 1
shift 2
echo "$*" >{0}/link/$what'''
SYSTEMCTL = '''wants={0}/etc/systemd/system/multi-user.target.wants
case "$*" in
enable*meshvm-dns.service) mkdir -p $wants; ln -sf ../meshvm-dns.service $wants/;;
disable*meshvm-dns.service) rm -f $wants/meshvm-dns.service;;
esac'''


class Stubs(unittest.TestCase):
    """Stubs of ip, resolvectl, nft and systemctl."""

    def setUp(self):
        self.cluster, self.machine = Cluster(), Machine(systemd=True)
        self.addCleanup(self.cluster.close)
        self.machine.configure(self.cluster)
        for name, script in (('ip', IP), ('resolvectl', RESOLVECTL), ('systemctl', SYSTEMCTL), ('nft', '')):
            self.machine.stub(name, script.format(self.machine.root))
        self.machine.write('etc/resolv.conf', 'nameserver 127.0.0.53\n')
        self.machine.write('run/systemd/resolve/resolv.conf', 'nameserver 10.20.0.2\n')

    def run_agent(self, command='refresh', code=0):
        result = self.machine.run(command)
        self.assertEqual(result.code, code, result.output)
        return result.output

    def set(self, dns):
        self.cluster.settings['dns'] = dns
        self.cluster.cluster_env += "ISTIO_META_DNS_MODE='{}'\n".format(dns['mode'])  # As the real ones differ.

    def of_link(self):
        return {path.name: path.read_text().strip() for path in (self.machine.root / 'link').iterdir()}

    def assert_nothing_left(self):
        for path in ('link', UNIT, DROP_IN, 'etc/meshvm/dns.json', 'etc/meshvm/dns.nft'):
            self.assertFalse(self.machine.exists(path), path)


class Routed(Stubs):
    def test_nobody_asks_resolved_where_the_mode_needs_none(self):
        for mode in ('capture', 'off'):
            self.set({'mode': mode})
            self.run_agent('join')
            self.assertEqual(self.machine.calls('resolvectl'), [])
            self.assert_nothing_left()
            self.assertRegex(self.run_agent('status', 1), r'(?m)^dns +{}$'.format(mode))

    def test_split_sends_its_domains_and_no_others_to_the_sidecar(self):
        self.set(SPLIT)
        self.assertIn('systemd-resolved sends svc.cluster.local, bank.example to the sidecar', self.run_agent('join'))
        self.assertEqual(self.of_link(), {
            'dns': '127.0.0.1:15053', 'domain': '~svc.cluster.local ~bank.example', 'default-route': 'no', 'llmnr': 'no',
            'mdns': 'no', 'dnssec': 'no', 'dnsovertls': 'no'})
        self.assertRegex(self.run_agent('status', 1), r'(?m)^dns +split, in place$')

    def test_is_in_place_before_the_sidecar_and_at_every_boot(self):
        self.set(SPLIT)
        self.run_agent('join')
        order = (self.machine.root / 'calls').read_text().splitlines()
        enabled = 'systemctl enable --now --no-block meshvm-dns.service'
        self.assertLess(order.index('systemctl daemon-reload'), order.index(enabled))
        self.assertLess(order.index(enabled), order.index('systemctl restart --no-block istio.service'))
        unit = self.machine.read(UNIT).splitlines()
        self.assertIn('ExecStart=-ip link add meshvm-dns type dummy', unit)
        self.assertIn('ExecStart=resolvectl domain meshvm-dns ~svc.cluster.local ~bank.example', unit)
        self.assertIn('PartOf=systemd-resolved.service', unit)
        self.assertIn('BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf:/etc/resolv.conf', self.machine.read(DROP_IN))

    def test_the_sidecar_gets_name_servers_that_resolved_does_not_replace(self):
        link = self.machine.root / 'etc/resolv.conf'
        link.unlink()
        link.symlink_to('../run/systemd/resolve/stub-resolv.conf')
        self.machine.write('run/systemd/resolve/stub-resolv.conf', 'nameserver 127.0.0.53\n')
        self.set(SPLIT)
        self.run_agent('join')
        text = self.machine.read(DROP_IN).splitlines()
        self.assertIn('TemporaryFileSystem=/run/systemd/resolve:ro', text)
        self.assertIn('BindReadOnlyPaths=-/run/systemd/resolve/resolv.conf:/run/systemd/resolve/stub-resolv.conf', text)
        self.machine.forget_calls()
        self.run_agent()
        self.assertEqual(self.machine.calls('systemctl'), [])

    def test_what_it_writes_passes_systemds_own_check(self):
        if not shutil.which('systemd-analyze'):
            self.skipTest('needs systemd-analyze')
        for dns in (SPLIT, CORE_DNS):
            self.set(dns)
            self.run_agent('join')
            folder = self.machine.root / 'etc/systemd/system'
            # Those of the image, and a path that a stand-in for /etc gives.
            for name in ('istio', 'systemd-resolved', 'nftables'):
                self.machine.write('units/{}.service'.format(name), '[Service]\nExecStart=/bin/true\nRestart=always\n')
            text = self.machine.read(UNIT)
            for tool in ('resolvectl', 'nft', 'ip'):
                text = re.sub('(?m)^(Exec[A-Za-z]+=-?){} '.format(tool), '\\1/bin/true ', text)
            self.machine.write('units/meshvm-dns.service', text)
            drop_ins = self.machine.root / 'units/istio.service.d'
            shutil.copytree(str(folder / 'istio.service.d'), str(drop_ins), dirs_exist_ok=True)
            units = self.machine.root / 'units'
            done = subprocess.run(['systemd-analyze', 'verify', '--man=no', str(units / 'meshvm-dns.service')],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  env=dict(os.environ, SYSTEMD_UNIT_PATH='{}:'.format(units)))
            ours = [line for line in done.stdout.decode().splitlines() if 'meshvm-dns' in line or 'istio' in line]
            self.assertEqual((done.returncode, ours), (0, []), done.stdout.decode())

    def test_a_kernel_without_dummy_links_gets_a_pair(self):
        self.machine.write('no-dummy', '')
        self.set(SPLIT)
        self.run_agent('join')
        unit = self.machine.read(UNIT).splitlines()
        self.assertIn('ExecStart=-ip link add meshvm-dns type veth peer name meshvm-dns-2', unit)
        self.assertNotIn('ExecStart=-ip link add meshvm-dns type dummy', unit)

    def test_an_idle_refresh_changes_nothing(self):
        self.set(SPLIT)
        self.run_agent('join')
        self.machine.forget_calls()
        self.assertNotIn('names of the mesh', self.run_agent())
        asked = ['dns'] + [what + ' meshvm-dns' for what in ('dns', 'domain', 'default-route', 'status')]
        self.assertEqual(self.machine.calls('resolvectl'), asked)
        self.assertEqual((self.machine.calls('ip'), self.machine.calls('systemctl')), ([], []))

    def test_comes_back_when_somebody_has_changed_it(self):
        self.set(SPLIT)
        self.run_agent('join')
        for what, other in (('dns', '10.9.9.9'), ('domain', '~.'), ('default-route', 'yes'), ('scope', 'none')):
            self.machine.write('link/' + what, other)
            self.assertIn('systemd-resolved sends', self.run_agent())
            self.assertNotEqual(self.of_link().get(what), other)
        for path in (UNIT, DROP_IN):
            self.machine.write(path, '')
            self.assertIn('systemd-resolved sends', self.run_agent())
            self.assertNotEqual(self.machine.read(path), '')
        self.machine.run('release')
        self.assert_nothing_left()

    def test_core_dns_gets_a_local_address_that_is_translated(self):
        self.set(CORE_DNS)
        self.run_agent('join')
        self.assertEqual((self.of_link()['dns'], self.of_link()['domain']), ('192.0.0.8', '~svc.cluster.local'))
        self.assertIn('ip daddr 192.0.0.8 udp dport 53 dnat to 10.20.0.53\n', self.machine.read('etc/meshvm/dns.nft'))
        self.assertIn('PartOf=systemd-resolved.service nftables.service', self.machine.read(UNIT).splitlines())
        self.assertFalse(self.machine.exists(DROP_IN))

    def test_a_change_of_mode_replaces_the_other(self):
        self.set(CORE_DNS)
        self.run_agent('join')
        self.set(SPLIT)
        self.run_agent()
        self.assertEqual(self.of_link()['dns'], '127.0.0.1:15053')
        self.assertFalse(self.machine.exists('etc/meshvm/dns.nft'))
        self.assertIn('delete table ip meshvm-dns', self.machine.calls('nft'))

    def test_stays_until_the_sidecar_is_restarted_by_a_mode_without_it(self):
        self.set(SPLIT)
        self.run_agent('join')
        self.machine.change_state(restarted=time.time())
        self.set({'mode': 'capture'})
        self.assertIn('put off', self.run_agent())
        self.assertTrue(self.machine.exists('link'))
        self.machine.change_state(restarted=0)
        self.assertIn('systemd-resolved is as it was', self.run_agent())
        self.assert_nothing_left()

    def test_the_sidecar_restarts_for_other_name_servers(self):
        self.set(SPLIT)
        self.run_agent('join')
        self.machine.write('run/systemd/resolve/resolv.conf', 'nameserver 10.20.0.3\n')
        self.assertIn('sidecar: restarted', self.run_agent())

    def test_the_rules_that_capture_dns_go_once(self):
        names = ('-N ISTIO_OUTPUT_DNS', '-N ISTIO_INBOUND', '-N ISTIO_OUTPUT', '-A OUTPUT -j ISTIO_OUTPUT',
                 '-A OUTPUT -j ISTIO_OUTPUT_DNS', '-A ISTIO_OUTPUT -d 127.0.0.53/32 -p udp --dport 53 -j ISTIO_OUTPUT_DNS')
        listed = '; '.join('echo "{}"'.format(name) for name in names)
        self.machine.stub('iptables-legacy', 'case "$*" in *-S) {};; esac'.format(listed))
        self.run_agent('join')
        self.assertEqual(self.machine.calls('iptables-legacy'), [])
        self.machine.change_state(restarted=0)
        self.set(SPLIT)
        self.run_agent()
        calls = [call[len('-w 5 -t '):] for call in self.machine.calls('iptables-legacy') if not call.endswith('-S')]
        jumps = ['-D OUTPUT -j ISTIO_OUTPUT_DNS', '-D ISTIO_OUTPUT -d 127.0.0.53/32 -p udp --dport 53 -j ISTIO_OUTPUT_DNS']
        inbound, dns = ['-F ISTIO_INBOUND', '-X ISTIO_INBOUND'], ['-F ISTIO_OUTPUT_DNS', '-X ISTIO_OUTPUT_DNS']
        self.assertEqual(calls, ['raw ' + each for each in jumps + inbound + dns] + ['nat ' + each for each in jumps + dns])
        self.machine.forget_calls()
        self.run_agent()
        self.assertEqual(self.machine.calls('iptables-legacy'), [])

    def test_release_takes_everything_away(self):
        for dns in (SPLIT, CORE_DNS):
            self.set(dns)
            self.run_agent('join')
            self.assertIn('names of the mesh in systemd-resolved removed', self.run_agent('release'))
            self.assert_nothing_left()

    def test_the_dead_man_gives_it_back_and_the_next_join_brings_it_again(self):
        self.set(SPLIT)
        self.run_agent('join')
        self.run_agent('guard')
        self.assert_nothing_left()
        self.assertIn('stays off until istiod answers', self.run_agent(code=4))
        self.assert_nothing_left()


class Refused(Stubs):
    """Nothing of it is left, and the sidecar stays as it was."""

    def refuse(self, cause, dns=None):
        self.run_agent('join')
        before = self.machine.read('var/lib/istio/envoy/cluster.env')
        self.set(dns or SPLIT)
        self.machine.forget_calls()
        output = self.run_agent(code=7)
        self.assertIn(cause, output)
        self.assertEqual(self.machine.read('var/lib/istio/envoy/cluster.env'), before)
        self.assertNotIn('try-restart --no-block istio.service', self.machine.calls('systemctl'))
        self.assert_nothing_left()

    def test_without_resolved(self):
        self.machine.write('no-resolved', '')
        self.refuse('dns split needs systemd-resolved, which does not answer here: Failed to connect to bus')
        self.assertRegex(self.run_agent('status', 1), r'(?m)^dns +split, not in place$')

    def test_a_new_machine_does_not_start_its_sidecar(self):
        self.machine.write('no-resolved', '')
        self.set(SPLIT)
        self.run_agent('join', 7)
        self.assertNotIn('restart --no-block istio.service', self.machine.calls('systemctl'))
        self.assertFalse(self.machine.exists('var/lib/istio/envoy/cluster.env'))

    def test_where_programs_ask_somebody_else(self):
        self.machine.write('etc/resolv.conf', 'nameserver 10.20.0.2\n')
        self.refuse('needs programs that ask systemd-resolved; here they ask 10.20.0.2')
        self.machine.write('etc/nsswitch.conf', 'hosts: files resolve [!UNAVAIL=return] dns\n')
        self.assertIn('systemd-resolved sends', self.run_agent())

    def test_where_somebody_else_manages_the_link(self):
        self.machine.write('refuses', 'domain')
        self.refuse('resolvectl domain meshvm-dns ~svc.cluster.local ~bank.example: Link meshvm-dns is managed.')

    def test_where_nft_fails(self):
        self.machine.stub('nft', 'echo no; exit 1')
        self.refuse('nft -f', CORE_DNS)


class Settings(unittest.TestCase):
    def test_are_taken_in_the_forms_that_this_agent_knows_alone(self):
        check = load_agent().check_dns
        for dns in ({'mode': 'capture'}, {'mode': 'off'}, SPLIT, CORE_DNS):
            check(dns)
        wrong = [{}, {'mode': 'relay'}, {'mode': 'split'}, dict(CORE_DNS, address='::1'), {'mode': 'coreDns', 'domains': []}]
        for domain in ('', '.', '~a', 'a b', 'a\nExecStart=x', '$(x)', '%n', 'A'):
            wrong.append({'mode': 'split', 'domains': [domain]})
        for dns in wrong:
            with self.assertRaises((ValueError, KeyError), msg=json.dumps(dns)):
                check(dns)

    def test_of_another_form_are_refused(self):
        cluster, machine = Cluster(), Machine(systemd=True)
        self.addCleanup(cluster.close)
        machine.configure(cluster)
        cluster.settings['dns'] = {'mode': 'relay'}
        result = machine.run('join')
        self.assertEqual(result.code, 6, result.output)
        self.assertIn("dns.mode is 'relay', which this agent does not know", result.output)


if __name__ == '__main__':
    unittest.main()
