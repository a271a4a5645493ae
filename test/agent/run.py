#!/usr/bin/env python3
"""Runs the agent's tests: with this Python, and then with the oldest and the newest from 3.6 on that this computer has.

Found are python3.N on the PATH and the versions of pyenv. As in a unit of systemd, no LANG is set. With the other Pythons what needs a package
of requirements.txt is skipped, and so is what reads the source alone, or takes minutes and runs Python no differently: the agent killed at each of
its steps, the matrix of other firewalls. Arguments go on to unittest.
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
    return subprocess.call([python, '-m', 'unittest'] + modules, env=environment, cwd=FOLDER)


def main():
    bare = {name: value for name, value in os.environ.items() if name != 'LANG' and not name.startswith('LC_')}
    found = pythons()
    others = sorted({min(found), max(found)} - {sys.version_info[:2]}) if found else []
    modules = sys.argv[1:] or sorted(name[:-3] for name in os.listdir(FOLDER) if re.match(r'test_\w+\.py$', name))
    codes = [suite(sys.executable, bare, modules)]
    without = {name: value for name, value in bare.items() if name != 'CI'}
    codes += [suite(found[version], without, [name for name in modules if name not in ONCE]) for version in others]
    return max(codes)


if __name__ == '__main__':
    sys.exit(main())
