"""Texts of others, and where they come from."""
import os
import shutil
import stat
import subprocess

def plain(text, most=200):
    """Text of others, printable on a terminal and of a length that one can read."""
    if isinstance(text, bytes):
        text = text.decode('utf-8', 'backslashreplace')
    text = ''.join(sign if sign.isprintable() else sign.encode('unicode_escape').decode() for sign in text.strip())
    return text if len(text) <= most else text[:most - 3] + '...'


def read(path, most=1 << 20):
    """Content of a file as text; empty when it isn't there, isn't for us, or is no file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, 'rb') as file:
            return file.read(most).decode('utf-8', 'backslashreplace') if stat.S_ISREG(os.fstat(descriptor).st_mode) else ''
    except OSError:
        return ''


def run(*command):
    """What a command prints, or None: it isn't there, it failed, it takes too long."""
    path = shutil.which(command[0], path='/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin')
    if path is None:
        return None
    try:
        done = subprocess.run((path,) + command[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=10, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C'})
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode('utf-8', 'backslashreplace') if done.returncode == 0 else None
