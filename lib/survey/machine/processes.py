"""Whose a socket is."""
import os
import pwd
import re
import time

from .texts import plain, read

PROCESSES_SECONDS = 5  # How often all processes are looked at for the owner of a new socket.


def user_name(uid):
    try:
        return plain(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return str(uid)


def program_name(pid):
    """Name of a process' program, as far as we may know: a process can call itself what it likes."""
    name = plain(read('/proc/%s/comm' % pid))
    try:
        file = plain(os.path.basename(os.readlink('/proc/%s/exe' % pid)).replace(' (deleted)', ''))
    except OSError:
        return name or None
    # The kernel cuts names after 15 signs, and Node.js gives its own away. Else the file may be any link's end.
    return file if file.startswith(name) or name.endswith('MainThread') else name


def unit_name(pid):
    """(unit, whether it is in a container) by a process' control group."""
    groups = [line.split(':', 2)[2] for line in read('/proc/%s/cgroup' % pid).splitlines() if line.count(':') >= 2]
    contained = any(re.search(r'docker|libpod|kubepods|lxc|containerd|machine\.slice', group) for group in groups)
    for group in groups:
        for part in reversed(group.split('/')):
            if part.endswith(('.service', '.scope')):
                return plain(part), contained
    return None, contained


class Processes:
    """Who has which socket. Looks at the processes anew when it is asked for one that it doesn't know, but not all the time."""

    def __init__(self):
        self.owners = {}
        self.unreadable = False
        self.names = set()
        self.looked = None

    def owner(self, found):
        """{program, unit, user, container} of a socket."""
        recent = self.looked is not None and time.monotonic() - self.looked < PROCESSES_SECONDS
        if found.inode not in self.owners and found.inode != '0' and not recent:
            self.look()
        pid = self.owners.get(found.inode)
        unit, contained = unit_name(pid) if pid else (None, False)
        # The kernel keeps no user of a connection that has ended.
        user = None if found.inode == '0' else user_name(found.uid)
        return {'program': program_name(pid) if pid else None, 'unit': unit, 'user': user, 'container': contained}

    def look(self):
        owners = {}
        for pid in sorted(filter(str.isdigit, os.listdir('/proc')), key=int):
            folder = '/proc/%s/fd' % pid
            name = plain(read('/proc/%s/comm' % pid))
            if name:
                self.names.add(name)
            try:
                links = [os.readlink(folder + '/' + entry) for entry in os.listdir(folder)]
            except PermissionError:
                self.unreadable = True
                continue
            except OSError:  # It has ended.
                continue
            for link in links:
                if link.startswith('socket:['):
                    # Of a server with workers, the first has made it.
                    owners.setdefault(link[8:-1], pid)
        self.owners = owners
        self.looked = time.monotonic()
