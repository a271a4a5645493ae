import { createHash } from 'node:crypto';
import { blockYaml } from '../../core/block-yaml';
import { quoteText, quoteWord } from '../../core/shell-quote';

/** User-data as the builders see it, every default filled in. */
export interface UserDataContent {
  /** Namespace and name of the group, for the reader. */
  readonly title: string;
  /** meshvm's own files. */
  readonly ownFiles: readonly WrittenFile[];
  readonly files: readonly WrittenFile[];
  readonly packages: readonly string[];
  readonly commands: readonly string[];
  /** The user's cloud-config; empty without one. */
  readonly cloudConfig: Readonly<Record<string, unknown>>;
  /** Units of meshvm that start beside the first stage. */
  readonly units: readonly string[];
}

/** What a machine gets of meshvm beyond what every machine gets. Never the user's: nothing checks it. */
export interface UserDataExtras {
  /** More of meshvm's own files. */
  readonly files: readonly WrittenFile[];
  /** Units among those files that are enabled and started beside the first stage, after the user's commands. */
  readonly units: readonly string[];
}

/** A file that is written at the first boot. */
export interface WrittenFile {
  readonly path: string;
  readonly content: string;
  readonly permissions: string;
  readonly owner: string;
  /** `gz+b64` when the content is base64 of what gzip made of it, as cloud-init calls it; undefined for text. */
  readonly encoding?: string;
}

/** Where the agent, its first stage, that one's unit and the configuration lie. */
export const AGENT_FILE = '/usr/local/bin/meshvm';
export const JOIN_FILE = '/etc/meshvm/join.json';
export const FIRST_STAGE_FILE = '/usr/local/lib/meshvm/first-stage';
export const FIRST_STAGE_UNIT = 'meshvm-first-stage.service';

/** The unit that fetches the agent and joins, again and again until it has joined once. Then the agent's own timer takes over. */
const UNIT = `[Unit]
Description=meshvm: fetches the agent and joins the mesh
Wants=network-online.target
After=network-online.target time-sync.target
ConditionPathExists=!/var/lib/meshvm/state.json
[Service]
ExecStart=${FIRST_STAGE_FILE}
Restart=on-failure
RestartSec=15
[Install]
WantedBy=multi-user.target
`;

/** What every machine of a group gets: where the cluster is, the first stage, and the unit that runs it. */
export function ownFiles(joinJson: string, firstStage: string): readonly WrittenFile[] {
  const owner = 'root:root';
  return [
    { path: JOIN_FILE, content: joinJson, permissions: '0644', owner },
    { path: FIRST_STAGE_FILE, content: firstStage, permissions: '0755', owner },
    { path: `/etc/systemd/system/${FIRST_STAGE_UNIT}`, content: UNIT, permissions: '0644', owner },
  ];
}

/** The same with the agent in the place of the program that fetches it. */
export function ownFilesWithAgent(joinJson: string, agent: string): readonly WrittenFile[] {
  return [
    { path: AGENT_FILE, content: agent, permissions: '0755', owner: 'root:root' },
    ...ownFiles(joinJson, `#!/bin/sh\nexec ${AGENT_FILE} join\n`),
  ];
}

/**
 * A cloud-config. Our files come first, because cloud-init writes no file after one that fails. The user's commands are one script, as
 * cloud-init would make of them, but inside a shell of their own: an `exit` among them doesn't keep the machine out of the mesh.
 */
export function cloudConfigText(content: UserDataContent): string {
  const { packages, write_files, runcmd, ...others } = content.cloudConfig as UserCloudConfig;
  const script = userScript([...(runcmd ?? []), ...content.commands]);
  const allPackages = [...(packages ?? []), ...content.packages];
  const document = {
    ...others,
    packages: allPackages.length > 0 ? allPackages : undefined,
    write_files: [...content.ownFiles.map(withoutDefaultOwner), ...(write_files ?? []), ...content.files],
    runcmd: [...(script === '' ? [] : [['sh', '-c', script]]), ...startUnits(content)],
  };
  return `#cloud-config\n# ${purpose(content)}\n${blockYaml(document)}`;
}

