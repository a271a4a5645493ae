import type { Fact, Registry } from '../core/registry';
import type { Member } from './member';
import { waysInto } from './ways-in';

/** Whether all Services and ServiceEntries say of a port of the selected machines that it carries something else than HTTP. */
export function speaksNoHttp(program: Registry, selected: readonly Fact<Member>[], port: number): boolean {
  const ways = selected
    .flatMap(({ value: member }) => waysInto(program, member))
    .filter(({ machinePort }) => machinePort === port);
  return ways.length > 0 && ways.every(({ protocol }) => protocol === 'TCP');
}

/** The ports of the selected machines, when there are any and none of them carries HTTP. */
export function portsWithoutHttp(program: Registry, selected: readonly Fact<Member>[]): readonly number[] | undefined {
  const declared = selected.flatMap(({ value }) => value.ports).map(({ port }) => port);
  const none = declared.length > 0 && declared.every((port) => speaksNoHttp(program, selected, port));
  return none ? declared : undefined;
}
