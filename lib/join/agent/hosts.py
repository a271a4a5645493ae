"""Our lines in /etc/hosts."""
import os

from .trouble import log
from .places import HOSTS
from .files import read, write


def write_hosts(path, data):
    """Like write, for a file that may be a mount of its own (containers, ProtectSystem), which can't be replaced."""
    about = os.stat(path)
    try:
        write(path, data, about.st_mode & 0o7777, (about.st_uid, about.st_gid))
    except OSError:
        descriptor = os.open(path, os.O_WRONLY)
        try:
            # One write, padded with empty lines so that no tail of the old content is ever read, then the padding is cut.
            os.pwrite(descriptor, data.ljust(about.st_size, b'\n'), 0)
            os.fsync(descriptor)
            os.ftruncate(descriptor, len(data))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


HOSTS_MARK = b'# meshvm'


def with_hosts_lines(content, lines):
    """The hosts file with our marked lines where the first of them stood, or at its end. Every other byte stays."""
    kept, place = [], None
    for line in content.splitlines(True):
        if line.rstrip().endswith(HOSTS_MARK):
            place = len(kept) if place is None else place
        else:
            kept.append(line)
    if not lines:
        return b''.join(kept)
    if place is None:
        place = len(kept)
    if kept[:place] and not kept[place - 1].endswith(b'\n'):
        kept[place - 1] += b'\n'
    ours = [line.encode() + b' ' + HOSTS_MARK + b'\n' for line in lines]
    return b''.join(kept[:place] + ours + kept[place:])


def set_hosts(lines):
    old = read(HOSTS)
    new = with_hosts_lines(old, lines)
    if new == old:
        return
    if os.path.exists(HOSTS):
        write_hosts(HOSTS, new)
    else:
        write(HOSTS, new)
    log('hosts: ' + (', '.join(lines) or 'our lines removed'))
