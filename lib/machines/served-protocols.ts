import type { Fact, Registry } from '../core/registry';
import type { Member } from './member';
import { type WayIn, waysInto } from './ways-in';

/** Whether all Services and ServiceEntries say of a port of the selected machines that it carries something else than HTTP. */
export function speaksNoHttp(program: Registry, selected: readonly Fact<Member>[], port: number): boolean {
  return carriesNoHttp(waysIntoAll(program, selected), port);
}

/** The ports of the selected machines, when there are any and none of them carries HTTP. */
export function portsWithoutHttp(program: Registry, selected: readonly Fact<Member>[]): readonly number[] | undefined {
  const declared = selected.flatMap(({ value }) => value.ports).map(({ port }) => port);
  if (declared.length === 0) return undefined;
  const ways = waysIntoAll(program, selected);
  return [...new Set(declared)].every((port) => carriesNoHttp(ways, port)) ? declared : undefined;
}

function waysIntoAll(program: Registry, selected: readonly Fact<Member>[]): readonly WayIn[] {
  return selected.flatMap(({ value: member }) => waysInto(program, member));
}

function carriesNoHttp(ways: readonly WayIn[], port: number): boolean {
  const toPort = ways.filter(({ machinePort }) => machinePort === port);
  return toPort.length > 0 && toPort.every(({ protocol }) => protocol === 'TCP');
}
