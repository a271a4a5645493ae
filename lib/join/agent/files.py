"""Files: a reader sees the old content or the new one, whenever the writer is killed."""
import contextlib
import os

from .surroundings import SIDECAR_USER


def read(path, default=b''):
    """Content of a file; default when there is none."""
    try:
        with open(path, 'rb') as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return default


def write(path, data, mode=0o644, owner=None):
    """Puts a file in place, and tells whether that changed anything. owner is (uid, gid), root by default."""
    if read(path, None) == data:
        about = os.stat(path)
        if about.st_mode & 0o7777 == mode and (owner is None or (about.st_uid, about.st_gid) == owner):
            return False
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = path + '.meshvm'
    remove(temporary)  # Left over when an earlier run was killed.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, 'wb') as file:
            if owner is not None:
                os.fchown(descriptor, *owner)
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        remove(temporary)
        raise
    sync_folder(path)
    return True


def remove(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def sync_folder(path):
    descriptor = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sidecar_owner():
    """(uid, gid) of the sidecar's user; None without such a user or without the right to act as it."""
    import pwd
    try:
        user = pwd.getpwnam(SIDECAR_USER)
    except KeyError:
        return None
    return (user.pw_uid, user.pw_gid) if os.geteuid() == 0 else None
