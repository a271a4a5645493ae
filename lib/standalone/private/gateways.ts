import { type Problems, rule } from '../../core/problems';
import { isIpAddress } from '../../core/values/addresses';
import { isWhole } from '../../core/values/counts';
import { isFqdn } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import type { GatewaySpec } from '../envoy/spec';

const MISSING = rule({
  id: 'standalone/no-gateway',
  origin: 'meshvm',
  allowed: 'at least one east-west gateway',
  remedy: 'give the address of the load balancer of the gateway that exposes the services',
  source: 'meshvm: a machine without a control plane reaches the mesh through a gateway alone',
});
const ADDRESS = rule({
  id: 'standalone/gateway-address',
  origin: 'meshvm',
  allowed: 'an IP address, or a DNS name',
  remedy: 'give it without scheme, port or path; the port has a property of its own',
  source: 'Envoy: endpoints are addresses, and names for clusters of type STRICT_DNS',
});
const PRIORITY = rule({
  id: 'standalone/gateway-priority',
  origin: 'meshvm',
  allowed: 'whole numbers from 0 to 128 that leave none out: some gateway has 0, and who has 2 needs one with 1',
  remedy: 'number the gateways by who is called first',
  source: 'Envoy ClusterLoadAssignment: priorities should range from 0 (highest) to N (lowest) without skipping',
});
const WEIGHT = rule({
  id: 'standalone/gateway-weight',
  origin: 'meshvm',
  allowed: 'a whole number from 1 to 128',
  remedy: 'give a share; leave a gateway out that shall get nothing',
  source: 'Envoy LbEndpoint.load_balancing_weight is at least 1',
});
const TWICE = rule({
  id: 'standalone/gateway-twice',
  origin: 'meshvm',
  allowed: 'each address and port once',
  remedy: 'remove one; weight gives a gateway more than others',
  source: 'Envoy: the second is the same endpoint',
});

/** Everything about gateways that Envoy would refuse, or that leads nowhere. */
export function checkGateways(problems: Problems, gateways: readonly GatewaySpec[]): void {
  if (gateways.length === 0) problems.add(MISSING, 'gateways', []);
  const seen = new Set<string>();
  const priorities = new Set(gateways.map(({ priority }) => priority));
  gateways.forEach(({ address, port, priority, weight }, index) => {
    const at = problems.at(`gateways[${index}]`);
    at.check(ADDRESS, 'address', address, isAddress);
    checkPortNumber(at, 'port', port);
    const follows = priority === 0 || priorities.has(priority - 1);
    at.check(PRIORITY, 'priority', priority, (number) => isWhole(number, 0, 128) && follows);
    at.check(WEIGHT, 'weight', weight, (number) => isWhole(number, 1, 128));
    const key = `${address} ${port}`;
    if (seen.has(key)) at.add(TWICE, 'address', address);
    seen.add(key);
  });
}

function isAddress(value: string): boolean {
  return isIpAddress(value) || (isFqdn(value) && !value.endsWith('.'));
}
