import { createHash } from 'node:crypto';
import { quoteText, quoteWord } from '../../core/shell-quote';
import {
  AGENT_FILE,
  FIRST_STAGE_FILE,
  FIRST_STAGE_UNIT,
  installPackages,
  purpose,
  ranOnceFile,
  type UserDataContent,
  userScript,
  type WrittenFile,
} from './user-data';

/** There from the first change until the machine has joined: a run that ended in between is not taken for one that joined. */
const PENDING_FILE = '/var/lib/meshvm/join-pending';

/**
 * A POSIX shell script that does to a running machine what user-data does to a new one, says what it changes, and joins at once. All of
 * it is one function: a shell that reads the script from a connection which breaks runs nothing of it. Its exit codes are the agent's.
 */
export function joinScriptText(content: UserDataContent): string {
  const { title, packages, commands } = content;
  const steps = [
    ...[...content.ownFiles, ...content.files].map(putFile),
    ...(packages.length === 0 ? [] : [`add_packages ${packages.map(quoteWord).join(' ')}`]),
    ...(commands.length === 0
      ? []
      : [
          `# shellcheck disable=SC2016 # the inner shell expands it\nrun_once ${ranOnceFile(content)} ${quoteText(userScript(commands))}`,
        ]),
    `enable_unit ${FIRST_STAGE_UNIT}`,
    `join_mesh ${quoteWord(title)}`,
  ];
  const functions = [
    FUNCTIONS,
    ...(packages.length === 0 ? [] : [ADD_PACKAGES]),
    ...(commands.length === 0 ? [] : [RUN_ONCE]),
    JOIN,
  ];
  return `#!/bin/sh
# ${purpose(content)}
# sudo sh FILE [--dry-run], or ssh MACHINE sudo sh -s -- [--dry-run] <FILE. It may run any number of times.
set -u
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

${functions.join('\n\n')}

main() {
read_arguments "$@"

${steps.join('\n\n')}
}

main "$@" </dev/null
exit
`;
}

const FUNCTIONS = `say() {
  echo "meshvm: $*"
}

# fail <exit code> <text>
fail() {
  code=$1
  shift
  echo "meshvm: $*" >&2
  exit "$code"
}

usage() {
  cat <<'MESHVM_END'
usage: sudo sh FILE [--dry-run]
       ssh MACHINE sudo sh -s -- [--dry-run] <FILE

Makes this machine a member of the mesh, and says what it changes.

  --dry-run  say what would be changed, and change nothing
  --help     this

exit codes: 0 the machine is in the mesh, or --dry-run could say what is to be done; 2 wrong command line; 7 this machine is in the way
(no root, no Python, a file that can not be written); any other is that of the join, which says what is wrong
MESHVM_END
}

read_arguments() {
  dry=
  changes=
  for argument in "$@"; do
    case $argument in
      --dry-run) dry=true ;;
      --help | -h)
        usage
        exit 0
        ;;
      *) fail 2 "there is no argument $argument; --help lists those that there are" ;;
    esac
  done
  [ "$(id -u)" = 0 ] || fail 7 'this needs root: sudo sh FILE, or ssh MACHINE sudo sh -s <FILE'
}

# change <what it will be told as in a dry run>: true when it is to be done.
change() {
  changes=true
  if [ "$dry" ]; then
    say "would $*"
    return 1
  fi
  if ! { mkdir -p /var/lib/meshvm && chmod 0700 /var/lib/meshvm && : >${PENDING_FILE}; }; then
    fail 7 'can not write to /var/lib/meshvm'
  fi
}

# holds <path> <SHA-256>
holds() {
  [ "$(sha256sum <"$1" | cut -c 1-64)" = "$2" ]
}

# put <path> <permissions> <owner> <SHA-256> <bytes>: that much of standard input is what the file holds, the whole of it or nothing.
put() {
  [ ! -d "$1" ] || fail 7 "$1 is a folder; a file belongs there"
  case $3 in
    *:*) format='%a %U:%G' ;;
    *) format='%a %U' ;;
  esac
  if [ -f "$1" ] && [ ! -L "$1" ] && [ "$(stat -c "$format" "$1")" = "$2 $3" ] && holds "$1" "$4"; then
    say "unchanged: $1"
    return
  fi
  if [ -e "$1" ]; then how=changed; else how=new; fi
  change "write: $1 ($how)" || return 0
  if ! { mkdir -p "$(dirname "$1")" && (umask 077 && head -c "$5" >"$1.new") && holds "$1.new" "$4" &&
    chown "$3" "$1.new" && chmod "$2" "$1.new" && mv -f "$1.new" "$1"; }; then
    rm -f "$1.new"
    fail 7 "can not write $1"
  fi
  say "written: $1 ($how)"
}

# installed <package>, with a version if need be, as the package manager names it
installed() {
  if command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2016 # dpkg-query expands it
    case "$(dpkg-query -W -f '\${db:Status-Status} \${Version}' "\${1%%=*}" 2>/dev/null)" in
      "installed \${1#*=}") true ;;
      "installed "*) [ "$1" = "\${1%%=*}" ] ;;
      *) false ;;
    esac
  else
    rpm -q "$1" >/dev/null 2>&1 || rpm -q --whatprovides "$1" >/dev/null 2>&1
  fi
}`;

