"""Units of systemd: the timer that repeats the refresh, the dead man's switch, the log of the sidecar."""
from .places import UNITS
from .files import read, write
from .state import jitter
from .system import MANAGED, systemctl

UNIT_FILES = {
    'meshvm-refresh.service': """[Unit]
Description=meshvm: keeps this machine a member of the mesh
Wants=network-online.target
After=network-online.target time-sync.target nss-lookup.target cloud-init.service cloud-init-network.service
Before=istio.service
[Service]
Type=oneshot
ExecStart=/usr/local/bin/meshvm refresh
# The longest pause before a restart, and time for a package.
TimeoutStartSec={limit}
# A package manager runs in it, too.
MemoryMax=1G
[Install]
WantedBy=multi-user.target
""",
    'meshvm-refresh.timer': """[Unit]
Description=meshvm: the next refresh
[Timer]
OnActiveSec={seconds}
OnUnitInactiveSec={seconds}
AccuracySec=1
[Install]
WantedBy=timers.target
""",
    'meshvm-guard.service': """[Unit]
Description=meshvm: gives the machine its network back when its first join fails
[Service]
Type=oneshot
ExecStart=/usr/local/bin/meshvm guard
TimeoutStartSec=600
MemoryMax=256M
""",
    'meshvm-guard.timer': """[Unit]
Description=meshvm: time limit of the first join
[Timer]
OnActiveSec={dead_man}
AccuracySec=1
""",
    # The package's start script appends to files that nobody rotates. Here those files are one FIFO, read into the journal.
    # A FIFO and not a socket: Envoy opens /dev/stdout for access logs, which a socket does not allow.
    'meshvm-log.socket': """[Unit]
Description=meshvm: output of the Istio sidecar
[Socket]
ListenFIFO=/run/meshvm/istio.log
Symlinks=/run/meshvm/istio.err.log
SocketUser=istio-proxy
SocketMode=0600
""",
    'meshvm-log.service': """[Unit]
Description=meshvm: writes the output of the Istio sidecar to the journal
Before=istio.service
[Service]
ExecStart=/bin/cat
StandardInput=socket
StandardOutput=journal
SyslogIdentifier=istio
DynamicUser=yes
NoNewPrivileges=yes
MemoryMax=64M
""",
    'istio.service.d/10-meshvm.conf': """[Unit]
Wants=network-online.target
Requires=meshvm-log.socket
After=network-online.target time-sync.target meshvm-log.socket meshvm-refresh.service
[Service]
Environment=ISTIO_LOG_DIR=/run/meshvm
# Root runs what these say. Each upgrade of the package gives the folder of the usual ones to istio-proxy.
Environment=ISTIO_SIDECAR_CONFIG=/etc/meshvm/sidecar.env ISTIO_CLUSTER_CONFIG=/etc/meshvm/cluster.env
TimeoutStopSec=60
""",
}


def write_units(state, interval):
    """Writes our units; tells systemd when one has changed."""
    if not MANAGED:
        return
    values = {'seconds': int(interval + jitter(interval / 10, 'interval')), 'dead_man': state.get('deadManSeconds', 300),
              'limit': 1800 + max(3600, state.get('longestPause', 0))}
    before = read(UNITS + '/meshvm-refresh.timer')
    changed = [write(UNITS + '/' + name, text.format(**values).encode()) for name, text in UNIT_FILES.items()]
    if any(changed):
        systemctl('daemon-reload')
    if before != read(UNITS + '/meshvm-refresh.timer'):
        systemctl('restart', '--no-block', 'meshvm-refresh.timer')
