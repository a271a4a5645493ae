/** Prints what is wrong with the files that the sidecar reads: each is there whole, or (the token) not at all. */
export const CHECK_FILES = `
python3 -I - <<'END'
import base64, json, os, re
def read(path):
    return open(path).read() if os.path.exists(path) else None
env = read('/var/lib/istio/envoy/cluster.env')
if not re.search('# What only the machine knows.*\\n(.+=.+\\n){4}$', env) or not env.startswith('CANONICAL_REVISION='):
    print('cluster.env', env)
json.loads(read('/etc/istio/config/mesh').strip()) if read('/etc/istio/config/mesh').startswith('{') else None
if not read('/etc/istio/config/mesh').endswith('\\n'):
    print('mesh')
if not re.fullmatch('(-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\\n?)+', read('/etc/certs/root-cert.pem')):
    print('root')
token = read('/var/run/secrets/tokens/istio-token')
if token is not None:
    body = token.split('.')[1]
    json.loads(base64.urlsafe_b64decode(body + '=' * (-len(body) % 4)))
    if len(token.split('.')[2]) != 342 or os.stat('/var/run/secrets/tokens/istio-token').st_mode & 0o777 != 0o600:
        print('token')
hosts = read('/etc/hosts').splitlines()
if len([line for line in hosts if line.endswith('# meshvm')]) > 1 or '127.0.0.1 localhost' not in hosts:
    print('hosts', hosts)
state = read('/var/lib/meshvm/state.json')
json.loads(state)
END
`;
