#!/usr/bin/env node
import { nearestOf } from '../core/nearest';
import { doctorCommand } from './doctor-command';
import { DOCTOR_SUMMARY } from './doctor-help';
import { envoyCommand } from './envoy-command';
import { ENVOY_SUMMARY } from './envoy-help';
import { ExitCode } from './exit-code';
import { graphCommand } from './graph-command';
import { GRAPH_SUMMARY } from './graph-help';
import { laptopCommand } from './laptop-command';
import { LAPTOP_SUMMARY } from './laptop-help';
import { meshCommand } from './mesh-command';
import { MESH_SUMMARY } from './mesh-help';
import { portsCommand } from './ports-command';
import { PORTS_SUMMARY } from './ports-help';
import { surveyCommand } from './survey-command';
import { SURVEY_SUMMARY } from './survey-help';

interface Command {
  readonly summary: string;
  readonly run: (args: readonly string[]) => ExitCode | Promise<ExitCode>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  graph: { summary: GRAPH_SUMMARY, run: graphCommand },
  envoy: { summary: ENVOY_SUMMARY, run: envoyCommand },
  laptop: { summary: LAPTOP_SUMMARY, run: laptopCommand },
  mesh: { summary: MESH_SUMMARY, run: meshCommand },
  doctor: { summary: DOCTOR_SUMMARY, run: doctorCommand },
  ports: { summary: PORTS_SUMMARY, run: portsCommand },
  survey: { summary: SURVEY_SUMMARY, run: surveyCommand },
};

/** Commands of the agent, which has the same name: lib/join/agent/main.py. */
const COMMANDS_OF_MACHINES = ['join', 'refresh', 'status', 'drain', 'release'];

const HELP = `meshvm: virtual machines in an Istio mesh.

Usage: meshvm <command> [options]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(6)}  ${summary}`)
  .join('\n')}

Options:
  -h, --help     This text; after a command, what is to say about it.
  -V, --version  The version of meshvm.
`;

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return print(HELP);
  if (name === '--version' || name === '-V') return print(`${version()}\n`);
  if (name !== undefined && Object.hasOwn(COMMANDS, name)) return COMMANDS[name].run(rest);
  process.stderr.write(`meshvm: ${problemOf(name)}\n`);
  return ExitCode.USAGE;
}

function print(text: string): ExitCode {
  process.stdout.write(text);
  return ExitCode.DONE;
}

function version(): string {
  return (require('meshvm/package.json') as { readonly version: string }).version;
}

function problemOf(name: string | undefined): string {
  if (name === undefined) return `a command is missing\n\n${HELP}`;
  if (COMMANDS_OF_MACHINES.includes(name))
    return `"${name}" is a command of the agent: run "sudo meshvm ${name}" on a machine of the mesh, where it was installed when the machine joined`;
  const meant = nearestOf(name, Object.keys(COMMANDS));
  const question = meant === undefined ? `\n\n${HELP}` : `: did you mean "${meant}"? "meshvm --help" lists all`;
  return `there is no command ${JSON.stringify(name)}${question}`;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
