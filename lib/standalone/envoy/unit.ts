import { quoteWord } from '../../core/shell-quote';
import type { WrittenFile } from '../../join/files/user-data';
import type { EnvoyBinaries } from '../envoy-binaries';
import { ADMIN_FOLDER } from './admin';
import { listenPorts } from './listen-ports';
import type { EnvoySpec } from './spec';
import { startScript } from './start-script';

/** An Envoy under systemd. */
export interface UnitContent {
  readonly spec: EnvoySpec;
  /** The program. */
  readonly envoy: string;
  /** What is downloaded to be the program; undefined where it is there. */
  readonly binaries: EnvoyBinaries | undefined;
}

/** The user that Envoy runs as, and that its certificates belong to. */
export const ENVOY_USER = 'meshvm-envoy';
/** The unit. */
export const ENVOY_UNIT = 'meshvm-envoy.service';

const FOLDER = '/usr/local/lib/meshvm-envoy';
const PREPARE = `${FOLDER}/prepare`;
const START = `${FOLDER}/start`;

/** Files that systemd runs Envoy by: the unit, its two programs, and the user. */
export function unitFiles(content: UnitContent): readonly WrittenFile[] {
  const owner = 'root:root';
  return [
    {
      path: `/etc/sysusers.d/${ENVOY_USER}.conf`,
      content: `u ${ENVOY_USER} - "Envoy of meshvm"\n`,
      permissions: '0644',
      owner,
    },
    { path: PREPARE, content: prepareScript(content), permissions: '0755', owner },
    {
      path: START,
      content: `#!/bin/sh\n# Made by meshvm. Waits for the certificate, and becomes Envoy.\n${startScript(content.spec, content.envoy)}`,
      permissions: '0755',
      owner,
    },
    { path: `/etc/systemd/system/${ENVOY_UNIT}`, content: unit(content), permissions: '0644', owner },
  ];
}

function unit({ spec, envoy }: UnitContent): string {
  const config = `${spec.directory}/envoy.yaml`;
  const capabilities = listenPorts(spec).some((port) => port < 1024) ? 'CAP_NET_BIND_SERVICE' : '';
  const written = spec.accessLogPath?.startsWith('/dev/') === false ? [folderOf(spec.accessLogPath)] : [];
  const lines = [
    '[Unit]',
    `Description=Envoy of ${spec.identity}`,
    'Wants=network-online.target',
    'After=network-online.target time-sync.target',
    // Whatever is missing may come: a download that fails is tried again for as long as it takes.
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `User=${ENVOY_USER}`,
    `Group=${ENVOY_USER}`,
    `ExecStartPre=+${PREPARE}`,
    `ExecStartPre=${envoy} --mode validate --log-level error -c ${config}`,
    `ExecStart=${START}`,
    'TimeoutStartSec=15min',
    // Whoever ends it by the admin interface does not keep it down.
    'Restart=always',
    'RestartSec=5',
    `RuntimeDirectory=${ADMIN_FOLDER.slice('/run/'.length)}`,
    'RuntimeDirectoryMode=0700',
    'LimitNOFILE=131072',
    'NoNewPrivileges=yes',
    `CapabilityBoundingSet=${capabilities}`,
    `AmbientCapabilities=${capabilities}`,
    'ProtectSystem=strict',
    `ReadOnlyPaths=${[spec.directory, spec.tls.directory].join(' ')}`,
    ...written.map((folder) => `ReadWritePaths=${folder}`),
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelLogs=yes',
    'ProtectControlGroups=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'SystemCallArchitectures=native',
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}

/** What root does before each start: the program, and the names. Both are left alone where they are right. */
function prepareScript(content: UnitContent): string {
  const parts = [
    '#!/bin/sh\n# Made by meshvm. Runs as root before each start of Envoy.\nset -eu\numask 022',
    content.binaries === undefined ? programThere(content.envoy) : programDownloaded(content.envoy, content.binaries),
    ...(content.spec.writesHosts ? [hostsWritten(content.spec)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function programThere(envoy: string): string {
  return `[ -x ${envoy} ] || { echo 'meshvm: there is no program ${envoy}; install Envoy there' >&2; exit 1; }`;
}

function programDownloaded(envoy: string, { amd64, arm64 }: EnvoyBinaries): string {
  const kinds = Object.entries({ x86_64: amd64, aarch64: arm64 }).flatMap(([machine, binary]) =>
    binary === undefined ? [] : [`  ${machine}) url=${quoteWord(binary.url)} sum=${binary.sha256} ;;`],
  );
  return `case "$(uname -m)" in
${kinds.join('\n')}
  *) echo "meshvm: no Envoy is named for machines of the kind $(uname -m)" >&2; exit 1 ;;
esac
sum_of() { sha256sum <"$1" | cut -c 1-64; }
if [ ! -x ${envoy} ] || [ "$(sum_of ${envoy})" != "$sum" ]; then
  new=$(mktemp ${envoy}.XXXXXX)
  trap 'rm -f "$new"' EXIT
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --retry 3 --output "$new" "$url"
  else
    python3 -c 'import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=60) as answer, open(sys.argv[2], "wb") as file:
    shutil.copyfileobj(answer, file)' "$url" "$new"
  fi
  found=$(sum_of "$new")
  if [ "$found" != "$sum" ]; then
    echo "meshvm: not installed: $url has the SHA-256 $found, not $sum" >&2
    exit 1
  fi
  chmod 0755 "$new"
  mv -f "$new" ${envoy}
fi`;
}

/** Written at each start: cloud-init may write the file anew at each boot (manage_etc_hosts). */
function hostsWritten({ name, directory }: EnvoySpec): string {
  return `hosts=$(mktemp /etc/hosts.XXXXXX)
trap 'rm -f "$hosts"' EXIT
awk -v name='${name}' -v block=${directory}/hosts '
  function put(line) { while (!there && (getline line < block) > 0) print line; there = 1 }
  $0 == "# meshvm-envoy " name " begin" { if (inside) exit; inside = 1; put(); next }
  $0 == "# meshvm-envoy " name " end" && inside { inside = 0; next }
  !inside { print }
  END { if (inside) exit 1; put() }
' /etc/hosts >"$hosts" || {
  echo 'meshvm: /etc/hosts has a line "# meshvm-envoy ${name} begin" without its end; remove that line' >&2
  exit 1
}
if ! cmp -s "$hosts" /etc/hosts; then
  chmod 0644 "$hosts"
  # A mount of its own can't be replaced.
  mv -f "$hosts" /etc/hosts 2>/dev/null || cat "$hosts" >/etc/hosts
  ! command -v restorecon >/dev/null || restorecon /etc/hosts
fi`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
