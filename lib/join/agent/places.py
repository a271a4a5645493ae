"""Where the files of this machine are, and how long the agent waits."""
from .surroundings import ROOT

AGENT = ROOT + '/usr/local/bin/meshvm'
JOIN = ROOT + '/etc/meshvm/join.json'
STATE_FOLDER = ROOT + '/var/lib/meshvm'
STATE = STATE_FOLDER + '/state.json'
RELEASED = STATE_FOLDER + '/released'  # While it exists, refresh leaves the sidecar alone.
GOOD_BUNDLE = STATE_FOLDER + '/good-bundle.json'  # The last with which the sidecar was ready.
RESTART = STATE_FOLDER + '/restart'  # Asks whatever runs the sidecar without systemd for a restart.
FIREWALL = ROOT + '/etc/meshvm/firewall.nft'
DNS = ROOT + '/etc/meshvm/dns.json'
DNS_TABLE = ROOT + '/etc/meshvm/dns.nft'
UPLINKS = ROOT + '/run/systemd/resolve/resolv.conf'  # Name servers of systemd-resolved.
HOSTS = ROOT + '/etc/hosts'
CLUSTER_ENV = ROOT + '/var/lib/istio/envoy/cluster.env'
SIDECAR_ENV = ROOT + '/var/lib/istio/envoy/sidecar.env'
SOURCED = ROOT + '/etc/meshvm'  # Copies of the two, which systemd has the start script source.
MESH = ROOT + '/etc/istio/config/mesh'
CERTIFICATES = ROOT + '/etc/certs'
ROOT_CERTIFICATE = CERTIFICATES + '/root-cert.pem'
TOKEN = ROOT + '/var/run/secrets/tokens/istio-token'
PILOT_AGENT = ROOT + '/usr/local/bin/pilot-agent'
UNITS = ROOT + '/etc/systemd/system'

CHECK_SECONDS = 1800  # How often root certificate and gateway are read when nothing hints at a change.
JOIN_RETRY_SECONDS = 30
SETTLE_SECONDS = 20  # Until a sidecar that was asked to restart no longer answers as it was.
KEEPALIVE_SECONDS = 45  # By then istiod and the sidecar find out that a connection is dead (30 s and 10 s by default).
