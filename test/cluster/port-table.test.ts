import { App, Chart } from 'cdk8s';
import {
  EastWestGateway,
  KubernetesSubject,
  LoadBalancer,
  MachineIdentity,
  Mesh,
  MeshVmGroup,
  Network,
  Probe,
  ServiceExposure,
  TransportProtocol,
} from '../../lib';
import { portAws, portNft, portText } from '../../lib/cluster/files/port-rules';
import { portTable } from '../../lib/cluster/port-table';

const MESH = new Mesh({ meshId: 'acme', clusterName: 'prod', network: 'vpc', istioVersion: '1.31.1' });

function synthesized(): readonly unknown[] {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'istio-system' });
  const gateway = new EastWestGateway(platform, 'gateway', {
    mesh: MESH,
    loadBalancer: LoadBalancer.awsNlb({ sourceRanges: ['10.20.0.0/16'] }),
    exposeServices: ServiceExposure.istioApis(),
  });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new MeshVmGroup(chart, 'web', {
    mesh: MESH,
    gateway,
    ports: [{ name: 'http', port: 8080 }],
    probe: Probe.tcpSocket(8080),
    network: Network.flat(['10.20.0.0/16']),
    identity: MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', subject: KubernetesSubject.user('web') }),
    bootstrap: {
      hostFirewall: {
        ssh: { from: { cidrs: ['10.9.0.0/28'] } },
        monitoringCidrs: ['10.0.0.0/16', 'fd00::/64'],
        openPorts: [{ port: 9999, protocol: TransportProtocol.UDP, cidrs: ['10.1.0.0/16'] }],
      },
    },
  });
  return [...platform.toJson(), ...chart.toJson()];
}

const text = () => portText(portTable(synthesized()));

test('tells for each group and gateway who dials whom, where and why', () => {
  expect(text()).toBe(`machines shop/web
  in   tcp 8080   from callers                                                  application (http), through the sidecar
  in   tcp 22     from whom the host firewall lets in (10.9.0.0/28)             SSH
  in   tcp 15020  from whom the host firewall lets in (10.0.0.0/16, fd00::/64)  metrics of the sidecar and the application
  in   tcp 15021  from whom the host firewall lets in (10.0.0.0/16, fd00::/64)  health of the sidecar or gateway
  in   tcp 15090  from whom the host firewall lets in (10.0.0.0/16, fd00::/64)  Envoy's own metrics
  in   udp 9999   from whom the host firewall lets in (10.1.0.0/16)             openPorts
  out  tcp 15012  to gateway istio-system/istio-eastwestgateway                 istiod: configuration, certificates, health of machines
  out  tcp -      to API server of the user-data                                bundle, guards, tokens
  out  tcp 443    to blob.istio.io                                              package of the sidecar, when it is installed or upgraded

gateway istio-system/istio-eastwestgateway
  in  tcp 15021  from load balancer (10.20.0.0/16)  health of the sidecar or gateway
  in  tcp 15443  from machines (10.20.0.0/16)       services of the mesh, for other networks
  in  tcp 15012  from machines (10.20.0.0/16)       istiod: configuration, certificates, health of machines
`);
});

test('the rules of nft name the family of each range', () => {
  expect(portNft(portTable(synthesized())).split('\n').slice(0, 5)).toStrictEqual([
    '# machines shop/web',
    'tcp dport 8080 accept comment "application (http), through the sidecar"',
    'ip saddr { 10.9.0.0/28 } tcp dport 22 accept comment "SSH"',
    'ip saddr { 10.0.0.0/16 } tcp dport 15020 accept comment "metrics of the sidecar and the application"',
    'ip6 saddr { fd00::/64 } tcp dport 15020 accept comment "metrics of the sidecar and the application"',
  ]);
});

test('the permissions of security groups have what goes in alone', () => {
  const permissions = JSON.parse(portAws(portTable(synthesized()))) as Readonly<Record<string, readonly object[]>>;
  expect(permissions['machines shop/web'].slice(0, 2)).toStrictEqual([
    {
      IpProtocol: 'tcp',
      FromPort: 8080,
      ToPort: 8080,
      IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'application (http), through the sidecar' }],
      Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'application (http), through the sidecar' }],
    },
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.9.0.0/28', Description: 'SSH' }] },
  ]);
  expect(permissions['machines shop/web']).toHaveLength(6);
});

test('what is no group and no gateway has no place', () => {
  expect(portTable([{ kind: 'Service', spec: { ports: [{ port: 80 }] } }, null, 7, []])).toStrictEqual([]);
});
