#!/usr/bin/env node
import { envoyCommand } from './envoy-command';
import { ENVOY_SUMMARY } from './envoy-help';
import { ExitCode } from './exit-code';
import { graphCommand } from './graph-command';
import { GRAPH_SUMMARY } from './graph-help';
import { laptopCommand } from './laptop-command';
import { LAPTOP_SUMMARY } from './laptop-help';
import { surveyCommand } from './survey-command';
import { SURVEY_SUMMARY } from './survey-help';

const HELP = `meshvm: virtual machines in an Istio mesh.

Usage: meshvm <command> [options]

Commands:
  graph   ${GRAPH_SUMMARY}
  envoy   ${ENVOY_SUMMARY}
  laptop  ${LAPTOP_SUMMARY}
  survey  ${SURVEY_SUMMARY}

"meshvm <command> --help" says more.
`;

async function main(args: readonly string[]): Promise<ExitCode> {
  const [command, ...rest] = args;
  if (command === 'graph') return graphCommand(rest);
  if (command === 'envoy') return envoyCommand(rest);
  if (command === 'laptop') return laptopCommand(rest);
  if (command === 'survey') return surveyCommand(rest);
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(HELP);
    return ExitCode.DONE;
  }
  const problem = command === undefined ? 'a command is missing' : `there is no command ${JSON.stringify(command)}`;
  process.stderr.write(`meshvm: ${problem}\n\n${HELP}`);
  return ExitCode.USAGE;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