/** What cloud-init does by itself: user-data is small. */
function withoutDefaultOwner(file: WrittenFile): Omit<WrittenFile, 'owner'> {
  const { owner, ...others } = file;
  return owner === 'root:root' ? others : file;
}

/** A POSIX shell script that may run at every boot: files are written whole each time, packages and commands run once. */
export function shellScriptText(content: UserDataContent): string {
  const files = [...content.ownFiles, ...content.files];
  const parts = [
    `#!/bin/sh\n# ${purpose(content)} It may run any number of times.\nset -u\numask 022`,
    PUT,
    ...files.map(putFile),
    runOnce(content),
    `if [ -d /run/systemd/system ]; then\n${startUnits(content)
      .map((words) => `  ${words.map(quoteWord).join(' ')}`)
      .join('\n')}\nelse\n  ${FIRST_STAGE_FILE}\nfi`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

interface UserCloudConfig {
  readonly packages?: readonly unknown[];
  readonly write_files?: readonly unknown[];
  readonly runcmd?: readonly unknown[];
}

/** Not waited for: the units start after targets that wait for cloud-init. */
function startUnits({ units }: UserDataContent): readonly (readonly string[])[] {
  return [
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'enable', '--now', '--no-block', ...units, FIRST_STAGE_UNIT],
  ];
}

const PUT = `# put <path> <permissions> <owner>: writes standard input to a file, the whole of it or nothing.
put() {
  mkdir -p "$(dirname "$1")" && (umask 077 && cat >"$1.new") && chmod "$2" "$1.new" && chown "$3" "$1.new" && mv -f "$1.new" "$1"
}`;

/** What the script is for, in a sentence for its reader. */
export function purpose({ title }: UserDataContent): string {
  return `Joins the mesh as ${title}. Made by meshvm.`;
}

/** Commands as one script. A list is a command and its arguments, as in cloud-init. */
export function userScript(commands: readonly unknown[]): string {
  return commands
    .map((command) =>
      Array.isArray(command) ? command.map((word) => quoteWord(String(word))).join(' ') : String(command),
    )
    .join('\n');
}

function putFile({ path, content, permissions, owner, encoding }: WrittenFile): string {
  const put = `put ${quoteWord(path)} ${quoteWord(permissions)} ${quoteWord(owner)}`;
  if (encoding !== undefined) return `echo ${quoteWord(content)} | base64 -d | gzip -d | ${put}`;
  // A here-document always ends in a line break.
  if (!content.endsWith('\n') || /^MESHVM_END$/m.test(content)) return `printf '%s' ${quoteText(content)} | ${put}`;
  return `${put} <<'MESHVM_END'\n${content}MESHVM_END`;
}

function runOnce(content: UserDataContent): string {
  const { packages, commands } = content;
  if (packages.length === 0 && commands.length === 0) return '';
  const script = userScript(commands);
  const steps = [
    ...(packages.length === 0 ? [] : [installPackages(packages.map(quoteWord).join(' '))]),
    ...(script === ''
      ? []
      : [
          `  # shellcheck disable=SC2016 # the inner shell expands it\n  sh -c ${quoteText(script)} || echo 'meshvm: the commands failed' >&2`,
        ]),
  ];
  return `once=${ranOnceFile(content)}\nif [ ! -e "$once" ]; then\n${steps.join('\n')}\n  mkdir -p /var/lib/meshvm && chmod 0700 /var/lib/meshvm && : >"$once"\nfi`;
}

/** The file that says that the packages and commands of user-data were run. */
export function ranOnceFile({ packages, commands }: UserDataContent): string {
  const once = createHash('sha256')
    .update(JSON.stringify([packages, commands]))
    .digest('hex')
    .slice(0, 16);
  return `/var/lib/meshvm/user-data-${once}`;
}

/** Shell commands that install packages, whose names are words of a shell. */
export function installPackages(names: string): string {
  return `  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y ${names}
  elif command -v dnf >/dev/null; then
    dnf install -y ${names}
  elif command -v yum >/dev/null; then
    yum install -y ${names}
  else
    zypper --non-interactive install ${names}
  fi || echo 'meshvm: the packages could not be installed' >&2`;
}
