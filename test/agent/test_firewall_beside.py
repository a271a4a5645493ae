"""The host firewall beside ufw and firewalld that somebody has switched on: both real, in namespaces of their own."""
import json
import subprocess
import sys
import time
import unittest

from two_machines import (FAR, FAR6, HERE, HOST, HOST6, NEAR, NEAR6, OPENINGS, OTHER, OTHER_OPENINGS, TEXT, PrivateNamespace,
                          TwoMachines)

# The agent on that machine, and its API server: one JSON list per line, of a new bundle or of the words of a command.
DRIVER = '''
import json, os, sys
sys.path.insert(0, sys.argv[1])
from support import Cluster, Machine, load_agent
from two_machines import OPENINGS, as_bundled
cluster, machine = Cluster(), Machine()
machine.configure(cluster)
(machine.bin / 'nft').unlink()
for tool in 'ufw', 'nft', 'firewall-cmd':
    machine.stub(tool, 'exec /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin {} "$@"'.format(tool))
for name in 'ufw', 'firewalld', 'default':
    (machine.root / 'etc' / name).symlink_to('/etc/' + name)
for line in sys.stdin:
    first, *others = json.loads(line)
    if first == 'bundle':
        as_bundled(cluster, *others)
        answer = None
    elif first == 'calls':
        answer = (machine.root / 'calls').read_text().splitlines() if machine.exists('calls') else []
        machine.forget_calls()
    elif first == 'stub':
        answer = machine.stub(*others)
    elif first == 'refused':
        os.environ.update(machine.env)
        agent = load_agent()
        answer = [[other.name, other.refused(agent.read_openings(OPENINGS))] for other in agent.other_firewalls()]
    else:
        result = machine.run(first, *others)
        answer = [result.code, result.output]
    print(json.dumps(answer), flush=True)
'''
BUS = '''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
 <type>system</type>
 <listen>unix:path=/run/dbus/system_bus_socket</listen>
 <auth>EXTERNAL</auth>
 <policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy>
</busconfig>'''
CAPTURES = (('iptables-legacy', FAR, HOST), ('iptables-nft', FAR, HOST), ('ip6tables-legacy', FAR6, HOST6))
EACH = (22, 15090, 9100, 9999, 15006)  # And who reaches it by the table alone: test_firewall_rules.


class Beside(TwoMachines):
    namespace = PrivateNamespace
    other = ''

    def setUp(self):
        super().setUp()
        self.switch_on()
        self.driver = subprocess.Popen(self.host.command + [sys.executable, '-c', DRIVER, str(HERE)], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE)
        self.addCleanup(self.driver.stdout.close)
        self.addCleanup(self.driver.wait, 60)
        self.addCleanup(self.driver.stdin.close)
        self.bundle()

    def switch_on(self):
        raise NotImplementedError

    def tell(self, *words):
        self.driver.stdin.write(json.dumps(words).encode() + b'\n')
        self.driver.stdin.flush()
        return json.loads(self.driver.stdout.readline().decode())

    def bundle(self, text=TEXT, openings=OPENINGS):
        self.tell('bundle', text, openings)

    def agent(self, command='refresh', code=0):
        result = self.tell(command)
        self.assertEqual(result[0], code, result[1])
        return result[1]

    def of_other(self):
        """What the agent has asked of the other firewall since the last time, without questions."""
        return [call for call in self.tell('calls') if call.startswith(('ufw allow', 'ufw delete')) or '-rich-rule=' in call]

    def ports(self, *arguments):
        """Refused or dropped: that depends on whose rules the kernel asks first."""
        return [found if found == 'open' else 'shut' for found in super().ports(*arguments)]

    def assert_as_by_the_table_alone(self):
        self.assertEqual(self.ports(NEAR, HOST, *EACH), ['open', 'shut', 'open', 'shut', 'shut'])
        self.assertEqual(self.ports(FAR, HOST, *EACH), ['shut', 'open', 'shut', 'shut', 'shut'])
        self.assertEqual(self.ports(NEAR6, HOST6, *EACH), ['open', 'shut', 'shut', 'shut', 'shut'])
        self.assertEqual(self.ports(FAR6, HOST6, 22), ['shut'])
        self.assertEqual(self.ports(FAR, HOST, 8080, 9090), ['shut', 'shut'])
        for capture in CAPTURES:
            self.capture(capture[0])
            self.assertEqual(self.ports(*capture[1:] + (8080, 9090, 15006)), ['open', 'open', 'shut'])
            self.capture(capture[0], '-D')


