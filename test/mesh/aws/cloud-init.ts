/**
 * What runs on a machine of EC2 that has no systemd: the real cloud-init, and stand-ins for what user-data and the lifecycle program
 * start by systemd.
 */

/** Authority of the stand-in for EC2 Auto Scaling, on the machine. */
export const AUTHORITY_FILE = '/etc/ssl/ec2-stand-in.pem';

/** Programs by their paths on the machine. */
export const STAND_INS: Readonly<Record<string, string>> = {
  // cloud-init speaks IMDSv2 where the firmware says that the machine is one of EC2's, and asks no firmware in a container.
  '/usr/local/sbin/dmidecode': `#!/bin/sh
case "$2" in system-uuid | system-serial-number) echo ec2e1916-9099-7caf-fd21-012345abcdef ;; esac
`,
  '/usr/local/bin/systemd-detect-virt': `#!/bin/sh
exit 1
`,
  // Units are started as their conditions and Restart= say, with a second for RestartSec=, and without any of their sandbox.
  '/usr/local/bin/systemctl': `#!/bin/sh
set -u
log=/var/log/systemctl
say() { grep -h "^$2=" "/etc/systemd/system/$1" "/etc/systemd/system/$1.d/"*.conf 2>/dev/null | cut -d= -f2-; }
start() { setsid "$0" RUN "$1" >>"/var/log/$1" 2>&1 </dev/null & echo $! >"/run/$1.pid"; }
[ "$1" = RUN ] || echo "$@" >>$log
case "$1" in
  daemon-reload) ;;
  enable | start)
    shift
    for word in "$@"; do case "$word" in --*) ;; *) start "$word" ;; esac; done
    ;;
  stop) shift; for unit in "$@"; do [ ! -e "/run/$unit.pid" ] || kill -- "-$(cat "/run/$unit.pid")" 2>/dev/null; done ;;
  RUN)
    unit=$2
    for path in $(say "$unit" ConditionPathExists); do
      case "$path" in
        !*) [ ! -e "\${path#!}" ] || exit 0 ;;
        *) [ -e "$path" ] || exit 0 ;;
      esac
    done
    if [ "$unit" = meshvm-aws-lifecycle.service ]; then
      export SSL_CERT_FILE=${AUTHORITY_FILE} MESHVM_POLL_SECONDS=0.5
    fi
    while :; do
      condition=$(say "$unit" ExecCondition)
      [ -z "$condition" ] || $condition || exit 0
      $(say "$unit" ExecStart)
      status=$?
      [ $status -ne 0 ] || : >"/run/$unit.succeeded"
      case "$(say "$unit" Restart):$status" in always:* | on-failure:[1-9]*) sleep 1 ;; *) exit $status ;; esac
    done
    ;;
  *) echo "this stand-in for systemctl does not know: $*" >&2; exit 1 ;;
esac
`,
  // A transient unit is a unit without the caller's sandbox; here nobody has one.
  '/usr/local/bin/systemd-run': `#!/bin/sh
while case "$1" in --*) true ;; *) false ;; esac; do shift; done
exec "$@"
`,
};

/**
 * Boots as an image of EC2 does: cloud-init finds its metadata service and takes the user-data from there, writes its files and runs its
 * commands. Ends when the first stage has: the sidecar must not start before.
 */
export const CLOUD_INIT_BOOT = `#!/bin/sh
set -eu
exec 2>>/var/log/cloud-init-stages.log
if [ -d /sys/class/dmi/id ]; then mount -t tmpfs tmpfs /sys/class/dmi/id/; fi
rm -rf /etc/cloud /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data
mkdir -p /etc/cloud
cat >/etc/cloud/cloud.cfg <<'END'
datasource_list: [Ec2]
datasource: {Ec2: {metadata_urls: ['http://169.254.169.254'], max_wait: 20, timeout: 5}}
network: {config: disabled}
cloud_init_modules: [write-files]
cloud_config_modules: [runcmd]
cloud_final_modules: [package-update-upgrade-install, write-files-deferred, scripts-user]
END
cloud-init init
cloud-init modules --mode config
cloud-init modules --mode final
until [ -e /run/meshvm-first-stage.service.succeeded ]; do sleep 0.2; done
`;
