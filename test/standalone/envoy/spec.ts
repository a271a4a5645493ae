import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import type { EnvoySpec, InboundPortSpec, InboundSpec, ServiceSpec } from '../../../lib/standalone/envoy/spec';

/** A service that is called over HTTP/1.1 on a port of its own, to change one field at a time. */
export function aService(fields: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    host: 'catalog.shop.svc.cluster.local',
    port: 80,
    subset: '',
    protocol: ServiceProtocol.HTTP1,
    identities: ['spiffe://cluster.local/ns/shop/sa/catalog'],
    listen: { address: '127.0.0.1', port: 8080 },
    connectTimeoutSeconds: 5,
    timeoutSeconds: 0,
    retries: {
      attempts: 2,
      retryOn: ['connect-failure', '503'],
      perTryTimeoutSeconds: undefined,
      backoffSeconds: undefined,
      retryRemoteLocalities: undefined,
    },
    limits: { maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRetries: 4 },
    healthCheck: undefined,
    transcoding: undefined,
    ...fields,
  };
}

/** An Envoy with one gateway and one service, to change one field at a time. */
export function anEnvoy(fields: Partial<EnvoySpec> = {}): EnvoySpec {
  return {
    name: 'laptop',
    identity: 'spiffe://cluster.local/ns/laptops/sa/laptop',
    gateways: [{ address: '10.0.0.1', port: 15443, locality: undefined, priority: 0, weight: 1 }],
    failover: { consecutiveFailures: 3, intervalSeconds: 5, baseEjectionSeconds: 15 },
    services: [aService()],
    httpListener: { address: '127.0.0.1', port: 15080 },
    clients: undefined,
    tls: {
      directory: '/etc/meshvm-envoy/certificates',
      certificateChain: 'cert-chain.pem',
      privateKey: 'key.pem',
      rootCertificates: 'root-cert.pem',
    },
    adminPort: 15000,
    adminSocket: '/run/meshvm-envoy/admin.sock',
    metrics: undefined,
    accessLogPath: undefined,
    dns: undefined,
    writesHosts: true,
    inbound: undefined,
    directory: '/etc/meshvm-envoy',
    ...fields,
  };
}

/** A port that one caller may call over HTTP/1.1, to change one field at a time. */
export function anInboundPort(fields: Partial<InboundPortSpec> = {}): InboundPortSpec {
  return {
    listenPort: 8080,
    application: { address: '127.0.0.1', port: 3000 },
    protocol: ServiceProtocol.HTTP1,
    callers: [{ exact: 'spiffe://cluster.local/ns/shop/sa/checkout' }],
    connectTimeoutSeconds: 2,
    timeoutSeconds: 0,
    idleTimeoutSeconds: 3600,
    limits: { maxConnections: 1, maxPendingRequests: 2, maxRequests: 3 },
    healthCheck: undefined,
    ...fields,
  };
}

/** What a machine takes on one port, to change one field at a time. */
export function anInbound(fields: Partial<InboundSpec> = {}): InboundSpec {
  return {
    listenAddress: '0.0.0.0',
    ports: [anInboundPort()],
    httpsLoadBalancer: undefined,
    health: undefined,
    ...fields,
  };
}

/** A value as it is printed: without what is undefined. */
export function printed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
