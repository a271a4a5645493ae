"""What the survey makes of settings: which trust the loopback range, go by address, or call in a way that the mesh doesn't answer."""
import os
import tempfile
import unittest

from support import load_survey

survey = load_survey()
TRUSTS, MATCHES, LIMITS = survey.TRUSTS_LOOPBACK, survey.MATCHES_ADDRESS, survey.LIMITS_BY_ADDRESS


def found(findings, text):
    return sorted({each for each in findings(text) if each[1] is not None})


class Addresses(unittest.TestCase):
    def test_what_the_sidecars_address_falls_under(self):
        for text in ('127.0.0.0/8', '127.', '127.0.0', '127.0.0.0/255.0.0.0', '127.0.0.6', '[::ffff:127.0.0.0]/104', '"127.0.0.0/8"', '126.0.0.0/7'):
            self.assertEqual(survey.address_finding(text), TRUSTS, text)

    def test_this_machine_alone_stays_this_machine_alone(self):
        for text in ('127.0.0.1', '::1', '[::1]/128', 'localhost', '127.0.0.1/32'):
            self.assertIsNone(survey.address_finding(text), text)

    def test_everybody_stays_everybody(self):
        for text in ('all', '0.0.0.0/0', '::/0', '*'):
            self.assertIsNone(survey.address_finding(text), text)

    def test_others_are_no_longer_known(self):
        for text in ('10.0.0.0/8', '10.', 'fd00::/8', 'app.example.com', '.example.com'):
            self.assertEqual(survey.address_finding(text), MATCHES, text)


class Servers(unittest.TestCase):
    def test_nginx(self):
        self.assertEqual(found(survey.nginx_findings, '''
            # allow 127.0.0.0/8;
            location / { allow 127.0.0.0/8; allow 127.0.0.1; deny all; }
            location /admin { allow 10.0.0.0/8; deny all; }
            limit_req_zone $binary_remote_addr zone=one:10m rate=1r/s;
            limit_req_zone $http_x_user zone=two:10m rate=1r/s;
            proxy_pass http://backend;
            proxy_pass http://unix:/run/app.sock;'''),
                         [(3, TRUSTS), (4, MATCHES), (5, LIMITS), (7, survey.CALLS_BY_HTTP10)])
        self.assertEqual(found(survey.nginx_findings, 'proxy_pass http://a;\nproxy_http_version 1.1;'), [])

    def test_apache(self):
        self.assertEqual(found(survey.apache_findings, '''
            Require local
            #Require local
            Require ip 127.0.0.1 ::1
            Require ip 10.1 192.168.0.0/16
            Require not host evil.example.com
            Allow from 127.0.0.0/255.0.0.0
            Require all granted
            RemoteIPInternalProxy 127.0.0.0/8
            Require expr "-R '10.0.0.0/8'"'''),
                         [(2, TRUSTS), (5, MATCHES), (6, MATCHES), (7, TRUSTS), (9, TRUSTS), (10, MATCHES)])

    def test_tomcat(self):
        self.assertEqual(found(survey.tomcat_findings, '''
            <!-- <Valve className="org.apache.catalina.valves.RemoteAddrValve"
                   allow="127\\.\\d+\\.\\d+\\.\\d+"/> -->
            <Valve className="org.apache.catalina.valves.RemoteAddrValve"
                   allow="127\\.\\d+\\.\\d+\\.\\d+|::1|0:0:0:0:0:0:0:1" />
            <Valve className="org.apache.catalina.valves.RemoteAddrValve" allow="127\\.0\\.0\\.1|::1"/>
            <Valve className="org.apache.catalina.valves.RemoteCIDRValve" allow="127.0.0.0/8,::1/128" />
            <Valve className="org.apache.catalina.valves.RemoteCIDRValve" deny="10.2.0.0/16" />
            <Valve className="org.apache.catalina.valves.RemoteIpValve" />
            <Valve className="org.apache.catalina.valves.RemoteIpValve" internalProxies="10\\.0\\.0\\.1" />
            <Valve className="org.apache.catalina.valves.AccessLogValve" pattern="common" />'''),
                         [(4, TRUSTS), (7, TRUSTS), (8, MATCHES), (9, TRUSTS)])

    def test_postgresql(self):
        self.assertEqual(found(survey.postgresql_findings, '''
local   all       all                            peer
host    all       all        127.0.0.1/32        trust
host    all       all        127.0.0.0/8         trust
host    all       all        127.0.0.0  255.0.0.0  trust
hostssl "my db"   app        10.0.0.0/8          scram-sha-256
host    all       all        samenet             md5
host    all       all        all                 scram-sha-256
# host  all       all        10.0.0.0/8          trust'''),
                         [(4, TRUSTS), (5, TRUSTS), (6, MATCHES), (7, TRUSTS)])

    def test_redis(self):
        self.assertEqual(found(survey.redis_findings, 'bind *\nprotected-mode yes\n'), [(2, survey.REFUSES_OTHERS)])
        self.assertEqual(found(survey.redis_findings, 'protected-mode yes\nrequirepass secret\n'), [])
        self.assertEqual(found(survey.redis_findings, 'protected-mode no\n'), [])

    def test_postfix(self):
        self.assertEqual(found(survey.postfix_findings, 'a = b\nmynetworks = 127.0.0.0/8 [::1]/128\n  10.0.0.0/8\nrelayhost =\n'),
                         [(2, MATCHES), (2, TRUSTS)])
        self.assertEqual(found(survey.postfix_findings, 'mynetworks_style = subnet\n'), [(1, TRUSTS)])

    def test_haproxy(self):
        self.assertEqual(found(survey.haproxy_findings, '''
            acl local src 127.0.0.0/8
            acl office src 10.0.0.0/8 192.168.0.0/16
            acl named src -f /etc/haproxy/list
            stick-table type ip size 1m expire 10s
            server a 10.0.0.1:80 check'''),
                         [(2, TRUSTS), (3, MATCHES), (5, LIMITS), (6, survey.CHECKS_BY_CONNECT)])
        self.assertEqual(found(survey.haproxy_findings, 'option httpchk GET /healthz\nserver a 10.0.0.1:80 check'),
                         [(1, survey.CALLS_BY_HTTP10)])
        self.assertEqual(found(survey.haproxy_findings, 'option httpchk GET / HTTP/1.1\nserver a 10.0.0.1:80 check'), [])

    def test_tcp_wrappers_and_keepalived(self):
        self.assertEqual(found(survey.wrappers_findings, '# x: 10.\nALL: 127.\nsshd: 10.1.\nALL: ALL\n'), [(2, TRUSTS), (3, MATCHES)])
        self.assertEqual(found(survey.keepalived_findings, 'real_server 10.0.0.1 80 {\n  TCP_CHECK {\n}\n! TCP_CHECK\n'),
                         [(2, survey.CHECKS_BY_CONNECT)])


