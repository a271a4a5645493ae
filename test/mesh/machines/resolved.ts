import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALLED } from '../tools/systemd-resolved';
import { toolFolder } from '../tools/tools';
import { METADATA_ADDRESS } from './cloud';
import type { Computer } from './computer';

const POLICY = 'usr/share/dbus-1/system.d/org.freedesktop.resolve1.conf';

/** Where the files of systemd-resolved are: on this host, or unpacked from its own distribution's package in the version of its systemd. */
export async function findResolved(): Promise<string> {
  return existsSync(INSTALLED) ? '/' : toolFolder('systemd-resolved');
}

/**
 * Starts systemd-resolved on a machine, as the resolver of all its programs, with the cloud's DNS as its server: the daemon, its bus, and
 * what it writes are real; only systemd itself is missing.
 */
export async function startResolved(machine: Computer, folder: string): Promise<void> {
  const binaries = join(folder, 'lib/systemd');
  const policy = readFileSync(join(folder, POLICY), 'utf8');
  await machine.run(`
set -e
if ! grep -q ^systemd-resolve: /etc/passwd; then
  echo 'systemd-resolve:x:991:991::/:/usr/sbin/nologin' >>/etc/passwd
  echo 'systemd-resolve:x:991:' >>/etc/group
fi
if [ ! -e /usr/bin/resolvectl ]; then
  cp ${join(folder, 'usr/bin/resolvectl')} /usr/local/bin/resolvectl
fi
mkdir -p /run/dbus /run/systemd/resolve /etc/systemd/resolved.conf.d /etc/dbus-1/system.d
chown systemd-resolve:systemd-resolve /run/systemd/resolve
cat >/etc/dbus-1/system.d/org.freedesktop.resolve1.conf <<'END'
${policy}
END
printf '[Resolve]\\nDNS=${METADATA_ADDRESS}\\nFallbackDNS=\\nLLMNR=no\\nMulticastDNS=no\\n' >/etc/systemd/resolved.conf.d/cloud.conf
[ -e /run/dbus/pid ] || dbus-daemon --system --fork
echo '${binaries}/systemd-resolved' >/run/resolved-command
${START}
ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf`);
}

/** Ends systemd-resolved and starts it again, as `systemctl restart` does. */
export async function restartResolved(machine: Computer): Promise<void> {
  await machine.run(`kill "$(cat /run/resolved.pid)"; while kill -0 "$(cat /run/resolved.pid)" 2>/dev/null; do sleep 0.1; done
${START}`);
}

const START = `
rm -f /run/systemd/resolve/stub-resolv.conf
setsid sh -c 'echo $$ >/run/resolved.pid; exec $(cat /run/resolved-command)' >/run/resolved.log 2>&1 &
until [ -e /run/systemd/resolve/stub-resolv.conf ] && resolvectl dns >/dev/null; do sleep 0.1; done
`;

/**
 * For \`sidecarEnv\` of a machine: what systemd does by the file that the agent places beside istio.service for the mode \`split\`.
 */
export const OWN_RESOLV_CONF = `
if grep -q '"split"' /etc/meshvm/dns.json 2>/dev/null && [ -z "\${APART:-}" ]; then
  export APART=yes
  exec unshare --mount sh -c '
    servers=$(cat /run/systemd/resolve/resolv.conf)
    mount -t tmpfs -o mode=755 tmpfs /run/systemd/resolve
    echo "$servers" >/run/systemd/resolve/stub-resolv.conf
    exec "$0" "$@"' "$0" "$@"
fi
`;
