import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, ManagedProcess, runCommand } from '../mesh/harness';
import type { Cloud } from './cloud';
import type { MachineImage } from './image';

export interface VirtualMachineOptions {
  readonly name: string;
  readonly image: MachineImage;
  readonly cloud: Cloud;
  /** What the machine gets beside its image: nothing else is done to it. */
  readonly userData: string;
}

/** Emulation of another computer on a busy one is slow; a time limit is there to end a test, never to judge. */
export const PATIENCE_SECONDS = 900;

/**
 * A whole machine in QEMU: firmware, kernel, systemd and cloud-init of an image, on a disk of its own over the image's, with a network card in the LAN of
 * the control plane. Emulated without KVM, so that it is the same everywhere.
 */
export class VirtualMachine {
  static async create(controlPlane: ControlPlane, options: VirtualMachineOptions): Promise<VirtualMachine> {
    const { lan, workspace } = controlPlane;
    const { name, image, cloud } = options;
    const folder = workspace.subfolder(name);
    const address = lan.reserveAddress();
    const mac = `52:54:00:${address
      .split('.')
      .slice(1)
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join(':')}`;
    cloud.lease(mac, address, name);

    const key = join(folder, 'ssh-key');
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key]);
    const publicKey = readFileSync(`${key}.pub`, 'utf8').trim();
    writeFileSync(join(folder, 'user-data'), options.userData);
    const metadata = { 'instance-id': name, 'local-hostname': name, 'public-keys': [publicKey] };
    writeFileSync(join(folder, 'meta-data'), JSON.stringify(metadata));
    const seed = ['-quiet', '-output', 'seed.iso', '-volid', 'cidata', '-joliet', '-rock', 'user-data', 'meta-data'];
    await runCommand('genisoimage', seed, { cwd: folder });
    const overlay = ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', image.disk, 'disk.qcow2'];
    await runCommand('qemu-img', overlay, { cwd: folder });
    // QEMU makes the network card's other end and takes it along when it ends; this puts it into the bridge.
    const plug = join(folder, 'plug');
    writeFileSync(plug, `#!/bin/sh\nexec ip link set "$1" master ${lan.bridge} up\n`);
    chmodSync(plug, 0o755);
    const card = `${lan.bridge}q${address.split('.').pop()}`;
    return new VirtualMachine(controlPlane, options, folder, address, qemuArguments(image, card, mac, plug));
  }

  private running: ManagedProcess | undefined;

  private constructor(
    private readonly controlPlane: ControlPlane,
    private readonly options: VirtualMachineOptions,
    private readonly folder: string,
    readonly address: string,
    private readonly qemu: readonly string[],
  ) {}

  get name(): string {
    return this.options.name;
  }

  powerOn(): void {
    this.running = ManagedProcess.start({
      workspace: this.controlPlane.workspace,
      name: `${this.name}-console`,
      command: 'qemu-system-x86_64',
      args: this.qemu,
      cwd: this.folder,
    });
    this.controlPlane.own(this.running);
  }

  async cutPower(): Promise<void> {
    await this.running?.kill();
    this.running = undefined;
  }

  /** Runs a shell command on the machine, as a user who may sudo; throws when it fails. */
  async run(command: string): Promise<string> {
    const { exitCode, output } = await this.tryRun(command);
    if (exitCode === 0) return output;
    const journal = await this.saveJournal();
    throw new Error(`${this.name}: \`${command}\` failed (exit code ${exitCode}):\n${output}\n${journal}`);
  }

  /** Like `run`, for a command that may fail. Exit code 255 is SSH's own. */
  async tryRun(command: string): Promise<{ readonly exitCode: number; readonly output: string }> {
    const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
    const patience = ['-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=20', '-o', 'BatchMode=yes'];
    const args = ['-i', join(this.folder, 'ssh-key'), ...trust, ...patience, `debian@${this.address}`, command];
    const options = { allowFailure: true, timeoutSeconds: PATIENCE_SECONDS };
    const { exitCode, stdout, stderr } = await runCommand('ssh', args, options);
    return { exitCode, output: `${stdout}${stderr}` };
  }

  /** Waits until a probe says yes; a failure quotes the console and the journal, which are kept in the log folder. */
  async waitUntil<T>(what: string, probe: () => T | Promise<T>): Promise<NonNullable<T>> {
    if (this.running === undefined) throw new Error(`${this.name} is off.`);
    return this.running.waitUntil(what, probe, {
      timeoutSeconds: PATIENCE_SECONDS,
      intervalMilliseconds: 500,
      details: () => this.saveJournal(),
    });
  }

  /** Id of the present boot; waits for SSH. */
  async bootId(): Promise<string> {
    return this.waitUntil('SSH answers', async () => {
      const { exitCode, output } = await this.tryRun('cat /proc/sys/kernel/random/boot_id');
      return exitCode === 0 ? output.trim() : undefined;
    });
  }

  /** Restarts the machine's system and waits until SSH answers from the next boot. */
  async reboot(): Promise<void> {
    const before = await this.bootId();
    // The connection may end before the command does.
    await this.tryRun('sudo systemctl reboot');
    await this.waitUntil('it has booted again', async () => {
      const { exitCode, output } = await this.tryRun('cat /proc/sys/kernel/random/boot_id');
      return exitCode === 0 && output.trim() !== before;
    });
  }

  /** Copies the journal into the log folder and returns its end. */
  async saveJournal(): Promise<string> {
    const file = join(this.controlPlane.workspace.logs, `${this.name}-journal.log`);
    const { output } = await this.tryRun('sudo journalctl --no-pager --boot all --output short-precise');
    writeFileSync(file, output);
    const about = /meshvm|istio|cloud-init|first-stage/;
    const lines = output.split('\n').filter((line) => about.test(line) && !/kernel:/.test(line));
    return `--- end of ${file}, what concerns the mesh ---\n${lines.slice(-60).join('\n')}`;
  }
}

function qemuArguments(image: MachineImage, card: string, mac: string, plug: string): readonly string[] {
  return [
    // With `-cpu max` QEMU 7.2 emulates AVX wrongly: udev, mounts and fsync fail. This model has none.
    ...['-accel', 'tcg,thread=multi', '-cpu', 'Westmere', '-smp', '2', '-m', '1024'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-serial', 'stdio', '-rtc', 'base=utc'],
    ...['-kernel', image.kernel, '-initrd', image.initrd, '-append', 'root=/dev/vda ro console=ttyS0 panic=-1'],
    ...['-drive', 'file=disk.qcow2,if=virtio,format=qcow2,cache=unsafe'],
    ...['-drive', 'file=seed.iso,if=virtio,format=raw,readonly=on'],
    ...['-netdev', `tap,id=lan,ifname=${card},script=${plug},downscript=no`],
    ...['-device', `virtio-net-pci,netdev=lan,mac=${mac},romfile=`, '-device', 'virtio-rng-pci'],
  ];
}
