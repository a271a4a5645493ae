#!/usr/bin/env python3
"""Runs the agent's tests: the agent with this Python, and then with the oldest and the newest from 3.6 on that this computer has.

Found are python3.N on the PATH and the versions of pyenv. As in a unit of systemd, no LANG is set. The tests themselves always run with this
Python. What reads the source alone, or takes minutes and runs Python no differently (the agent killed at each of its steps, the matrix of other
firewalls), runs once. Arguments go on to unittest.
"""
import glob
import os
import re
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))


def pythons():
    """Interpreters by version."""
    found = {}
    pyenv = os.environ.get('PYENV_ROOT', os.path.expanduser('~/.pyenv'))
    folders = glob.glob(pyenv + '/versions/*/bin') + os.environ.get('PATH', '').split(os.pathsep)
    for path in [path for folder in folders for path in glob.glob(folder + '/python3.*')]:
        if not re.search(r'/python3\.\d+$', path):
            continue
        try:
            text = subprocess.check_output([path, '-c', 'import sys, ssl; print(*sys.version_info[:2])'], stderr=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError):
            continue
        version = tuple(int(part) for part in text.split())
        if version >= (3, 6):
            found.setdefault(version, path)
    return found


ONCE = ('test_source', 'test_files', 'test_firewall_beside')


def suite(python, environment, modules):
    version = subprocess.check_output([python, '-V']).decode().strip()
    print('=== the agent with {}'.format(version), flush=True)
    return subprocess.call([sys.executable, '-m', 'unittest'] + modules, env=dict(environment, MESHVM_TEST_PYTHON=python), cwd=FOLDER)


def main():
    bare = {name: value for name, value in os.environ.items() if name != 'LANG' and not name.startswith('LC_')}
    found = pythons()
    others = sorted({min(found), max(found)} - {sys.version_info[:2]}) if found else []
    modules = sys.argv[1:] or sorted(name[:-3] for name in os.listdir(FOLDER) if re.match(r'test_\w+\.py$', name))
    codes = [suite(sys.executable, bare, modules)]
    codes += [suite(found[version], bare, [name for name in modules if name not in ONCE]) for version in others]
    return max(codes)


if __name__ == '__main__':
    sys.exit(main())