class Files(unittest.TestCase):
    def test_none_stops_the_survey(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(root + '/etc/nginx/conf.d/folder.conf')
            os.mkfifo(root + '/etc/nginx/conf.d/pipe.conf')
            os.symlink('/nowhere', root + '/etc/nginx/conf.d/away.conf')
            with open(root + '/etc/nginx/conf.d/bytes.conf', 'wb') as file:
                file.write(b'\xff\xfe\x00allow 10.0.0.0/8;\nallow 127.0.0.0/8;')
            with open(root + '/etc/nginx/conf.d/\u202eevil\n.conf', 'w') as file:
                file.write('allow 127.0.0.0/8;')
            settings, _ = survey.configuration([], {'nginx'}, root)
        self.assertEqual([(each['file'], each['line']) for each in settings if each['finding'] == TRUSTS],
                         [('/etc/nginx/conf.d/bytes.conf', 2), ('/etc/nginx/conf.d/\\u202eevil\\n.conf', 1)])

    def test_only_those_of_servers_that_run(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(root + '/etc/nginx')
            with open(root + '/etc/nginx/nginx.conf', 'w') as file:
                file.write('allow 127.0.0.0/8;')
            self.assertEqual([len(survey.configuration([], running, root)[0]) for running in ({'nginx'}, {'apache2'})], [1, 0])

    def test_no_text_keeps_it_busy(self):
        # What backtracks over a whole file would be busy until tomorrow.
        for _server, _programs, findings, _patterns in survey.SERVERS:
            for text in ('<Valve ' + 'a="' * 20000, 'src ' + '1 ' * 50000, 'mynetworks = ' + ' \n' * 50000, 'host ' + ' a' * 50000, '#' * 200000,
                         '<!-- --> ' * 50000, 'Require ' * 30000, 'allow ' * 30000, ' ' * 100000, '\n' * 100000, '<!--' * 30000):
                list(findings(text))


if __name__ == '__main__':
    unittest.main()
