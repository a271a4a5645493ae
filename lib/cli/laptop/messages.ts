import { existsSync, readFileSync } from 'node:fs';
import { hostsBlock } from '../../standalone/envoy/hosts-block';
import type { EnvoySpec, ListenAddress } from '../../standalone/envoy/spec';

/** Says something that was done, or is so. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Says something that is not as it was asked for. */
export function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The last lines of a log, each with a mark before it. */
export function lastLines(log: string): string {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LINES) : [];
  return lines.map((line) => `  | ${line}`).join('\n');
}

const LINES = 10;

/** What to do where the hosts file may not be written. */
export function howToAddHosts(spec: EnvoySpec, hosts: string): string {
  return `${hosts} may not be written, so names of services do not lead to Envoy yet. These lines are missing:
${hostsBlock(spec).trimEnd()}
  fix: sudo tee -a ${hosts} < ${spec.directory}/hosts`;
}

/** What to do where the block can't be taken out. */
export function howToRemoveHosts(name: string, hosts: string): string {
  return `${hosts} may not be written, and still has the block of ${name}
  fix: sudo sed -i '/^# meshvm-envoy ${name} begin$/,/^# meshvm-envoy ${name} end$/d' ${hosts}`;
}

/** Where services are called, and where the mesh calls: a line for each. */
export function calls({ services, httpListener, inbound }: EnvoySpec): string {
  const outgoing = services.map(({ host, port, listen }) => `  ${host}:${port} at ${placeOf(listen ?? httpListener)}`);
  const incoming = (inbound?.ports ?? []).map(({ listenPort: port, application }) => {
    const address = inbound?.listenAddress ?? '';
    return `  ${placeOf({ address, port })} goes to ${placeOf(application)}`;
  });
  return [...section('Services', outgoing), ...section('Calls from the mesh', incoming)].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}

function placeOf({ address, port }: ListenAddress): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