class BesideUfw(Beside):
    OPERATORS = ('ufw limit 2222/tcp', 'ufw allow from 10.77.0.0/24 to any port 9100 proto tcp comment "of the operator"',
                 'ufw deny from 10.79.0.0/24', 'ufw allow in on lo', 'ufw route allow proto tcp from 10.77.0.0/24 to any port 22',
                 'ufw reject log proto tcp from 10.80.80.0/255.0.255.0 to any port 22', 'ufw allow from fd00:80::/64 comment six')

    def switch_on(self):
        self.need('ufw')
        self.host.run(' && '.join(self.OPERATORS + ('ufw --force enable',)))
        self.before = self.files()

    def files(self):
        return self.host.run('cd /etc/ufw && for file in *.rules *.conf *.init; do echo $file; cat $file; done; cat /etc/default/ufw')

    def rules(self):
        return self.host.run('ufw show added').splitlines()[1:]

    def test_sees_the_port_to_which_the_capture_has_redirected(self):
        self.host.run('ufw allow 8080/tcp')
        for tool, source, address in CAPTURES:
            self.capture(tool)
            self.assertEqual(self.ports(source, address, 8080), ['shut'])
            self.host.run('ufw allow 15006/tcp')
            # The second is why ufw alone is no firewall for the mesh.
            self.assertEqual(self.ports(source, address, 8080, 15006), ['open', 'open'])
            self.host.run('ufw delete allow 15006/tcp')
            self.capture(tool, '-D')

    def test_lets_pass_what_the_table_lets_pass_and_nothing_else(self):
        self.assertEqual(self.ports(NEAR, HOST, 22, 9100), ['shut', 'open'])
        self.assertIn('ufw lets pass what it lets pass', self.agent('join'))
        self.assert_as_by_the_table_alone()
        self.assertIn('hostFirewall         in place, and ufw\n', self.agent('status', 1))
        self.assertEqual(self.tell('refused'), [['ufw', []]])
        self.host.run('ufw reload')
        self.assert_as_by_the_table_alone()

    def test_lets_pass_the_same_after_a_reboot(self):
        self.agent('join')
        self.host.run('/lib/ufw/ufw-init force-stop && nft flush ruleset && iptables-legacy -F && ip6tables-legacy -F')
        self.load()  # As the unit of the firewall does.
        self.host.run('/lib/ufw/ufw-init start')
        self.assertIn('Status: active', self.host.run('ufw status'))
        self.assert_as_by_the_table_alone()

    def test_is_opened_before_the_table_closes_anything(self):
        self.agent('join')
        calls = self.tell('calls')
        last = [index for index, call in enumerate(calls) if call.startswith('ufw allow')][-1]
        self.assertLess(last, calls.index('nft -f -'))

    def test_keeps_the_rules_of_the_operator_byte_for_byte(self):
        self.agent('join')
        self.assertNotEqual(self.files(), self.before)
        # One of the openings is a rule of the operator already.
        self.assertEqual([rule for rule in self.rules() if ' 9100 ' in rule],
                         ["ufw allow from 10.77.0.0/24 to any port 9100 proto tcp comment 'of the operator'"])
        self.assertIn('host firewall, its rules in ufw removed', self.agent('release'))
        self.assertEqual(self.files(), self.before)
        self.assertEqual(self.ports(NEAR, HOST, 22, 9100), ['shut', 'open'])
        self.agent('join')
        self.assertIn('host firewall, its rules in ufw removed', self.agent('release'))
        self.assertEqual(self.files(), self.before)

    def test_loses_our_rules_when_the_group_has_no_firewall_any_more(self):
        self.agent('join')
        self.bundle('', '')
        self.assertIn('host firewall: removed', self.agent())
        self.assertEqual(self.files(), self.before)
        self.of_other()
        self.agent()
        self.assertEqual(self.of_other(), [])

    def test_is_left_alone_by_an_idle_refresh_and_follows_the_group(self):
        self.agent('join')
        self.of_other()
        self.agent()
        self.assertEqual(self.of_other(), [])
        self.bundle(OTHER, OTHER_OPENINGS)
        self.agent()
        ports = ('15020', '15021', '15090')
        self.assertEqual(self.of_other(), [
            'ufw {} proto tcp from {} to any port {}{}'.format(action, source, port, comment) for action, source, comment in (
                ('allow', '10.79.0.0/24', ' comment meshvm'), ('delete allow', '10.78.0.0/24', '')) for port in ports])
        self.assertEqual(self.ports(FAR, HOST, 15090), ['shut'])

    def test_that_is_switched_off_stays_off_and_is_followed_when_it_is_switched_on(self):
        self.host.run('ufw disable')
        before = self.files()
        self.agent('join')
        self.assertEqual(self.files(), before)
        self.assertIn('hostFirewall         in place\n', self.agent('status', 1))
        self.host.run('ufw --force enable')
        self.capture()
        self.assertEqual(self.ports(FAR, HOST, 8080), ['shut'])
        self.agent()
        self.assertEqual(self.ports(FAR, HOST, 8080), ['open'])
        self.host.run('ufw disable')
        self.assertIn('its rules in ufw removed', self.agent('release'))
        self.assertEqual(self.files(), before)

    def test_refuses_on_what_a_rule_of_the_operator_refuses(self):
        self.host.run('ufw insert 1 deny from {} && ufw deny proto tcp from 10.77.0.0/24 to any port 22'.format(NEAR))
        self.agent('join')
        self.assertEqual(self.ports(NEAR, HOST, 22, 9100), ['shut', 'shut'])
        self.assertIn('ufw deny from 10.77.0.0/24 to any port 22 proto tcp', self.rules())
        self.assertEqual(self.tell('refused'), [['ufw', [['tcp', '22', '10.77.0.0/24']]]])

    def test_without_ipv6_is_told_nothing_of_it(self):
        self.agent('join')
        self.assertEqual(self.ports(NEAR6, HOST6, 22), ['open'])
        self.host.run("text=$(sed 's/^IPV6=yes/IPV6=no/' /etc/default/ufw) && echo \"$text\" >/etc/default/ufw && ufw reload")
        self.agent()
        self.assertEqual(self.ports(NEAR, HOST, 22) + self.ports(NEAR6, HOST6, 22), ['open', 'shut'])
        self.bundle(OTHER, OTHER_OPENINGS)
        self.agent()
        self.assertEqual(self.tell('refused'), [['ufw', [['tcp', port, '10.78.0.0/24'] for port in ('15020', '15021', '15090')]]])
        self.assertIn('its rules in ufw removed', self.agent('release'))
        self.assertEqual([rule for rule in self.rules() if 'meshvm' in rule], [])

    def test_that_fails_halfway_keeps_the_table_off_and_the_next_refresh_ends_it(self):
        self.tell('stub', 'ufw', 'case "$*" in *15021*) echo no lock; exit 1;; esac; exec /usr/sbin/ufw "$@"')
        self.assertIn('no lock', self.agent('join', 7))
        self.assertNotIn('meshvm', self.host.run('nft list tables'))
        self.tell('stub', 'ufw', 'exec /usr/sbin/ufw "$@"')
        self.assertNotEqual(self.files(), self.before)
        self.bundle('', '')
        self.agent()
        self.assertEqual(self.files(), self.before)
        self.bundle()
        self.agent()
        self.assert_as_by_the_table_alone()


