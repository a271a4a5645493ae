import { spawnSync } from 'node:child_process';

/** The Debian package of each command that the tests of a machine need. */
const PACKAGES: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  debootstrap: 'debootstrap',
  dnsmasq: 'dnsmasq-base',
  genisoimage: 'genisoimage',
  mke2fs: 'e2fsprogs',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  'dpkg-deb': 'dpkg',
  openssl: 'openssl',
  ip: 'iproute2',
};

/** Throws one line that says what to install, if a command is missing. */
export function requireMachineCommands(): void {
  const missing = Object.keys(PACKAGES).filter((command) => spawnSync('which', [command]).status !== 0);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((command) => PACKAGES[command]))].sort();
  throw new Error(
    `The machine tests need ${missing.join(', ')}: apt-get install --no-install-recommends ${packages.join(' ')}`,
  );
}
