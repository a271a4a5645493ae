"""Settings of known servers that joining turns."""
import glob
import os
import re

from .texts import plain, read
from .addresses import (CALLS_BY_HTTP10, CHECKS_BY_CONNECT, GRANTS, LIMITS_BY_ADDRESS, MATCHES_ADDRESS, REFUSES_OTHERS, TRUSTS_LOOPBACK,
                        address_finding)

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
# Name, names of its programs as the kernel tells them, what reads its settings, and where they are.
SERVERS = (
    ('nginx', ('nginx',), nginx_findings, (
        '/etc/nginx/nginx.conf', '/etc/nginx/conf.d/*.conf', '/etc/nginx/sites-enabled/*', '/etc/nginx/default.d/*.conf',
        '/etc/nginx/modules-enabled/*.conf', '/etc/nginx/snippets/*', '/usr/local/nginx/conf/*.conf')),
    ('apache', ('apache2', 'httpd'), apache_findings, (
        '/etc/apache2/apache2.conf', '/etc/apache2/*-enabled/*', '/etc/httpd/conf/*.conf', '/etc/httpd/conf.d/*.conf')),
    ('tomcat', ('java', 'jsvc'), tomcat_findings, (
        '/etc/tomcat*/server.xml', '/etc/tomcat*/context.xml', '/etc/tomcat*/Catalina/*/*.xml',
        '/var/lib/tomcat*/webapps/*/META-INF/context.xml', '/opt/*tomcat*/conf/*.xml', '/opt/*tomcat*/webapps/*/META-INF/context.xml')),
    ('postgresql', ('postgres', 'postmaster'), postgresql_findings, (
        '/etc/postgresql/*/*/pg_hba.conf', '/var/lib/pgsql/data/pg_hba.conf', '/var/lib/pgsql/*/data/pg_hba.conf')),
    ('redis', ('redis-server', 'valkey-server'), redis_findings, ('/etc/redis/*.conf', '/etc/redis.conf', '/etc/valkey/*.conf')),
    ('postfix', ('master',), postfix_findings, ('/etc/postfix/main.cf',)),
    ('haproxy', ('haproxy',), haproxy_findings, ('/etc/haproxy/*.cfg', '/etc/haproxy/conf.d/*.cfg')),
    ('keepalived', ('keepalived',), keepalived_findings, ('/etc/keepalived/*.conf',)),
    ('tcp-wrappers', None, wrappers_findings, ('/etc/hosts.allow', '/etc/hosts.deny')),
)
MOST_FILES = 500  # Of each server.


def configuration(listeners_found, running, root=''):
    """[{server, file, line, finding}], of servers that run and files that we may read; and the files that we may not."""
    found, unreadable = [], []
    for server, programs, findings, patterns in SERVERS:
        if programs is not None and running.isdisjoint(programs):
            continue
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
