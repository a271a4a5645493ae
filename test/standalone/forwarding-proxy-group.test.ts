import { Testing } from 'cdk8s';
import {
  Caller,
  EnvoyPackage,
  ForwardingProxyGroup,
  type ForwardingProxyGroupProps,
  GroupNamespace,
  MeshIdentity,
  MeshVmGroup,
  ProxyClients,
  ServiceProtocol,
  StandaloneEnvoy,
} from 'meshvm';
import { parse } from 'yaml';
import { aChart, groupProps, problemsOf } from '../fixtures';
import { catalog, envoyProps } from './fixtures';

const byAddress = ProxyClients.addresses(['10.40.0.0/16', 'fd00:40::/64']);

function aGroup(fields: Partial<ForwardingProxyGroupProps> = {}, chart = aChart()): ForwardingProxyGroup {
  return new ForwardingProxyGroup(chart, 'proxies', {
    ...envoyProps({ services: [catalog({ localPort: 8080 })] }),
    clients: byAddress,
    ...fields,
  });
}

interface Listener {
  readonly name: string;
  readonly address: { readonly socket_address: object };
  readonly filter_chains: readonly [
    {
      readonly filters: readonly { readonly name: string; readonly typed_config: object }[];
      readonly transport_socket?: object;
      readonly filter_chain_match?: object;
    },
  ];
}

function listenersOf(group: ForwardingProxyGroup): readonly Listener[] {
  const bootstrap = parse(group.files()['envoy.yaml']) as {
    readonly static_resources: { readonly listeners: readonly Listener[] };
  };
  return bootstrap.static_resources.listeners;
}

