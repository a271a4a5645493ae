import type { Construct } from 'constructs';
import { readSpec } from '../core/spec/spec';
import { EnvoyWithoutControlPlane } from './envoy-without-control-plane';
import type { ForwardingProxyGroupProps } from './forwarding-proxy-group-props';
import { planForwardingProxyGroup } from './plan-standalone';
import shapes from './shapes.json';

/**
 * Machines that are all alike and pass calls on into the mesh for clients that can't: appliances, programs without TLS, whole networks that
 * let one port through. Each is an Envoy without a control plane, with the identity of one ServiceAccount; put a load balancer for TCP in
 * front of them, and as many of them as you like behind it.
 *
 * A service is called on its `localPort`, or by its Host header on `httpPort`. Names of the services lead clients to the load balancer by
 * their own DNS.
 *
 * @example
 * const proxies = new ForwardingProxyGroup(chart, 'proxies', {
 *   mesh,
 *   gateways: [{ address: 'eastwest.example.com' }],
 *   clients: ProxyClients.addresses(['10.40.0.0/16']),
 *   services: [StandaloneService.group(group, { localPort: 8080 })],
 * });
 * group.allowFrom(Caller.standalone(proxies));
 * @throws ValidationError with every problem of the properties.
 */
export class ForwardingProxyGroup extends EnvoyWithoutControlPlane {
  public constructor(scope: Construct, id: string, props: ForwardingProxyGroupProps) {
    super(scope, id, (place) =>
      planForwardingProxyGroup(readSpec(place.path, props, shapes, 'ForwardingProxyGroupProps'), place),
    );
  }
}
