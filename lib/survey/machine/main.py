#!/usr/bin/env python3
"""Tells what runs on this machine, before it joins an Istio mesh. It changes nothing.

It reads /proc, /sys and the configuration of known servers, and connects once to each TCP port that this machine itself
listens on, to see who speaks first; it sends nothing there. `--no-connect` leaves that, and `--ask-http` goes further. It
needs no root, but without root it can't tell which program has the socket of another user.

What it tells are names of programs, units and users, addresses and ports, and places (file and line) of settings. Command
lines, environments and the content of files may hold secrets, and stay on the machine. `--json` prints the answer for
`meshvm survey`, which turns the answers of a fleet into a program.

Python 3.6 or later, on Linux, standard library only.
"""
import argparse
import json
import os
import re
import sys

from .processes import Processes
from .host import machine, own_addresses
from .connections import Connections, listeners, watch
from .greetings import connect_to
from .obstacles import (NOTABLE, clock, containers, disks, firewalls, in_the_sidecars_way, kernel_modules, limits, multicast,
                        resolver)
from .servers import configuration
from .report import for_people

FORMAT = 'meshvm-survey/1'


def survey(seconds, connect, ask_http, say):
    """All of it, as `--json` prints it."""
    processes = Processes()
    processes.look()
    found = listeners(processes)
    connections = Connections(processes, set(own_addresses()))
    watched = watch(connections, seconds, say)
    # After the samples, which would count these connections.
    for listener in found:
        listener.update({'speaksFirst': None, 'speaks': None, 'http': None, 'healthPage': None})
    if connect:
        connect_to(found, ask_http)
    settings, unreadable = configuration(found, processes.names)
    modules = kernel_modules()
    walls = firewalls(modules)
    unseen = []
    if processes.unreadable:
        unseen.append('programs and units of other users: run it as root')
    if walls['nftTables'] is None and modules['nf_tables'] in ('loaded', 'builtin'):
        unseen.append('tables of nftables: run it as root, with nft installed')
    unseen += ['%s: run it as root' % path for path in unreadable]
    return {
        'format': FORMAT,
        'surveyed': {'seconds': watched, 'samples': connections.samples, 'connected': connect, 'askedHttp': ask_http and connect,
                     'root': os.geteuid() == 0, 'unseen': unseen},
        'machine': machine(),
        'listeners': found,
        'callers': sorted(connections.callers.values(), key=lambda each: (each['port'], each['address'])),
        'calls': sorted(connections.calls.values(), key=lambda each: (each['address'], each['port'])),
        'peersLeftOff': connections.left_off,
        'containers': containers(found),
        'firewalls': walls,
        'resolver': resolver(found),
        'sidecar': in_the_sidecars_way(found),
        'clock': clock(processes.names),
        'disks': disks(),
        'kernelModules': modules,
        'limits': limits(),
        'multicast': multicast(),
        'programs': sorted(filter(NOTABLE.match, processes.names)),
        'configuration': settings,
    }


def duration(text):
    found = re.match(r'(\d{1,6})(s|m|h|)$', text)
    if not found:
        raise argparse.ArgumentTypeError('%r is no duration; write 30s, 10m or 2h' % text)
    return int(found.group(1)) * {'': 1, 's': 1, 'm': 60, 'h': 3600}[found.group(2)]


def main(arguments):
    parser = argparse.ArgumentParser(
        prog='survey.py', description='Tells what runs on this machine before it joins a mesh. Changes nothing; root sees more.')
    parser.add_argument('--json', action='store_true', help='for `meshvm survey`, instead of for people')
    parser.add_argument('--for', dest='seconds', type=duration, default=0, metavar='10m',
                        help='how long to watch connections, once a second (default: one look)')
    parser.add_argument('--no-connect', dest='connect', action='store_false', help="don't connect to this machine's own ports")
    parser.add_argument('--ask-http', action='store_true',
                        help='also ask ports that wait for their caller for health pages: GET requests, which land in access logs')
    options = parser.parse_args(arguments)
    if not sys.platform.startswith('linux'):
        parser.error('this is %s; it knows Linux alone' % sys.platform)

    def say(text):
        sys.stderr.write('survey: %s\n' % text)
        sys.stderr.flush()

    answer = survey(options.seconds, options.connect, options.ask_http, say)
    # ASCII alone: no terminal and no pipe stumbles over it.
    text = json.dumps(answer, indent=1) + '\n' if options.json else for_people(answer)
    sys.stdout.write(text if options.json else text.encode('ascii', 'backslashreplace').decode())
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
