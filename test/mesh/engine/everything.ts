import * as pulumi from '@pulumi/pulumi';
import {
  AuthorizationPolicy,
  CanaryRelease,
  DenyByDefault,
  EastWestGateway,
  EgressScope,
  HelmReleaseGateway,
  MachineScrapeConfig,
  type MeshArgs,
  MeshVm,
  MeshVmAlerts,
  MeshVmDashboard,
  MeshVmGroup,
  type MeshVmGroupArgs,
  Migration,
  MigrationDirection,
  MutualTls,
  OutboundTraffic,
  RequestAuthentication,
  ServiceEntryProtocol,
  ServiceProtocol,
  StandaloneEnvoy,
  Telemetry,
  TrafficPolicy,
  VmServiceEntry,
} from 'meshvm/pulumi';

export const MESH: MeshArgs = { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' };

const MACHINES = ['10.20.0.0/16'];

/** What a test changes, one at a time. */
export interface Changes {
  readonly mesh?: Partial<MeshArgs>;
  readonly group?: Partial<MeshVmGroupArgs>;
  readonly canaryPercent?: number;
}

/** Arguments of a group whose machines join by themselves. */
export function joining(args: Partial<MeshVmGroupArgs> = {}): MeshVmGroupArgs {
  return {
    mesh: MESH,
    namespace: 'payments',
    ports: [{ name: 'http', port: 8080 }],
    probe: { httpGet: { port: 8080, path: '/healthz' } },
    network: { flat: { cidrs: MACHINES } },
    identity: { kubeconfig: { path: '/etc/meshvm/kubeconfig', subject: { user: 'vm-payments' } } },
    ...args,
  };
}

/** A program with every component of `meshvm/pulumi` but the control plane. */
export function everything({ mesh: change = {}, group = {}, canaryPercent = 10 }: Changes = {}) {
  const mesh = { ...MESH, ...change };
  const gateway = new EastWestGateway('gateway', {
    mesh,
    loadBalancer: { metalLb: { addresses: ['198.51.100.7'], sourceRanges: MACHINES } },
  });
  new HelmReleaseGateway('edge', { mesh, releaseName: 'istio-edge' });

  const stable = new MeshVmGroup(
    'payment-service',
    joining({
      mesh,
      gateway,
      version: 'v1',
      userData: { apiServer: 'https://10.20.0.2:6443', caCertificate: pulumi.secret(CERTIFICATE) },
      ...group,
    }),
  );
  const after = { dependsOn: stable };
  const canary = new MeshVmGroup(
    'payment-service-v2',
    joining({
      mesh,
      gateway,
      createNamespace: false,
      canonicalService: 'payment-service',
      version: 'v2',
      services: [],
    }),
    after,
  );
  const ledger = new MeshVm(
    'ledger',
    {
      mesh,
      namespace: 'payments',
      createNamespace: false,
      address: '10.20.7.11',
      ports: [{ name: 'tcp-ledger', port: 9090 }],
      network: { flat: { cidrs: MACHINES } },
    },
    after,
  );
  const orders = new MeshVmGroup('orders', joining({ mesh, gateway, namespace: 'orders', version: 'machines' }));

  stable.requireMutualTls();
  const target = { group: stable };
  new MutualTls('ledger-tls', { mesh, target: { machine: ledger } }, after);
  new DenyByDefault('closed', { mesh, target }, after);
  const checkout = { serviceAccount: { namespace: 'shop', name: 'checkout' } };
  new AuthorizationPolicy('callers', { mesh, target, rules: [{ from: [checkout] }] }, after);
  new RequestAuthentication(
    'tokens',
    { mesh, target, issuer: 'https://login.example', keys: { discovered: true } },
    after,
  );
  new CanaryRelease(
    'release',
    {
      versions: [
        { group: stable, percent: 100 - canaryPercent },
        { group: canary, percent: canaryPercent },
      ],
    },
    after,
  );
  new TrafficPolicy(
    'ledger-limits',
    { target: { machine: ledger }, connectionPool: { tcp: { maxConnections: 10 } } },
    after,
  );
  new Migration('orders-move', {
    group: orders,
    pods: { version: 'pods' },
    direction: MigrationDirection.TO_MACHINES,
    step: { sharePercent: 50 },
  });
  new EgressScope(
    'egress',
    { group: stable, destinations: [{ machine: ledger }], outbound: OutboundTraffic.REGISTRY_ONLY },
    after,
  );
  new VmServiceEntry('rates', {
    mesh,
    namespace: 'orders',
    hosts: ['rates.example.com'],
    ports: [{ name: 'tls', port: 443, protocol: ServiceEntryProtocol.TLS }],
    endpoints: { staticEndpoints: [{ address: '10.20.9.5' }] },
  });
  new StandaloneEnvoy('laptop', {
    mesh,
    namespace: 'laptops',
    gateways: [{ address: gateway.address }],
    services: [
      {
        host: 'catalog.shop.svc.cluster.local',
        port: 80,
        protocol: ServiceProtocol.HTTP1,
        identities: [{ serviceAccount: { namespace: 'shop', name: 'catalog' } }],
      },
    ],
  });
  new Telemetry('logs', { mesh, target, accessLogs: [{ filter: { statusAtLeast: 400 } }] }, after);
  new MachineScrapeConfig('scrape', { group: stable, discovery: { addresses: ['10.20.1.7'] } }, after);
  new MeshVmAlerts('alerts', { groups: [{ group: stable }], namespace: 'payments' }, after);
  new MeshVmDashboard('dashboard', { groups: [{ group: stable }], namespace: 'payments' }, after);
  return { host: stable.host, gatewayAddress: gateway.address, userData: stable.userData };
}

/** A certificate of nobody. */
export const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
