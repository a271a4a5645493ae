import { MACHINE_FILE_HELP } from './machine-file-help';

/** What the command does, in a line. */
export const ENVOY_SUMMARY = 'Makes the configuration of an Envoy without a control plane from a machine file';

/** What `meshvm envoy --help` prints. */
export const ENVOY_HELP = `${ENVOY_SUMMARY}.

Usage: meshvm envoy [options] <machine file | ->

  Writes envoy.yaml, certificate.yaml, roots.yaml and, where names resolve by /etc/hosts, hosts. No cluster is asked; the
  same file always gives the same bytes. Nothing in it is secret: certificates are put beside it on the machine.

Options:
  -o, --out <folder>       Where to write. It is made if need be; files of somebody else's in it are not replaced.
      --directory <path>   Folder of the configuration on the machine, instead of what the file says. Such as
                           C:/meshvm-envoy on Windows.
      --check              Lets Envoy validate the configuration, before anything is written. Without --out: only that.
      --envoy <path>       The Envoy that checks. Default: the one on the PATH.
      --force              Replaces files that meshvm has not made.
  -h, --help               This text.

Exit status:
  0  Done.
  1  The machine file has problems, Envoy refuses the configuration, there is no Envoy to check with, or the files could
     not be written. Nothing is written.
  2  The command line is not understood.

Examples:
  meshvm envoy laptop.yaml --out dist/laptop --check
  meshvm envoy laptop.yaml --out dist/windows --directory C:/meshvm-envoy
  node program.js | meshvm envoy - --out dist/laptop

${MACHINE_FILE_HELP}`;
