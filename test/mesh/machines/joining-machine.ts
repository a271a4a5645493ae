import { readFileSync } from 'node:fs';
import type { ControlPlane } from '../harness';
import { type Cloud, METADATA_ADDRESS } from './cloud';
import { Computer } from './computer';

export interface JoiningMachineOptions {
  readonly name: string;
  readonly cloud: Cloud;
  /** The user-data, as a shell script. */
  readonly userData: string;
  /** Seconds between two refreshes. Default: 2. */
  readonly refreshSeconds?: number;
  /** Lines of the package's own settings. */
  readonly sidecarEnv?: string;
  /** `false` starts the application only: no user-data, no agent, no sidecar. Default: `true`. */
  readonly boot?: 'true' | 'false';
  /** Where the application listens, whose answer to any request is the request's headers. Default: 8080. */
  readonly port?: number;
}

/**
 * Makes a machine of an image with the sidecar package, which runs its user-data at its first boot. Shell loops take systemd's part:
 * they run the first stage until it succeeds, refresh before the sidecar starts and then again and again, keep the sidecar running, and
 * restart it when the agent asks for that: the request is gone when the old sidecar has ended. A machine that is released or drained
 * gets no sidecar. They wait for seconds where the units wait for minutes.
 */
export async function joiningMachine(controlPlane: ControlPlane, options: JoiningMachineOptions): Promise<Computer> {
  const { cloud, port = 8080 } = options;
  const machine = await Computer.create(controlPlane, {
    name: options.name,
    script: BOOT,
    network: `ip route replace ${METADATA_ADDRESS} via ${cloud.gateway}`,
    nameserver: METADATA_ADDRESS,
    env: {
      MESHVM_SERVICE_MANAGER: 'none',
      REFRESH_SECONDS: String(options.refreshSeconds ?? 2),
      NODE: process.execPath,
      PORT: String(port),
      BOOT: options.boot ?? 'true',
    },
  });
  const { tools } = controlPlane;
  machine.write('/usr/local/bin/sudo', SUDO);
  machine.write('/usr/local/bin/application', ECHO);
  machine.write(
    '/var/lib/istio/envoy/sidecar.env',
    `${readFileSync(tools.sidecarEnv, 'utf8')}\n${options.sidecarEnv ?? ''}\n`,
  );
  machine.write('/var/lib/istio/envoy/envoy_bootstrap_tmpl.json', readFileSync(tools.envoyBootstrapTemplate, 'utf8'));
  machine.write('/var/lib/cloud/user-data', options.userData);
  return machine;
}

/**
 * An HTTP server that says who asked: the headers of the request, with which Envoy passes on the caller's certificate. It closes no idle
 * connection, as all servers here that proxies call: node would after five seconds, and a proxy that sends a request just then answers 503.
 */
export const ECHO = `
require('node:http').createServer({ keepAliveTimeout: 0 }, (request, response) => response.end(JSON.stringify(request.headers)))
  .listen(Number(process.argv[2]), '0.0.0.0');
`;

/** What the start script needs of sudo: \`sudo -E -u USER -s /bin/bash -c COMMAND\`. */
const SUDO = `#!/bin/sh
exec setpriv --reuid "$3" --regid "$3" --clear-groups /bin/bash -c "$7"
`;

const BOOT = `
set -u
state=/var/lib/meshvm
if [ ! -e /etc/istio ]; then # What the package's postinst does.
  ln -s /var/lib/istio /etc/istio
  mkdir -p /var/lib/istio/config /var/lib/istio/proxy /var/log/istio /etc/certs
  : >/var/lib/istio/config/mesh
  chown istio-proxy:istio-proxy /etc/certs /var/lib/istio/envoy /var/lib/istio/config /var/log/istio /var/lib/istio/config/mesh /var/lib/istio/proxy
fi
(cd /tmp; while :; do "$NODE" /usr/local/bin/application "$PORT"; sleep 1; done) &
if [ "$BOOT" = false ]; then
  wait
fi
if [ -e $state/state.json ]; then
  meshvm refresh
else
  until sh /var/lib/cloud/user-data; do sleep 1; done
fi
while :; do
  while [ -e $state/released ]; do sleep 0.2; done
  mkdir -p /var/run/secrets
  chown istio-proxy /var/run/secrets
  istio-start.sh &
  echo $! >/run/istio.pid
  wait $!
  pkill -KILL -U istio-proxy # KillMode=mixed: nothing of the unit outlives its main process. (By real user: the agent acts as that user.)
  istio-start.sh clean
  echo "the sidecar has ended"
  [ -e $state/restart ] || sleep 1
  rm -f $state/restart
done &
while sleep 0.2; do
  if [ -e $state/restart ]; then # Perhaps more than once: only the first signal counts.
    kill "$(cat /run/istio.pid)"
  fi
done &
while :; do
  sleep "$REFRESH_SECONDS"
  meshvm refresh
done
`;