class BesideFirewalld(Beside):
    def switch_on(self):
        self.need('firewalld', 'firewall-cmd', 'dbus-daemon')
        self.host.run("cat >/run/dbus/system.conf <<'END'\n{}\nEND".format(BUS))
        self.daemon('dbus-daemon', '--config-file=/run/dbus/system.conf', '--nofork', '--nopidfile')
        self.firewalld = self.daemon('firewalld', '--nofork', '--nopid')
        self.wait_until_it_runs()
        # One for good, one for now only.
        self.host.run('firewall-cmd --permanent --add-port=2222/tcp; firewall-cmd --add-port=9999/tcp; firewall-cmd '
                      '--remove-service=ssh; firewall-cmd --permanent --remove-service=ssh')
        self.before = self.settings()

    def daemon(self, *command):
        daemon = subprocess.Popen(self.host.command + list(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        return daemon

    def wait_until_it_runs(self):
        for _ in range(200):
            if subprocess.call(self.host.command + ['firewall-cmd', '--state'], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL) == 0:
                return
            time.sleep(0.05)
        self.fail('firewalld does not start')

    def settings(self):
        """Files and what is set for now."""
        return self.host.run('cd /etc/firewalld && find . -type f | sort | xargs tail -n +1; firewall-cmd --list-all-zones')

    def policy(self):
        return self.host.run('firewall-cmd --policy=meshvm --list-rich-rules')

    def test_sees_that_the_capture_has_redirected(self):
        for tool, source, address in CAPTURES:
            self.assertEqual(self.ports(source, address, 8080, 15006), ['shut', 'shut'])
            self.capture(tool)
            self.assertEqual(self.ports(source, address, 8080, 15006), ['open', 'shut'])
            self.capture(tool, '-D')

    def test_lets_pass_what_the_table_lets_pass_and_nothing_else(self):
        self.assertEqual(self.ports(NEAR, HOST, 22, 9100, 9999), ['shut', 'shut', 'open'])
        self.assertIn('firewalld lets pass what it lets pass', self.agent('join'))
        self.assert_as_by_the_table_alone()
        self.assertIn('hostFirewall         in place, and firewalld\n', self.agent('status', 1))
        self.assertEqual(self.tell('refused'), [['firewalld', []]])
        self.assertIn('9999/tcp', self.host.run('firewall-cmd --list-ports'))

    def test_goes_on_after_a_reload_and_after_a_restart(self):
        self.agent('join')
        self.host.run('firewall-cmd --check-config')
        for again in (self.reload, self.restart):
            again()
            self.assert_as_by_the_table_alone()
            self.assertEqual(self.host.run('firewall-cmd --zone=public --list-rich-rules').strip(), '')
            self.of_other()
            self.agent()
            self.assertEqual(self.of_other(), [])

    def reload(self):
        self.host.run('firewall-cmd --reload')

    def restart(self):
        self.firewalld.terminate()
        self.firewalld.wait()
        self.firewalld = self.daemon('firewalld', '--nofork', '--nopid')
        self.wait_until_it_runs()

    def test_says_what_it_refuses_when_somebody_has_taken_a_rule_away(self):
        self.agent('join')
        ssh = [rule for rule in self.host.run('firewall-cmd --list-rich-rules').splitlines() if '10.77.0.0/24" port port="22"' in rule]
        self.host.run("firewall-cmd --remove-rich-rule='{}'".format(*ssh))
        self.assertEqual(self.tell('refused'), [['firewalld', [['tcp', '22', '10.77.0.0/24']]]])
        self.agent()
        self.assertEqual(self.tell('refused'), [['firewalld', []]])
        self.host.run('rm /etc/firewalld/policies/meshvm.xml')
        self.assertEqual(len(self.tell('refused')[0][1]), 9)

    def test_of_version_1_flushes_the_capture_of_iptables(self):
        if not self.host.run('firewall-cmd --version').startswith('1.'):
            self.skipTest('is about firewalld 1')
        self.agent('join')
        self.capture('iptables')
        self.assertEqual(self.ports(FAR, HOST, 8080), ['open'])
        self.reload()
        self.assertEqual(self.ports(FAR, HOST, 8080), ['shut'])

    def test_keeps_what_the_operator_has_set_for_good_and_for_now(self):
        self.agent('join')
        self.assertIn('host firewall, its rules in firewalld removed', self.agent('release'))
        self.assertEqual(self.settings(), self.before)
        self.agent('join')
        self.reload()
        self.host.run('firewall-cmd --add-port=9999/tcp')
        self.assertIn('host firewall, its rules in firewalld removed', self.agent('release'))
        self.assertEqual(self.settings(), self.before.replace('ports: 9999/tcp', 'ports: 2222/tcp 9999/tcp'))
        self.assertEqual(self.policy().strip(), '')
        self.assertEqual(self.ports(NEAR, HOST, 22, 9100, 9999), ['shut', 'shut', 'open'])
        self.reload()
        self.assertNotIn('meshvm', self.host.run('firewall-cmd --get-policies'))

    def test_loses_our_rules_when_they_were_made_permanent_by_somebody(self):
        self.agent('join')
        self.host.run('firewall-cmd --runtime-to-permanent')
        self.assertIn('15006', self.host.run('cat /etc/firewalld/zones/public.xml'))
        self.agent('release')
        self.assertEqual(self.host.run('grep -rl -e 15006 -e meshvm /etc/firewalld --include=*.xml || true'), '')
        self.reload()
        self.assertEqual(self.ports(NEAR, HOST, 22, 9999), ['shut', 'open'])

    def test_loses_our_rules_when_the_group_has_no_firewall_any_more(self):
        self.agent('join')
        self.bundle('', '')
        self.assertIn('host firewall: removed', self.agent())
        self.assertEqual(self.settings(), self.before)

    def test_follows_the_group_before_it_has_loaded_our_policy_and_afterwards(self):
        self.agent('join')
        self.bundle(OTHER, OTHER_OPENINGS)
        self.assertIn('firewalld lets pass', self.agent())
        self.assertEqual(self.ports(FAR, HOST, 15090), ['shut'])
        self.assertNotIn('10.78', self.settings())
        self.reload()
        self.bundle()
        self.assertIn('firewalld lets pass', self.agent())
        self.assert_as_by_the_table_alone()
        policy = self.policy()
        self.assertEqual((policy.count('10.78.0.0/24'), policy.count('10.79.0.0/24')), (3, 0))
        self.reload()
        self.assertEqual(sorted(self.policy().splitlines()), sorted(policy.splitlines()))

    def test_with_a_zone_that_drops_everything_and_another_for_some_callers(self):
        self.host.run('firewall-cmd --set-default-zone=drop && firewall-cmd --zone=internal --add-source=10.78.0.0/24')
        self.agent('join')
        self.assert_as_by_the_table_alone()

    def test_refuses_on_what_a_rule_of_the_operator_refuses(self):
        ban = '--add-rich-rule=\'rule family="ipv4" source address="{}" drop\''.format(NEAR)
        self.host.run('firewall-cmd {0} && firewall-cmd --permanent {0}'.format(ban))
        self.agent('join')
        self.assertEqual(self.ports(NEAR, HOST, 22), ['shut'])
        self.reload()
        self.assertEqual(self.ports(NEAR, HOST, 22), ['shut'])
        self.assertEqual(self.ports(FAR, HOST, 15090), ['open'])

    def test_with_its_backend_of_iptables(self):
        self.host.run('cd /etc/firewalld && text=$(sed s/^FirewallBackend=.*/FirewallBackend=iptables/ firewalld.conf) && '
                      'echo "$text" >firewalld.conf')
        self.restart()
        self.assertNotIn('inet firewalld', self.host.run('nft list tables'))
        self.assertEqual(self.ports(NEAR, HOST, 22), ['shut'])
        self.agent('join')
        self.assert_as_by_the_table_alone()
        self.reload()
        self.assert_as_by_the_table_alone()

    def test_and_ufw_at_once(self):
        self.need('ufw')
        self.host.run('ufw --force enable')
        self.agent('join')
        self.assertIn('hostFirewall         in place, and ufw, and firewalld\n', self.agent('status', 1))
        self.assert_as_by_the_table_alone()
        self.assertIn('host firewall, its rules in ufw, its rules in firewalld removed', self.agent('release'))
        self.assertEqual(self.settings(), self.before)

    def test_that_is_stopped_stays_stopped_and_keeps_nothing_after_release(self):
        self.agent('join')
        self.firewalld.terminate()
        self.firewalld.wait()
        self.agent()
        self.assertIn('hostFirewall         in place\n', self.agent('status', 1))
        self.assertIn('its rules in firewalld removed', self.agent('release'))
        self.assertEqual(self.host.run('find /etc/firewalld -name "meshvm*"'), '')


if __name__ == '__main__':
    unittest.main()