const ADD_PACKAGES = `# add_packages <package>...: installs those that are missing. When it fails, what follows is done all the same, as by user-data.
add_packages() {
  missing=
  for package in "$@"; do
    if installed "$package"; then
      say "unchanged: package $package"
    elif change "install: package $package"; then
      missing="$missing $package"
    fi
  done
  [ "$missing" ] || return 0
  # shellcheck disable=SC2086 # names of packages have no spaces
  set -- $missing
${installPackages('"$@"')}
  for package in "$@"; do
    if installed "$package"; then say "installed: package $package"; fi
  done
}`;

const RUN_ONCE = `# run_once <file that says that they ran> <commands>
run_once() {
  if [ -e "$1" ]; then
    say 'unchanged: the commands ran before'
  elif change 'run: the commands'; then
    sh -c "$2" || echo 'meshvm: the commands failed' >&2
    : >"$1"
    say 'run: the commands'
  fi
}`;

const JOIN = `# enable_unit <unit>: from the next boot on it joins, if it must.
enable_unit() {
  [ -d /run/systemd/system ] || return 0
  if [ "$changes" ] && [ ! "$dry" ]; then systemctl daemon-reload; fi
  if [ "$(systemctl is-enabled "$1" 2>/dev/null)" = enabled ]; then
    say "unchanged: unit $1"
  elif change "enable: unit $1"; then
    systemctl enable --quiet "$1" || fail 7 "can not enable the unit $1"
    say "enabled: unit $1"
  fi
}

# What the join itself may bring, a line for each that is there.
brought() {
  if installed istio-sidecar; then echo 'installed: package istio-sidecar'; fi
  [ -d /run/systemd/system ] || return 0
  for unit in istio.service meshvm-refresh.timer; do
    if systemctl is-active --quiet "$unit"; then echo "started: unit $unit"; fi
  done
}

# join_mesh <namespace/group>
join_mesh() {
  if [ ! "$changes" ] && [ ! -e ${PENDING_FILE} ] && [ ! -e /var/lib/meshvm/released ] &&
    ${AGENT_FILE} status >/dev/null 2>&1; then
    say "nothing to change: this machine is in the mesh as $1"
    exit 0
  fi
  if ! change "join: $1, which installs the package istio-sidecar unless it is there, and starts istio.service and meshvm-refresh.timer"; then
    [ -x /usr/bin/python3 ] || say 'missing: /usr/bin/python3, without which the machine can not join'
    exit 0
  fi
  [ -x /usr/bin/python3 ] || fail 7 'there is no /usr/bin/python3; install Python 3.6 or later, or name its package in packages'
  before=$(brought)
  code=0
  ${FIRST_STAGE_FILE} || code=$?
  brought | while read -r line; do
    case $before in
      *"$line"*) ;;
      *) say "$line" ;;
    esac
  done
  [ "$code" = 0 ] || fail "$code" "the join as $1 failed with exit code $code; this script may run again"
  rm -f ${PENDING_FILE}
  say "joined: $1"
}`;

/** A here-document takes any text but ends in a line break: the number of bytes says whether the last one belongs to the file. */
function putFile({ path, content, permissions, owner }: WrittenFile): string {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const mode = Number.parseInt(permissions, 8).toString(8);
  let end = 'MESHVM_END';
  while (content.split('\n').includes(end)) end += '_';
  return `put ${[path, mode, owner, sha256].map(quoteWord).join(' ')} ${bytes.length} <<'${end}'\n${content}${
    content.endsWith('\n') ? '' : '\n'
  }${end}`;
}
