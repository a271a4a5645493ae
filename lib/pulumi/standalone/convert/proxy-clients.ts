import type * as pulumi from '@pulumi/pulumi';
import { meshIdentityOf } from '../../../standalone/private/from-data';
import { ProxyClients } from '../../../standalone/proxy-clients';
import type { ArgumentProblems } from '../../core/arguments';
import type { ProxyClientsArgs } from '../proxy-clients-args';

/** Who may use proxies; for what is wrong, somebody with whom the rest can be checked. */
export function proxyClientsOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<ProxyClientsArgs>,
): ProxyClients {
  const found = problems.one<pulumi.Unwrap<ProxyClientsArgs>, ProxyClients>(path, args, {
    addresses: ({ cidrs }) => ProxyClients.addresses(cidrs),
    certificates: ({ identities, ...others }, below) =>
      ProxyClients.certificates({
        ...others,
        identities: identities?.map((identity, index) =>
          meshIdentityOf(problems, `${below}.identities[${index}]`, identity),
        ),
      }),
  });
  return found ?? ProxyClients.addresses(['192.0.2.0/24']);
}
