import { type Problems, rule } from '../core/problems';
import { checkCidrs } from '../core/values/addresses';
import { isDnsLabel } from '../core/values/names';
import type { Network } from './network';

const NAME = rule({
  id: 'network/name',
  origin: 'ignored',
  allowed: 'a-z, 0-9 and "-", at most 63 characters, first and last a letter or digit',
  remedy: 'choose such a name; istiod appends it to the name of every machine it registers',
  source:
    'istio pilot/pkg/autoregistration: a bad name makes the creation of the WorkloadEntry fail, and the machine is refused',
});
const OWN_NAME = rule({
  id: 'network/behind-gateway-of-own-network',
  origin: 'ignored',
  allowed: "a network other than the mesh's own",
  remedy: 'use network.flat for machines in the network of the pods',
  source: 'istio: endpoints in the network of the caller are dialled directly',
});

/** Address ranges of the machines of a network. */
export function cidrsOf({ flat, behindGateway }: Network): readonly string[] {
  return flat?.cidrs ?? behindGateway?.cidrs ?? [];
}

/** The property of a network that holds the address ranges. */
export function cidrsProperty({ flat }: Network): string {
  return flat === undefined ? 'behindGateway.cidrs' : 'flat.cidrs';
}

/**
 * Everything about a network that would keep its machines outside.
 *
 * @param ownNetwork Network of the mesh's pods.
 */
export function checkNetwork(problems: Problems, network: Network, ownNetwork: string): void {
  const name = network.behindGateway?.name;
  problems.check(OWN_NAME, 'behindGateway.name', name, (given) => given !== ownNetwork);
  problems.check(NAME, 'behindGateway.name', name, isDnsLabel);
  checkCidrs(problems, cidrsProperty(network), cidrsOf(network));
}
