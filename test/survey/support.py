"""What the tests of the survey stand on: the program as a module, and a machine in namespaces that runs servers of Debian."""
import atexit
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# The interpreter that runs the survey, such as a Python 3.6; the tests themselves may need a later one.
PYTHON = os.environ.get('MESHVM_TEST_PYTHON', sys.executable)


def joined_program():
    """The program as machines get it: a file that ends with the tests."""
    folder = tempfile.mkdtemp(prefix='meshvm-survey-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    program = Path(folder) / 'survey.py'
    print_it = ['node_modules/.bin/tsx', 'lib/cli/main.ts', 'survey', '--print-program', '--output', str(program)]
    subprocess.run(print_it, cwd=str(REPOSITORY), check=True)
    return program


PROGRAM = joined_program()


def load_survey():
    """The survey as a module, for tests of its functions."""
    spec = importlib.util.spec_from_file_location('meshvm_survey', str(PROGRAM))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Machine:
    """A Linux machine without a kernel of its own: network, processes, /etc, /var and /run are its own, and end with it."""
    ADDRESS, NEIGHBOUR = '10.9.0.5', '10.9.0.9'

    def __init__(self):
        if os.getuid() != 0:
            raise unittest.SkipTest('namespaces need root')
        self.folder = tempfile.TemporaryDirectory(prefix='meshvm-survey-')
        self.neighbour = self._start('echo ready; exec sleep infinity')
        self.process = self._start(SETUP + 'echo ready; exec sleep infinity', FOLDER=self.folder.name)
        ends = [str(self._first_process(process)) for process in (self.process, self.neighbour)]
        subprocess.run(['ip', 'link', 'add', 'eth0', 'netns', ends[0], 'type', 'veth', 'peer', 'name', 'eth0', 'netns', ends[1]], check=True)
        plug = 'ip address add %s/24 dev eth0; ip link set eth0 up; ip route add default via 10.9.0.1'
        self.run(plug % self.ADDRESS)
        self.run_beside(plug % self.NEIGHBOUR)

    def _start(self, script, **env):
        isolated = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-ec', script]
        process = subprocess.Popen(isolated, stdout=subprocess.PIPE, env=dict(os.environ, **env))
        for line in process.stdout:
            if line == b'ready\n':
                return process
        raise RuntimeError('the machine did not start: exit code %d' % process.wait())

    @staticmethod
    def _first_process(process):
        return int(Path('/proc/%d/task/%d/children' % (process.pid, process.pid)).read_text().split()[0])

    def _enter(self, process, command, **options):
        target = ['nsenter', '--target', str(self._first_process(process)), '--net', '--mount', '--pid', '--wd=/']
        return subprocess.run(target + command, stdout=subprocess.PIPE, universal_newlines=True, **options)

    def run(self, script):
        """What a shell command on the machine prints."""
        return self._enter(self.process, ['bash', '-ec', script], check=True).stdout

    def run_beside(self, script):
        """What a shell command prints on the machine next to it."""
        return self._enter(self.neighbour, ['bash', '-ec', script], check=True).stdout

    def background(self, script):
        self.run('setsid bash -c %s </dev/null >/dev/null 2>&1 &' % quoted(script))

    def wait_for(self, script, seconds=60):
        """Waits until a shell command on the machine succeeds."""
        end = time.monotonic() + seconds
        while self._enter(self.process, ['bash', '-c', script], stderr=subprocess.DEVNULL).returncode != 0:
            if time.monotonic() > end:
                raise AssertionError('never: ' + script)
            time.sleep(0.1)

    def survey(self, *arguments, prefix=()):
        """What the survey tells of the machine."""
        command = list(prefix) + [PYTHON, str(PROGRAM), '--json'] + list(arguments)
        return json.loads(self._enter(self.process, command, check=True).stdout)

    def survey_for_people(self, *arguments):
        return self._enter(self.process, [PYTHON, str(PROGRAM)] + list(arguments), check=True).stdout

    def stop(self):
        for process in (self.process, self.neighbour):
            process.kill()
            process.wait()
            process.stdout.close()
        self.folder.cleanup()


def quoted(text):
    return "'%s'" % text.replace("'", "'\\''")


SETUP = '''
mount -t tmpfs tmpfs "$FOLDER"
for part in etc var; do
  mkdir "$FOLDER/$part" "$FOLDER/$part-work"
  mount -t overlay overlay -o "lowerdir=/$part,upperdir=$FOLDER/$part,workdir=$FOLDER/$part-work" /$part
done
mount -t tmpfs -o mode=755 tmpfs /run
ip link set lo up
'''
