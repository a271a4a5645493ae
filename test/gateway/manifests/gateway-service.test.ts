import { gatewayService } from '../../../lib/gateway/manifests/gateway-service';
import { gateway, metadata } from './gateway';

const PORTS = [
  { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
  { name: 'tls', port: 15443, targetPort: 15443, protocol: 'TCP' },
  { name: 'tls-istiod', port: 15012, targetPort: 15012, protocol: 'TCP' },
];

describe('gatewayService', () => {
  test('has the ports of a gateway, and no webhook', () => {
    expect(gatewayService(gateway)).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'LoadBalancer', selector: gateway.selector, ports: PORTS },
    });
  });

  test('has the port of the webhook on request', () => {
    expect(gatewayService({ ...gateway, webhook: true }).spec?.ports).toStrictEqual([
      ...PORTS,
      { name: 'tls-webhook', port: 15017, targetPort: 15017, protocol: 'TCP' },
    ]);
  });

  test("carries the network's label only when services are exposed", () => {
    expect(gatewayService(gateway).metadata.labels).toStrictEqual(gateway.labels);
    expect(gatewayService({ ...gateway, network: 'vpc' }).metadata.labels).toStrictEqual({
      ...gateway.labels,
      'topology.istio.io/network': 'vpc',
    });
  });

  test('passes on what the load balancer asks for', () => {
    const { metadata: annotated, spec } = gatewayService({
      ...gateway,
      serviceAnnotations: { mine: 'x' },
      loadBalancer: {
        type: 'LoadBalancer',
        annotations: { theirs: 'y' },
        loadBalancerClass: 'example.com/lb',
        loadBalancerIP: '10.0.0.9',
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        allocateLoadBalancerNodePorts: false,
        ipFamilyPolicy: 'RequireDualStack',
      },
    });
    expect(annotated.annotations).toStrictEqual({ mine: 'x', theirs: 'y' });
    expect(spec).toStrictEqual({
      type: 'LoadBalancer',
      loadBalancerClass: 'example.com/lb',
      loadBalancerIP: '10.0.0.9',
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      allocateLoadBalancerNodePorts: false,
      ipFamilyPolicy: 'RequireDualStack',
      selector: gateway.selector,
      ports: PORTS,
    });
  });

  test('fixes node ports by name', () => {
    const loadBalancer = { type: 'NodePort', annotations: {}, nodePorts: { 'tls-istiod': 30012 } };
    expect(gatewayService({ ...gateway, loadBalancer }).spec?.ports).toStrictEqual([
      PORTS[0],
      PORTS[1],
      { ...PORTS[2], nodePort: 30012 },
    ]);
  });
});
