/** What the command does, in a line. */
export const PORTS_SUMMARY = 'Tells who dials whom, on which port and why, from synthesized YAML';

/** What `meshvm ports --help` prints. */
export const PORTS_HELP = `${PORTS_SUMMARY}.

Usage: meshvm ports [options] <file | folder | -> ...

  A table for each group of machines and each gateway, for whoever opens firewalls: what goes in, and what machines dial. No
  cluster is asked. Where a program does not say who calls, callers have no ranges: rules made of such rows let everybody in.

Options:
  -f, --format <text|json|nft|aws>   nft: rules for a chain of your own. aws: permissions of security groups, by place, as
                                     "aws ec2 authorize-security-group-ingress --ip-permissions" takes them. Both have
                                     what goes in. Default: text.
      --group <namespace/name>       Nothing but this WorkloadGroup.
  -R, --recursive                    Folders within folders, too.
  -h, --help                         This text.

Exit status:
  0  Done.
  1  A file can't be read, or holds neither a WorkloadGroup nor a gateway.
  2  The command line is not understood.

Examples:
  npx meshvm ports dist/
  npx meshvm ports --group payments/payment-service --format nft dist/
`;
