"""Runs the agent with a fault at the n-th system call that changes a file: python faults.py <agent> <kill|full> <n> <arguments...>

kill: the process is killed, as by `kill -9`. full: the call fails because the disk is full, and so do all later ones that need
space. Before each call, half of what is to be written is written, as a crash may leave it.
"""
import errno
import io
import os
import runpy
import signal
import sys

agent, fault, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
calls = 0
NEED_NO_SPACE = ('unlink', 'ftruncate', 'fsync', 'fchmod', 'fchown', 'chmod', 'chown')


def strike(name):
    global calls
    calls += 1
    if calls < at:
        return
    if fault == 'kill':
        os.kill(os.getpid(), signal.SIGKILL)
    if name not in NEED_NO_SPACE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def faulty(name):
    original = getattr(os, name)

    def call(*arguments, **options):
        if name == 'open' and not arguments[1] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
            return original(*arguments, **options)
        strike(name)
        return original(*arguments, **options)

    setattr(os, name, call)


for name in ('open', 'replace', 'unlink', 'fsync', 'fchmod', 'chmod', 'ftruncate', 'pwrite', 'symlink', 'mkdir'):
    faulty(name)


class HalfWriter(io.FileIO):
    def write(self, data):
        half = super().write(bytes(data)[:len(data) // 2])
        strike('write')
        return half + super().write(bytes(data)[half:])


original_open = open


def faulty_open(file, mode='r', *arguments, **options):
    if mode != 'wb':
        return original_open(file, mode, *arguments, **options)
    return HalfWriter(file, 'wb')


import builtins  # noqa: E402

builtins.open = faulty_open
sys.argv = [agent] + sys.argv[4:]
try:
    runpy.run_path(agent, run_name='__main__')
finally:
    print('calls: {}'.format(calls), flush=True)