describe('ForwardingProxyGroup', () => {
  test('is an identity in the cluster that groups let in', () => {
    const chart = aChart();
    const group = new MeshVmGroup(chart, 'shop', groupProps());
    const proxies = aGroup({ namespace: GroupNamespace.existing() }, chart);
    group.allowFrom(Caller.standalone(proxies));
    expect(proxies.spiffeId).toBe('spiffe://cluster.local/ns/payments/sa/proxies');
    expect(Testing.synth(chart)).toContainEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'proxies', namespace: 'payments' },
      automountServiceAccountToken: false,
    });
  });

  test('takes clients on every address of the machine, and only those of the ranges', () => {
    const [listener] = listenersOf(aGroup());
    expect(listener.address).toStrictEqual({ socket_address: { address: '0.0.0.0', port_value: 8080 } });
    const [{ filters, transport_socket, filter_chain_match }] = listener.filter_chains;
    expect(transport_socket).toBeUndefined();
    expect(filters.map(({ name }) => name)).toEqual(['envoy.filters.network.http_connection_manager']);
    expect(filter_chain_match).toStrictEqual({
      direct_source_prefix_ranges: [
        { address_prefix: '10.40.0.0', prefix_len: 16 },
        { address_prefix: 'fd00:40::', prefix_len: 64 },
      ],
    });
  });

  test('takes clients that show a certificate, and shows them one of its own', () => {
    const clients = ProxyClients.certificates({
      identities: [MeshIdentity.spiffe('spiffe://example.com/batch')],
      dnsNames: ['batch.example.com'],
    });
    const group = aGroup({ clients });
    const [{ filter_chains }] = listenersOf(group);
    expect(filter_chains[0].filters).toHaveLength(1);
    expect(filter_chains[0].transport_socket).toMatchObject({
      typed_config: {
        require_client_certificate: true,
        common_tls_context: {
          combined_validation_context: {
            default_validation_context: {
              match_typed_subject_alt_names: [
                { san_type: 'URI', matcher: { exact: 'spiffe://example.com/batch' } },
                { san_type: 'DNS', matcher: { exact: 'batch.example.com' } },
              ],
            },
          },
        },
      },
    });
    const files = group.files();
    expect(Object.keys(files)).toEqual([
      'envoy.yaml',
      'certificate.yaml',
      'roots.yaml',
      'server-certificate.yaml',
      'client-roots.yaml',
    ]);
    expect(files['server-certificate.yaml']).toContain('filename: /etc/meshvm-envoy/certificates/server-key.pem');
    expect(files['client-roots.yaml']).toContain('filename: /etc/meshvm-envoy/certificates/client-roots.pem');
  });

  test('of clients with certificates nobody else causes a connection in its name', () => {
    const services = [catalog({ port: 5432, localPort: 5432, protocol: ServiceProtocol.TCP })];
    const filterOf = (clients: ProxyClients) =>
      listenersOf(aGroup({ clients, services }))[0].filter_chains[0].filters[0];
    const waits = { upstream_connect_mode: 'ON_DOWNSTREAM_TLS_HANDSHAKE', max_early_data_bytes: 0 };
    expect(filterOf(ProxyClients.certificates({ dnsNames: ['batch.example.com'] })).typed_config).toMatchObject(waits);
    expect(filterOf(byAddress).typed_config).not.toHaveProperty('upstream_connect_mode');
  });

  test('its admin interface and its metrics are no door for clients', () => {
    const group = aGroup({ metrics: { address: '0.0.0.0' } });
    const metrics = listenersOf(group).find(({ name }) => name === 'metrics') as Listener;
    expect(metrics.filter_chains[0].filter_chain_match).toBeUndefined();
    expect(metrics.filter_chains[0].filters.map(({ name }) => name)).toEqual([
      'envoy.filters.network.http_connection_manager',
    ]);
    expect(group.files()['envoy.yaml']).toMatch(/admin:\n {2}address:\n {4}pipe:/);
    const admin = listenersOf(group).find(({ name }) => name === 'admin') as Listener;
    expect(admin.address).toEqual({ socket_address: { address: '127.0.0.1', port_value: 15000 } });
  });

  test('writes no names: those of its clients are elsewhere', () => {
    expect(aGroup().files()).not.toHaveProperty('hosts');
  });

  test('its user-data installs and starts it, as that of a StandaloneEnvoy', () => {
    const options = envoyProps({ services: [catalog({ localPort: 8080 })] });
    const envoy = EnvoyPackage.preinstalled();
    const told = parse(aGroup().userData({ envoy })) as { readonly write_files: readonly { readonly path: string }[] };
    const alone = parse(new StandaloneEnvoy(aChart(), 'proxies', options).userData({ envoy })) as typeof told;
    const paths = alone.write_files.map(({ path }) => path);
    expect(told).toMatchObject({ runcmd: (alone as unknown as { readonly runcmd: unknown }).runcmd });
    expect(told.write_files.map(({ path }) => path)).toEqual(paths.filter((path) => !path.endsWith('/hosts')));
  });

  test('the address that is left out is no loopback address', () => {
    const [listener] = listenersOf(aGroup({ listenAddress: undefined }));
    expect(listener.address).toMatchObject({ socket_address: { address: '0.0.0.0' } });
  });

  test('refuses what nobody or everybody could use', () => {
    const refusal = (clients: ProxyClients) => problemsOf(() => aGroup({ clients }));
    expect(refusal(ProxyClients.addresses([]))).toEqual(['clients.addresses.cidrs [standalone/proxy-without-clients]']);
    expect(refusal(ProxyClients.addresses(['10.0.0.1/8']))).toEqual(['clients.addresses.cidrs[0] [address/cidr]']);
    expect(refusal(ProxyClients.certificates({}))).toEqual([
      'clients.certificates.identities [standalone/proxy-without-clients]',
    ]);
    expect(refusal(ProxyClients.certificates({ dnsNames: ['*'], privateKey: '../key' }))).toEqual([
      'clients.certificates.dnsNames[0] [name/host]',
      'clients.certificates.privateKey [standalone/file-name]',
    ]);
    expect(problemsOf(() => aGroup({ listenAddress: 'eth0', httpPort: 0 }))).toEqual([
      'listenAddress [standalone/proxy-address]',
      'httpPort [port/number]',
    ]);
  });
});
