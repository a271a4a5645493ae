import { AWS_LIFECYCLE_PROGRAM } from './aws-lifecycle-program';
import type { UserDataExtras, WrittenFile } from './user-data';

/** What a machine of an EC2 Auto Scaling group is told of its group. Names are not checked here. */
export interface AwsLifecycleOptions {
  /** Name of the Auto Scaling group. */
  readonly autoScalingGroupName: string;
  /**
   * Name of the hook of `autoscaling:EC2_INSTANCE_LAUNCHING`, which the machine completes once it is healthy in the mesh. While it waits, it
   * prolongs the hook every 90 to 120 s, so the hook's `heartbeatTimeout` must be at least 300 s.
   * @default - no such hook
   */
  readonly launchHookName?: string;
  /**
   * Name of the hook of `autoscaling:EC2_INSTANCE_TERMINATING`, which the machine completes once it has drained. It isn't prolonged while the
   * machine drains, so the hook's `heartbeatTimeout` should be `drainSeconds` and 420 s: what the slowest stop of a sidecar takes.
   * @default - no such hook
   */
  readonly terminateHookName?: string;
  /**
   * Seconds after which a machine that isn't healthy no longer prolongs the launch hook. Then the hook's own timeout and default result
   * decide: the machine itself never abandons.
   */
  readonly launchTimeoutSeconds: number;
  /** Seconds for connections to end before the sidecar stops; at most 80 of them after a Spot notice. */
  readonly drainSeconds: number;
  /** Whether the group has a warm pool: then nothing that joins starts before the group wants the machine at work. */
  readonly warmPool: boolean;
}

/** The unit that follows the group. */
const AWS_LIFECYCLE_UNIT = 'meshvm-aws-lifecycle.service';

/** What user-data carries for a machine of an Auto Scaling group: the program `agent/aws_lifecycle.py`, its settings, and its unit. */
export function awsLifecycle(options: AwsLifecycleOptions): UserDataExtras {
  const { warmPool, ...settings } = options;
  return {
    files: [
      file(SETTINGS, `${JSON.stringify(settings)}\n`),
      { ...file(PROGRAM, AWS_LIFECYCLE_PROGRAM), permissions: '0755', encoding: 'gz+b64' },
      file(`${UNITS}/${AWS_LIFECYCLE_UNIT}`, UNIT),
      ...(warmPool ? GATED.map((unit) => file(`${UNITS}/${unit}.d/20-meshvm-aws.conf`, GATE)) : []),
    ],
    units: [AWS_LIFECYCLE_UNIT],
  };
}

const SETTINGS = '/etc/meshvm/aws-lifecycle.json';
const PROGRAM = '/usr/local/lib/meshvm/aws-lifecycle';
const UNITS = '/etc/systemd/system';

/** The capability is for the network as the sidecar's user; UNIX sockets are for systemd, which runs all that needs more than this. */
const UNIT = `[Unit]
Description=meshvm: follows the Auto Scaling group
Wants=network-online.target
After=network-online.target
[Service]
ExecStart=${PROGRAM} run
Restart=always
RestartSec=5
StateDirectory=meshvm
StateDirectoryMode=0700
MemoryMax=64M
CPUWeight=20
CapabilityBoundingSet=CAP_SETUID
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
[Install]
WantedBy=multi-user.target
`;

/** All that may bring a machine into the mesh at a boot. */
const GATED = ['meshvm-first-stage.service', 'meshvm-refresh.service', 'istio.service'];
const GATE = `[Service]\nExecCondition=${PROGRAM} may-join\n`;

function file(path: string, content: string): WrittenFile {
  return { path, content, permissions: '0644', owner: 'root:root' };
}
