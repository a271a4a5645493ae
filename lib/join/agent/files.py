"""Files: a reader sees the old content or the new one, whenever the writer is killed; and only root leads root anywhere.

The sidecar's user owns folders in which we read and write (/var/run/secrets, /etc/certs): whatever is in them may be a link,
a FIFO or without end at any moment. So a path is walked folder by folder, by descriptor, and a link on it counts only where
nobody but root, or who runs this program, can have put it. What others may write is opened by this module alone.
"""
import contextlib
import errno
import os
import stat

from .surroundings import SIDECAR_USER
from .trouble import log

LARGEST = 4 << 20  # Bytes. Nothing that we read is near.


def read(path, default=b'', largest=LARGEST):
    """Content of a regular file; default when there is none. What is no such file, or too large to be meant, is none."""
    descriptor = regular_file(path)
    if descriptor is None:
        return default
    with open(descriptor, 'rb') as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        log('{} is not read: it has more than {} bytes'.format(path, largest))
        return default
    return content


def write(path, data, mode=0o644, owner=None):
    """Puts a file in place, and tells whether that changed anything. owner is (uid, gid), who runs this by default."""
    if is_written(path, data, mode, owner):
        return False
    folder, name = walk(path, to_end=False, make=True)
    temporary = name + '.meshvm'
    try:
        unlink(temporary, folder)  # Left over when an earlier run was killed.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
        try:
            with open(descriptor, 'wb') as file:
                if owner is not None:
                    os.fchown(descriptor, *owner)
                os.fchmod(descriptor, mode)
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            unlink(temporary, folder)
            raise
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def remove(path):
    """Removes a file, or the link that is there; fine when there is none."""
    try:
        folder, name = walk(path, to_end=False)
    except FileNotFoundError:
        return
    try:
        unlink(name, folder)
    finally:
        os.close(folder)


def make_folder(path, mode, owner):
    """A folder of this mode and owner (uid, gid; None: as it is). What somebody else has put there instead is removed."""
    try:
        above, name = walk(path, make=True)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        above, name = walk(path, to_end=False, make=True)
    try:
        descriptor = open_folder(path, name, above)
        try:
            about = os.fstat(descriptor)
            if owner is not None and (about.st_uid, about.st_gid) != owner:
                os.fchown(descriptor, *owner)
            if stat.S_IMODE(about.st_mode) != mode:
                os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
    finally:
        os.close(above)


def sidecar_owner():
    """(uid, gid) of the sidecar's user; None without such a user or without the right to act as it."""
    import pwd
    try:
        user = pwd.getpwnam(SIDECAR_USER)
    except KeyError:
        return None
    return (user.pw_uid, user.pw_gid) if os.geteuid() == 0 else None


def refuse_foreign(path):
    """Moves a file away that others than root can have made or can change, so that nothing runs it as root."""
    try:
        folder, name = walk(path, to_end=False)
    except FileNotFoundError:
        return
    try:
        with contextlib.suppress(FileNotFoundError):
            about = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not (stat.S_ISREG(about.st_mode) and about.st_nlink == 1 and is_ours(about)):
                os.replace(name, name + '.refused', src_dir_fd=folder, dst_dir_fd=folder)
                log('{0}: others than root can change it, so it is {0}.refused now and has no effect'.format(path))
    finally:
        os.close(folder)


def is_written(path, data, mode, owner):
    """Whether a file has that content, mode and owner already."""
    descriptor = regular_file(path, to_end=False)
    if descriptor is None:
        return False
    with open(descriptor, 'rb') as file:
        about = os.fstat(descriptor)
        owned = about.st_uid == os.geteuid() if owner is None else (about.st_uid, about.st_gid) == owner
        return owned and stat.S_IMODE(about.st_mode) == mode and file.read(len(data) + 1) == data


def regular_file(path, to_end=True):
    """Descriptor for reading a regular file; None when there is none."""
    try:
        folder, name = walk(path, to_end)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        log('{} is not read: {}'.format(path, error.strerror))
        return None
    try:
        # What is a FIFO must not make us wait.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ELOOP, errno.ENXIO):
            raise
        return None
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        log('{} is not read: it is no regular file'.format(path))
        return None
    return descriptor


def walk(path, to_end=True, make=False):
    """(descriptor of a folder, name in it) that a path leads to.

    Links are followed where only root can have put them; at the end of the path only with to_end. make: folders that are
    missing are made. Raises OSError: ELOOP for a link that does not count.
    """
    rest, links = parts_of(os.path.abspath(path)), 0
    folder = os.open('/', FOLDER)
    try:
        while rest:
            name = rest.pop(0)
            target = link_in(folder, name, path) if rest or to_end else None
            if target is not None:
                links += 1
                if links > 40:
                    raise OSError(errno.ELOOP, 'too many links', path)
                rest = parts_of(target) + rest
                if target.startswith('/'):
                    os.close(folder)
                    folder = os.open('/', FOLDER)
                continue
            if not rest:
                return folder, name
            below = folder_in(folder, name, 0o755) if make else os.open(name, FOLDER, dir_fd=folder)
            os.close(folder)
            folder = below
        return folder, '.'
    except BaseException:
        os.close(folder)
        raise


FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def parts_of(path):
    return [part for part in path.split('/') if part not in ('', '.')]


def link_in(folder, name, path):
    """Where a link leads; None for what is no link. Raises OSError (ELOOP) for one that somebody else can have put there."""
    try:
        target = os.readlink(name, dir_fd=folder)
        link, around = os.stat(name, dir_fd=folder, follow_symlinks=False), os.fstat(folder)
    except OSError:
        return None
    sticky = around.st_mode & stat.S_ISVTX and around.st_uid in US  # Such as /tmp: nobody replaces what belongs to another.
    if link.st_uid not in US or not (sticky or is_ours(around)):
        raise OSError(errno.ELOOP, 'others than root can have put the link {} there'.format(name), path)
    return target


US = {0, os.getuid()}  # Whose links count: root's, and those of who runs this.


def is_ours(about):
    """Whether nobody but root, or who runs this, can write it."""
    group = about.st_mode & stat.S_IWGRP and about.st_gid != 0
    return about.st_uid in US and not group and not about.st_mode & stat.S_IWOTH


def open_folder(path, name, above):
    """Like folder_in. What is no folder in a folder of somebody else's is removed."""
    for _ in range(3):
        try:
            return folder_in(above, name, 0o700)
        except OSError as error:
            if error.errno not in (errno.ENOTDIR, errno.ELOOP) or is_ours(os.fstat(above)):
                raise
        unlink(name, above)
        log('{}: removed, it was no folder'.format(path))
    raise OSError(errno.ENOTDIR, 'somebody keeps putting something else there', path)


def folder_in(above, name, mode):
    """Descriptor of a folder, which is made where there is none."""
    try:
        return os.open(name, FOLDER, dir_fd=above)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, mode, dir_fd=above)
        return os.open(name, FOLDER, dir_fd=above)


def unlink(name, folder):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
