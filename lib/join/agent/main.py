#!/usr/bin/python3 -IS
"""meshvm: makes this machine a member of an Istio mesh, and keeps it one.

The machine proves who it is to the Kubernetes API with its cloud identity, reads its group's bootstrap ConfigMap, mints a
short-lived token for its ServiceAccount, puts the files of the Istio sidecar in place and starts it. A timer repeats
that: nothing runs in between. The agent renders no configuration: it adds to the bundle only what the machine alone knows.

Python 3.6 or later, standard library only: -S keeps out whatever else of Python the machine has. Nothing secret is kept but
the token, which lives in memory (/run).
"""
import argparse
import signal
import sys

from .trouble import BUNDLE, MACHINE, OK, Trouble, USAGE, log
from .commands import drain, guard, join, refresh, release, status
from .doctor import doctor

EXIT_CODES = """exit codes:
  0  done
  1  the mesh does not work here: doctor found a broken link, or the sidecar is not ready (status)
  2  wrong command line
  3  this machine's own settings (/etc/meshvm/join.json, credential) are missing or wrong
  4  something did not answer; the timer tries again
  5  the cluster refused this machine (credential, access, admission)
  6  the group's bundle or the sidecar package is wrong (version, checksum, content)
  7  this machine is in the way (disk full, permissions, package manager, systemd)
"""


def main(arguments):
    parser = argparse.ArgumentParser('meshvm', description='Makes this machine a member of an Istio mesh, and keeps it one.',
                                     epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest='command', metavar='command')

    def command(run_it, text):
        added = commands.add_parser(run_it.__name__, help=text, description=text, epilog=EXIT_CODES,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
        added.set_defaults(run=run_it)
        return added

    joining = command(join, 'join the mesh now and at every boot; without options, as /etc/meshvm/join.json says')
    joining.add_argument('--api-server', help='URL of the Kubernetes API')
    joining.add_argument('--ca-file', help='PEM file of the CA of that URL')
    joining.add_argument('--namespace', help='namespace of the group')
    joining.add_argument('--group', help='name of the MeshVmGroup')
    joining.add_argument('--credential', help='eks:cluster=NAME | gke: | aks:[clientId=ID] | tokenFile:path=FILE | '
                                              'kubeconfig:path=FILE[,context=NAME]')
    joining.add_argument('--wait', type=int, default=60, help='seconds to keep trying before leaving it to the timer (60)')
    command(refresh, 'do once what the timer does: follow bundle, gateway, root certificate and token')
    command(status, 'say how this machine stands').add_argument('--json', action='store_true')
    command(doctor, 'find the first broken link to the mesh, its cause and what to change').add_argument(
        '--json', action='store_true')
    command(drain, 'let connections end and leave the mesh until the next join').add_argument(
        '--seconds', type=int, default=10, help='time for connections to end (10)')
    command(release, 'leave the mesh at once, remove capture and firewall; works when everything else is broken')
    command(guard, 'used by its timer: give the network back when the first join has failed')
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return USAGE
    try:
        return options.run(options) or OK
    except Trouble as trouble:
        log('{}{}'.format(trouble.cause, '; to change: ' + trouble.change if trouble.change else ''))
        return trouble.code
    except OSError as error:
        log('this machine is in the way: {}'.format(error))
        return MACHINE
    except (KeyError, TypeError, ValueError) as error:
        log('something that this machine was told has an unexpected form: {!r}'.format(error))
        return BUNDLE


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # Ends like by an error: what is begun is undone.
    sys.exit(main(sys.argv[1:]))
