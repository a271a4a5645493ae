import { spawnSync } from 'node:child_process';

/** Runs a script where /etc, /opt, /usr/local, /var/lib and /run are its own; nothing of it stays. */
export function onEmptyMachine(script: string): readonly string[] {
  const own = `
    set -e
    mount -t tmpfs tmpfs /mnt; mkdir /mnt/up /mnt/work; mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work /etc
    for d in /opt /usr/local /var/lib /run; do mount -t tmpfs tmpfs $d; done
    set +e`;
  const env = {
    PATH: process.env.PATH,
    HOME: '/root',
    MESHVM_IMDS_ENDPOINT: 'http://127.0.0.1:1',
    MESHVM_POLL_SECONDS: '0.01',
  };
  const { stdout, stderr, status } = spawnSync('unshare', ['--mount', 'sh', '-c', own + script], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  return stdout.trim().split('\n');
}
