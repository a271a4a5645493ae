import { MACHINE_FILE_HELP } from './machine-file-help';

/** What the command does, in a line. */
export const LAPTOP_SUMMARY = 'Runs an Envoy without a control plane on this computer';

/** What `meshvm laptop --help` prints. */
export const LAPTOP_HELP = `${LAPTOP_SUMMARY}.

Usage: meshvm laptop start|stop|status [options] <machine file>

  start    Checks the certificate, writes the configuration, starts Envoy in the background, and once it takes calls puts the
           names of the services into the hosts file, between marks. It starts a machine only once.
  stop     Takes exactly those lines out again, and ends Envoy. It may be repeated.
  status   Says what runs, where services are called, and how long the certificate is good for.

  For Linux and macOS. It needs no root, as long as the machine file has no port below 1024. Only the hosts file does:
  where it may not be written, start says what to add. Names need no hosts file with nameResolution: { dnsFilter: {} } or
  { none: true }.

Options:
      --hosts <file|none>  The hosts file. Default: the system's.
      --envoy <path>       The program Envoy. Default: the one on the PATH.
      --foreground         With start: until Ctrl-C, with Envoy's log on standard output.
  -h, --help               This text.

Files, where <name> is the name in the machine file:
  $XDG_CONFIG_HOME/meshvm/laptop/<name>                The configuration, unless the machine file has a directory. Default: in
                                                       ~/.config.
  $XDG_CONFIG_HOME/meshvm/laptop/<name>/certificates   cert-chain.pem, key.pem (mode 0600) and root-cert.pem, which you put
                                                       there, or what renews them. Moved into the folder, new ones are taken
                                                       up without a restart.
  $XDG_STATE_HOME/meshvm/laptop/<name>/envoy.log       What Envoy says. Default: in ~/.local/state.

Exit status:
  0  Done; with status: it runs, and nothing is in the way.
  1  Something is in the way, and named. After a start that fails nothing runs, and the hosts file is as it was.
  2  The command line is not understood.

${MACHINE_FILE_HELP}`;
