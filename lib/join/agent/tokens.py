"""The token by which the sidecar shows istiod who it is: that of the group's ServiceAccount."""
import base64
import json
import time

from .trouble import log
from .places import TOKEN
from .files import read, write


def new_token(cluster, identity):
    path = '/api/v1/namespaces/{namespace}/serviceaccounts/{serviceAccount}/token'.format(**identity)
    spec = {'audiences': [identity['audience']], 'expirationSeconds': identity['tokenLifetimeSeconds']}
    answer = cluster.call('token of ServiceAccount {namespace}/{serviceAccount}'.format(**identity), path,
                          {'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec': spec})
    return answer['status']['token']


def follow_token(cluster, identity, owner):
    """A new token at half the life of the present one. The sidecar reads it at each use: no restart."""
    present = read(TOKEN).decode('utf-8', 'replace')
    why = token_problem(present, identity) or (past_half_life(present) and 'half of its life is over')
    if why:
        token = new_token(cluster, identity)
        write(TOKEN, token.encode(), 0o600, owner)
        log('token: renewed, because ' + why)


def claims_of(token):
    """Claims of a JSON web token, unverified; {} when it is none."""
    try:
        body = token.split('.')[1]
        return json.loads(base64.urlsafe_b64decode(body + '=' * (-len(body) % 4)).decode())
    except (IndexError, ValueError):
        return {}


def token_problem(token, identity):
    """Why a token can't be used for an identity; empty when it can."""
    claims = claims_of(token)
    if not claims:
        return 'there is no token'
    if claims.get('sub') != 'system:serviceaccount:{namespace}:{serviceAccount}'.format(**identity):
        return 'the token belongs to ' + str(claims.get('sub'))
    if identity['audience'] not in claims.get('aud', []):
        return 'the token is meant for ' + str(claims.get('aud'))
    if time.time() >= claims.get('exp', 0):
        return 'the token has expired'
    return ''


def past_half_life(token):
    """Or not begun: then one of two clocks was set, and nobody knows how much of it is left."""
    claims = claims_of(token)
    return not claims.get('iat', 0) - 60 <= time.time() < (claims.get('iat', 0) + claims.get('exp', 0)) / 2
