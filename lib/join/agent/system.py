"""The machine's own commands."""
import os
import time

from .trouble import MACHINE, Trouble, log

# `none` (containers, tests): no packages, no units, no restarts. A machine does not set it.
MANAGED = os.environ.get('MESHVM_SERVICE_MANAGER', 'systemd') == 'systemd'


def run(*command, **options):
    """(exit code, output) of a command; 127 when there is no such command or it does not end."""
    import subprocess
    if 'input' not in options:
        options['stdin'] = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode('utf-8', 'replace').strip()


def systemctl(*arguments):
    if MANAGED:
        code, output = run('systemctl', *arguments)
        if code:
            raise Trouble(MACHINE, 'systemctl {}: {}'.format(' '.join(arguments), output), 'systemd of the machine')


def stop_sidecar(*arguments):
    """Tells whether systemd has done it."""
    try:
        systemctl(*arguments)
        return MANAGED
    except Trouble as trouble:
        log(trouble.cause)
        return False


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.2)
