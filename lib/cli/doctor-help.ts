/** What the command does, in a line. */
export const DOCTOR_SUMMARY = 'Compares synthesized YAML with a cluster, and tries the way of machines to istiod';

/** What `meshvm doctor --help` prints. */
export const DOCTOR_HELP = `${DOCTOR_SUMMARY}.

Usage: meshvm doctor [options] <file | folder | -> ...

  It asks the cluster of kubectl's current context, by kubectl and with its credentials, for each object of the files, and changes
  nothing. It tells what was not applied or has been changed since, guards that are missing, groups whose machines nobody selects,
  machines that are unhealthy, a gateway without an address, a name that does not lead to it, and a certificate of istiod without
  the name that machines dial. Content of Secrets is not read. What it can't see is on the machine: "sudo meshvm doctor" there.

Options:
      --context <name>           Context of the kubeconfig. Default: the current one.
      --kubeconfig <file>        Default: kubectl's.
      --group <namespace/name>   Nothing but the objects of this WorkloadGroup.
  -R, --recursive                Folders within folders, too.
      --json                     Prints the findings as JSON.
  -h, --help                     This text.

Exit status:
  0  All is as the files say, as far as could be seen.
  1  Something is wrong, and told; or a file can't be read, or the cluster does not answer.
  2  The command line is not understood.

Examples:
  npx meshvm doctor dist/
  npx meshvm doctor --context prod-eu --group payments/payment-service dist/
`;
