"""The survey of a machine with real servers, from Debian's packages with Debian's settings (.ci/run installs them)."""
import unittest

from support import Machine

START = r'''
mkdir -p /run/lock /run/mysqld /run/redis /run/postgresql
chown mysql /run/mysqld; chown redis /run/redis; chown postgres /run/postgresql
sed -i 's/^Listen 80$/Listen 8081/' /etc/apache2/ports.conf
echo 'proxy_pass http://127.0.0.1:8080;' >/etc/nginx/snippets/upstream.conf
printf 'location /app { include snippets/upstream.conf; }\nlocation = /healthz { return 200; }\n' >/run/locations
sed -i '/^[[:space:]]*server_name _;/r /run/locations' /etc/nginx/sites-available/default
echo "listen_addresses = '*'" >/etc/postgresql/15/main/conf.d/all.conf
echo 'host all all 10.9.0.0/24 scram-sha-256' >>/etc/postgresql/15/main/pg_hba.conf
# As Tomcat's project ships it: Debian's descriptor goes before the application's own.
rm /etc/tomcat10/Catalina/localhost/manager.xml
cp -r /usr/share/tomcat10-admin/manager /var/lib/tomcat10/webapps/
nginx
apachectl start 2>/dev/null
pg_ctlcluster 15 main start
redis-server /etc/redis/redis.conf >/dev/null
postfix start 2>/dev/null
'''
MARIADB = 'exec mariadbd --user=mysql --bind-address=0.0.0.0'
TOMCAT = '''
export CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=/var/lib/tomcat10 CATALINA_TMPDIR=/run/tomcat
install -d -o tomcat $CATALINA_TMPDIR
cd $CATALINA_BASE && exec setpriv --reuid tomcat --regid tomcat --clear-groups sh /usr/libexec/tomcat10/tomcat-start.sh
'''


class Servers(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.machine = Machine()
        cls.addClassCleanup(cls.machine.stop)
        cls.machine.background(MARIADB)
        cls.machine.run(START)
        cls.machine.background(TOMCAT)
        cls.machine.wait_for('</dev/tcp/127.0.0.1/3306')
        cls.machine.wait_for('curl -s http://127.0.0.1:8080/ -o /dev/null')
        cls.answer = cls.machine.survey('--ask-http')

    def listeners(self, *names):
        return sorted({(each['port'],) + tuple(each[name] for name in names)
                       for each in self.answer['listeners'] if each['protocol'] == 'tcp'}, key=str)

    def test_program_and_user_of_every_port(self):
        self.assertEqual(self.listeners('program', 'user'), [
            (25, 'master', 'root'), (3306, 'mariadbd', 'mysql'), (5432, 'postgres', 'postgres'),
            (6379, 'redis-server', 'root'), (80, 'nginx', 'root'), (8080, 'java', 'tomcat'), (8081, 'apache2', 'root')])

    def test_what_only_the_machine_itself_can_call(self):
        self.assertEqual([port for port, only in self.listeners('loopbackOnly') if only], [6379])

    def test_who_speaks_first(self):
        self.assertEqual(self.listeners('speaksFirst', 'speaks'), [
            (25, True, 'smtp'), (3306, True, 'mysql'), (5432, False, None),
            (6379, False, None), (80, False, None), (8080, False, None), (8081, False, None)])

    def test_pages_that_tell_health(self):
        self.assertEqual(self.listeners('http', 'healthPage'), [
            (25, None, None), (3306, None, None), (5432, False, None), (6379, False, None),
            (80, True, '/healthz'), (8080, True, '/'), (8081, True, '/')])

    def test_settings_that_joining_turns(self):
        found = {(each['server'], each['file'], each['finding']) for each in self.answer['configuration']}
        self.assertEqual(found, {
            ('nginx', '/etc/nginx/snippets/upstream.conf', 'calls-by-http-1.0'),
            ('apache', '/etc/apache2/mods-enabled/status.conf', 'trusts-loopback'),
            ('tomcat', '/var/lib/tomcat10/webapps/manager/META-INF/context.xml', 'trusts-loopback'),
            ('postgresql', '/etc/postgresql/15/main/pg_hba.conf', 'matches-address'),
            ('redis', '/etc/redis/redis.conf', 'refuses-others'),
            ('postfix', '/etc/postfix/main.cf', 'trusts-loopback'),
            ('mysql', None, 'matches-address-in-data')})

    def test_places_are_lines_of_the_files(self):
        for each in self.answer['configuration']:
            if each['finding'] == 'trusts-loopback':
                line = self.machine.run("sed -n %dp '%s'" % (each['line'], each['file']))
                self.assertRegex(line, r'Require local|127\.|\bValve\b')

    def test_no_content_of_files_is_told(self):
        self.assertNotIn('scram-sha-256', str(self.answer))
        self.assertNotIn('10.9.0.0/24', str(self.answer['configuration']))

    def test_the_machine(self):
        self.assertEqual((self.answer['machine']['address'], self.answer['machine']['networks'], self.answer['machine']['distribution']['id']),
                         ('10.9.0.5', [{'interface': 'eth0', 'cidr': '10.9.0.0/24'}], 'debian'))

    def test_people_are_told_the_same(self):
        text = self.machine.survey_for_people()
        self.assertIn('\n  tcp 0.0.0.0 port 3306: mariadbd as mysql, SPEAKS FIRST (mysql)\n', text)
        self.assertIn('\n  tcp 127.0.0.1 port 6379: redis-server as root, loopback only\n', text)
        self.assertIn('/etc/postfix/main.cf line ', text)

    def test_callers_and_called_by_address_and_port(self):
        self.machine.run_beside('setsid python3 -c %s </dev/null >/dev/null 2>&1 &' % "'%s'" % HOLD)
        self.machine.run('setsid python3 -c "import socket, time; a = socket.create_connection((\'10.9.0.9\', 7000)); time.sleep(60)" '
                         '</dev/null >/dev/null 2>&1 &')
        self.machine.wait_for('ss -Htn state established dst 10.9.0.9 | grep -q :7000')
        self.machine.wait_for('ss -Htn state established src 10.9.0.5:80 | grep -q .')
        answer = self.machine.survey('--no-connect', '--for', '2s')
        self.assertIn((80, '10.9.0.9'), [(each['port'], each['address']) for each in answer['callers']])
        [call] = [each for each in answer['calls'] if each['port'] == 7000]
        self.assertEqual((call['address'], call['local'], call['user'], call['program'][:6]), ('10.9.0.9', False, 'root', 'python'))
        self.assertGreater(call['seen'], 1)


HOLD = '''
import socket, time
server = socket.create_server(("0.0.0.0", 7000))
caller = socket.create_connection(("10.9.0.5", 80))
taken = server.accept()
time.sleep(60)
'''

if __name__ == '__main__':
    unittest.main()
