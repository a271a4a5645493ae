import type { Fact, Registry } from '../core/registry';
import { routingOfServicePort } from '../core/values/protocols';
import { selectMembers } from './declared-members';
import type { Member } from './member';

/** Whether all Services say of a port of the selected machines that it carries something else than HTTP. */
export function speaksNoHttp(
  program: Registry,
  namespace: string,
  selected: readonly Fact<Member>[],
  port: number,
): boolean {
  const routings = selected.flatMap(({ value: machines }) => {
    const names = machines.ports.filter((declared) => declared.port === port).map(({ name }) => name);
    if (names.length === 0) return [];
    // Services of another version of the application stand over these machines too.
    return selectMembers(program, namespace, machines.selector)
      .flatMap((over) => over.value.services)
      .flatMap((service) => service.ports)
      .filter(({ targetPort }) => targetPort === port || names.includes(String(targetPort)))
      .map(routingOfServicePort);
  });
  return routings.length > 0 && routings.every((routing) => routing !== 'http');
}

/** The ports of the selected machines, when there are any and none of them carries HTTP. */
export function portsWithoutHttp(
  program: Registry,
  namespace: string,
  selected: readonly Fact<Member>[],
): readonly number[] | undefined {
  const declared = selected.flatMap(({ value }) => value.ports).map(({ port }) => port);
  const none = declared.length > 0 && declared.every((port) => speaksNoHttp(program, namespace, selected, port));
  return none ? declared : undefined;
}
