import { routingOfServicePort } from '../core/values/protocols';
import type { DeclaredMember, Environment } from './environment';

/** Whether all Services say of a port of the selected machines that it carries something else than HTTP. */
export function speaksNoHttp(
  environment: Environment,
  namespace: string,
  selected: readonly DeclaredMember[],
  port: number,
): boolean {
  const routings = selected.flatMap(({ machines }) => {
    const names = machines.ports.filter((declared) => declared.port === port).map(({ name }) => name);
    if (names.length === 0) return [];
    // Services of another version of the application stand over these machines too.
    return environment
      .select(namespace, machines.selector)
      .flatMap((over) => over.machines.services)
      .flatMap((service) => service.ports)
      .filter(({ targetPort }) => targetPort === port || names.includes(String(targetPort)))
      .map(routingOfServicePort);
  });
  return routings.length > 0 && routings.every((routing) => routing !== 'http');
}

/** The ports of the selected machines, when there are any and none of them carries HTTP. */
export function portsWithoutHttp(
  environment: Environment,
  namespace: string,
  selected: readonly DeclaredMember[],
): readonly number[] | undefined {
  const declared = selected.flatMap(({ machines }) => machines.ports).map(({ port }) => port);
  const none = declared.length > 0 && declared.every((port) => speaksNoHttp(environment, namespace, selected, port));
  return none ? declared : undefined;
}
