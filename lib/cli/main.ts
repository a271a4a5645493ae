#!/usr/bin/env node
import { ExitCode } from './exit-code';
import { graphCommand } from './graph-command';
import { GRAPH_SUMMARY } from './graph-help';

const HELP = `meshvm: virtual machines in an Istio mesh.

Usage: meshvm <command> [options]

Commands:
  graph   ${GRAPH_SUMMARY}

"meshvm graph --help" says more.
`;

function main(args: readonly string[]): ExitCode {
  const [command, ...rest] = args;
  if (command === 'graph') return graphCommand(rest);
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(HELP);
    return ExitCode.DONE;
  }
  const problem = command === undefined ? 'a command is missing' : `there is no command ${JSON.stringify(command)}`;
  process.stderr.write(`meshvm: ${problem}\n\n${HELP}`);
  return ExitCode.USAGE;
}

process.exitCode = main(process.argv.slice(2));
