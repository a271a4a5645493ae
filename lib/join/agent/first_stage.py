#!/usr/bin/python3 -I
"""meshvm, first stage: what user-data carries. It fetches the agent from the cluster and runs `meshvm join`.

The agent is the key meshvm.py of ConfigMap <group>-agent. It is written and run only when its SHA-256 is the one that
user-data says (agentSha256 in join.json). Exit code 0: done; anything else: to be run again.
"""
import json
import os
import signal
import sys

from .surroundings import ROOT, sha256
from .direct import get, read
from .credentials import CREDENTIALS

AGENT = ROOT + '/usr/local/bin/meshvm'


def main():
    signal.alarm(60)  # Ends it, however slowly somebody answers. It is run again.
    config = json.loads(read(ROOT + '/etc/meshvm/join.json').decode())
    if not os.path.exists(AGENT) or sha256(read(AGENT)) != config['agentSha256']:
        token = CREDENTIALS[config['credential']['kind']](config['credential'])
        url = '{apiServer}/api/v1/namespaces/{namespace}/configmaps/{group}-agent'.format(**config)
        answer = get(url, {'Authorization': 'Bearer ' + token}, authority=config['caCertificate'])
        agent = json.loads(answer)['data']['meshvm.py'].encode()
        if sha256(agent) != config['agentSha256']:
            sys.exit('meshvm: the agent in the cluster is not the one that this machine was told to run')
        os.makedirs(os.path.dirname(AGENT), exist_ok=True)
        with open(AGENT + '.new', 'wb') as file:
            file.write(agent)
            os.fchmod(file.fileno(), 0o755)
            os.fsync(file.fileno())
        os.replace(AGENT + '.new', AGENT)
    signal.alarm(0)
    os.execv(AGENT, [AGENT, 'join'])


if __name__ == '__main__':
    try:
        main()
    except Exception as error:
        sys.exit('meshvm: can not fetch the agent: {!r}'.format(error))
