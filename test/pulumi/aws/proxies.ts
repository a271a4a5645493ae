import { ServiceProtocol, type StandaloneServiceArgs } from 'meshvm/pulumi';
import { type ForwardingProxyGroupArgs, MachineArchitecture } from 'meshvm/pulumi/aws';
import { meshArgs } from '../fixtures';
import type { ProgramOptions } from '../program';
import { inAws } from './fleet';

/** A checksum. */
export const SHA256 = 'c'.repeat(64);
/** Envoy for x86-64. */
export const BINARY = { url: 'https://mirror.example.com/envoy-1.38.3-linux-x86_64', sha256: SHA256 };
/** A service with a port of its own. */
export const catalog: StandaloneServiceArgs = {
  host: 'catalog.shop.svc.cluster.local',
  port: 80,
  protocol: ServiceProtocol.HTTP1,
  localPort: 8080,
  identities: [{ serviceAccount: { namespace: 'shop', name: 'catalog' } }],
};
/** A service on the port that several share. */
export const ledger: StandaloneServiceArgs = {
  ...catalog,
  host: 'ledger.shop.svc.cluster.local',
  localPort: undefined,
};

/** Good arguments, to change one at a time. */
export function proxyArgs(args: Partial<ForwardingProxyGroupArgs> = {}): ForwardingProxyGroupArgs {
  return {
    mesh: meshArgs(),
    namespace: 'proxies',
    gateways: [{ address: 'eastwest.example.com' }],
    services: [catalog, ledger],
    clients: { addresses: { cidrs: ['10.40.0.0/16'] } },
    peers: { gateways: [{ securityGroupId: 'sg-gateway' }], downloads: [{ cidrIpv4: '10.9.0.0/24' }] },
    vpcId: 'vpc-proxies',
    envoy: { binary: { amd64: BINARY } },
    image: { ami: { id: 'ami-0own', architecture: MachineArchitecture.X86_64 } },
    subnetIds: ['subnet-a', 'subnet-b'],
    instanceTypes: ['c7i.large'],
    minSize: 2,
    maxSize: 6,
    ...args,
  };
}

/** What AWS makes of the resources. */
export function inAwsWithProxies(more: ProgramOptions = {}): ProgramOptions {
  const { state, ...others } = inAws(more);
  return {
    ...others,
    state: (resource) =>
      resource.type === 'aws:lb/loadBalancer:LoadBalancer'
        ? { ...state?.(resource), dnsName: 'proxies.elb.amazonaws.com', zoneId: 'ZLB' }
        : (state?.(resource) ?? {}),
  };
}
