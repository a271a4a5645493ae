"""The files themselves: what they need, what they install, and what they say about themselves."""
import ast
import builtins
import dis
import os
import re
import shutil
import subprocess
import sys
import types
import unittest

from support import AGENT, CERTIFICATE, FIRST_STAGE, MODULES, Machine, load_agent

PROGRAMS = (AGENT, FIRST_STAGE, CERTIFICATE)
SOURCES = [path for path in sorted(MODULES.glob('*.py')) if path.name != 'aws_lifecycle.py'] + list(PROGRAMS)


class Source(unittest.TestCase):
    def test_is_python_3_6(self):
        for source in SOURCES:
            ast.parse(source.read_text(), feature_version=(3, 6))

    def test_uses_nothing_later_than_python_3_6(self):
        done = subprocess.run([sys.executable, '-c', 'import vermin; vermin.main()', '-t=3.6-', '--violations', '--no-tips']
                              + [str(source) for source in SOURCES], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if b"No module named 'vermin'" in done.stdout and not os.environ.get('CI'):
            self.skipTest('pip install -r test/agent/requirements.txt')
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_imports_the_standard_library_only(self):
        allowed = {'argparse', 'base64', 'calendar', 'contextlib', 'email', 'errno', 'fcntl', 'hashlib', 'hmac', 'http', 'json', 'os', 'pwd',
                   're', 'shlex', 'signal', 'site', 'socket', 'ssl', 'stat', 'subprocess', 'sys', 'tempfile', 'time', 'urllib', 'yaml'}
        for source in SOURCES:
            for node in ast.walk(ast.parse(source.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else (
                    [node.module] if isinstance(node, ast.ImportFrom) and not node.level else [])
                for name in names:
                    self.assertIn(name.split('.')[0], allowed)

    def test_runs_no_shell_and_evaluates_nothing(self):
        for source in SOURCES:
            text = source.read_text()
            for word in ('shell=True', 'eval(', 'exec(', 'os.system', 'os.popen', 'pickle', 'CERT_NONE', 'check_hostname'):
                self.assertNotIn(word, text)

    def test_one_module_opens_what_others_may_write(self):
        """The others do so in folders of root alone: /etc, /var/lib/meshvm, /usr/local/bin."""
        calls = {'open', 'chmod', 'chown', 'link', 'makedirs', 'mkdir', 'remove', 'rename', 'replace', 'rmdir', 'symlink', 'truncate', 'unlink'}
        found = []
        for path in sorted(MODULES.glob('*.py')):
            for node in ast.walk(ast.parse(path.read_text())):
                name = getattr(node, 'func', None)
                if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name) and name.value.id in ('os', 'shutil'):
                    name = name.attr if name.attr in calls else ''
                elif isinstance(name, ast.Name) and name.id == 'open':
                    name = 'open'
                else:
                    continue
                if name and path.stem not in ('files', 'aws_lifecycle', 'direct', 'first_stage'):
                    found.append('{}: {}'.format(path.stem, ast.unparse(node.args[0])))
        self.assertEqual(found, ['commands: STATE_FOLDER', 'commands: STATE_FOLDER', 'hosts: path', 'package: path',
                                 "sidecar_files: ROOT + '/var/lib/istio/config'",
                                 "sidecar_files: '/var/lib/istio' if not ROOT else '../var/lib/istio'",
                                 'state: STATE_FOLDER', 'state: STATE_FOLDER', 'state: STATE_FOLDER'])

    def test_lines_are_readable(self):
        for source in SOURCES:
            for number, line in enumerate(source.read_text().splitlines(), 1):
                self.assertLessEqual(len(line), 128, '{}:{}'.format(source.name, number))


class Modules(unittest.TestCase):
    """Each stands for itself: it imports what it uses and nothing else, from modules before it."""

    def names(self):
        return [path.stem for path in sorted(MODULES.glob('*.py'))]

    def test_is_loaded_alone(self):
        for name in self.names():
            done = subprocess.run([sys.executable, '-B', '-c', 'import agent.' + name], cwd=str(MODULES.parent),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual((name, done.returncode, done.stdout), (name, 0, b''))

    def test_uses_what_it_imports_and_imports_what_it_uses(self):
        for name in self.names():
            text = (MODULES / (name + '.py')).read_text()
            code = compile(text, name, 'exec')
            used, defined = set(self.names_in(code, 'LOAD')), set(self.names_in(code, 'STORE')) | set(dir(builtins))
            self.assertEqual((name, used - defined - {'__name__', '__file__'}), (name, set()))
            imported = {(alias.asname or alias.name).split('.')[0] for node in ast.parse(text).body
                        if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
            self.assertEqual((name, imported - used), (name, set()))

    def names_in(self, code, doing):
        """Names of modules and classes that it loads or stores."""
        for step in dis.get_instructions(code):
            if step.opname in (doing + '_GLOBAL', doing + '_NAME'):
                yield step.argval
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                yield from self.names_in(constant, doing)

    def test_comments_are_all_that_user_data_leaves_out(self):
        def bare(tree):
            for node in ast.walk(tree):
                body = getattr(node, 'body', None)
                if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                    del body[0]
            return ast.dump(tree)

        for program, main in ((FIRST_STAGE, 'first_stage'), (CERTIFICATE, 'certificate')):
            found = bare(ast.parse(program.read_text()))
            for node in ast.parse((MODULES / (main + '.py')).read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    self.assertIn(bare(node), found)


class Help(unittest.TestCase):
    def test_names_every_command_and_exit_code(self):
        output = Machine().run('--help').output
        for word in ('join', 'refresh', 'status', 'doctor', 'drain', 'release', 'exit codes', '  7  '):
            self.assertIn(word, output)

    def test_every_command_has_its_own(self):
        for command in ('join', 'refresh', 'status', 'doctor', 'drain', 'release'):
            result = Machine().run(command, '--help')
            self.assertEqual(result.code, 0)
            self.assertIn('exit codes', result.output)

    def test_a_wrong_command_line(self):
        self.assertEqual(Machine().run('juggle').code, 2)
        self.assertEqual(Machine().run().code, 2)


class Units(unittest.TestCase):
    def setUp(self):
        agent = load_agent()
        self.units = dict(agent.UNIT_FILES, **{agent.FIREWALL_UNIT: agent.FIREWALL_UNIT_TEXT})

    def test_pass_systemds_own_check(self):
        if not shutil.which('systemd-analyze'):
            self.skipTest('needs systemd-analyze')
        machine = Machine()
        units = machine.root / 'units'
        machine.write('units/istio.service', '[Service]\nExecStart=/bin/true\nRestart=always\n')
        for name, text in self.units.items():
            machine.write('units/' + name, text.format(seconds=300, dead_man=300, limit=2400).replace('/usr/local/bin/meshvm', '/bin/true'))
        names = sorted(str(units / name) for name in list(self.units) + ['istio.service'] if '/' not in name)
        done = subprocess.run(['systemd-analyze', 'verify', '--man=no'] + names, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=dict(os.environ, SYSTEMD_UNIT_PATH='{}:'.format(units)))
        ours = [line for line in done.stdout.decode().splitlines() if 'meshvm' in line or 'istio' in line]
        self.assertEqual(ours, [])
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_use_no_setting_later_than_systemd_239(self):
        known = set('Description Wants Requires After Before Type ExecStart TimeoutStartSec WantedBy OnActiveSec OnUnitInactiveSec '
                    'AccuracySec ListenFIFO Symlinks SocketUser SocketMode StandardInput StandardOutput SyslogIdentifier DynamicUser '
                    'NoNewPrivileges MemoryMax Environment TimeoutStopSec DefaultDependencies PartOf Conflicts ConditionPathExists '
                    'RemainAfterExit'.split())
        used = set(re.findall('^(\\w+)=', '\n'.join(self.units.values()), re.MULTILINE))
        self.assertEqual(used - known, set())


if __name__ == '__main__':
    unittest.main()
