import { DnsMode, IstiodAccess, Revision } from 'meshvm';
import { clusterEnv } from '../../../lib/join/files/cluster-env';
import { aMesh } from '../../fixtures';
import { member } from '../../machines/member';
import { aBundle } from './bundle';

const line = (text: string, key: string) => text.split('\n').find((candidate) => candidate.startsWith(`${key}=`));

// Equality with the real istioctl, over many groups, is tested in test/mesh/bootstrap-parity.test.ts.
describe('clusterEnv', () => {
  test('is the environment of the start script, sorted', () => {
    expect(clusterEnv(aBundle())).toBe(
      `${[
        `CANONICAL_REVISION='v1'`,
        `CANONICAL_SERVICE='shop'`,
        `ISTIO_INBOUND_PORTS='8080'`,
        `ISTIO_LOCAL_EXCLUDE_PORTS='22,15090,15021,15020'`,
        `ISTIO_METAJSON_LABELS='{"app":"shop","service.istio.io/canonical-name":"shop","service.istio.io/canonical-revision":"v1","version":"v1"}'`,
        `ISTIO_META_AUTO_REGISTER_GROUP='shop'`,
        `ISTIO_META_CLUSTER_ID='prod-eu'`,
        `ISTIO_META_DNS_CAPTURE='true'`,
        `ISTIO_META_MESH_ID='acme'`,
        `ISTIO_META_NETWORK='vpc'`,
        `ISTIO_META_POD_PORTS='[{"name":"http","containerPort":8080,"protocol":""}]'`,
        `ISTIO_META_WORKLOAD_NAME='shop'`,
        `ISTIO_NAMESPACE='payments'`,
        `ISTIO_SERVICE='shop.payments'`,
        `ISTIO_SERVICE_CIDR='*'`,
        `POD_NAMESPACE='payments'`,
        `SERVICE_ACCOUNT='shop'`,
        `TRUST_DOMAIN='cluster.local'`,
      ].join('\n')}\n`,
    );
  });

  test('sorts ports by number', () => {
    const ports = [9090, 80, 443].map((port) => ({ name: `tcp-${port}`, port }));
    const env = clusterEnv(aBundle({ member: { ...member, ports } }));
    expect(line(env, 'ISTIO_INBOUND_PORTS')).toBe(`ISTIO_INBOUND_PORTS='80,443,9090'`);
  });

  test('captures nothing inbound of machines that declare no port', () => {
    const env = clusterEnv(aBundle({ member: { ...member, ports: [] } }));
    expect(line(env, 'ISTIO_INBOUND_PORTS')).toBe(`ISTIO_INBOUND_PORTS='15006'`);
    expect(line(env, 'ISTIO_META_POD_PORTS')).toBeUndefined();
  });

  test.each([
    ['a revision', { revision: Revision.named('1-31') }, 'istiod-1-31.istio-system.svc:15012'],
    ['another namespace', { controlPlaneNamespace: 'mesh' }, 'istiod.mesh.svc:15012'],
    ['a DNS name', { istiodAccess: IstiodAccess.dnsName('istiod.example.com') }, 'istiod.example.com:15012'],
    [
      'a DNS name and a revision',
      { istiodAccess: IstiodAccess.dnsName('istiod.example.com'), revision: Revision.named('a') },
      'istiod.example.com:15012',
    ],
  ])('names the certificate authority of a control plane with %s', (_, props, address) => {
    expect(line(clusterEnv(aBundle({ mesh: aMesh(props) })), 'CA_ADDR')).toBe(`CA_ADDR='${address}'`);
  });

  test('leaves the certificate authority to the start script where it finds the same one', () => {
    expect(line(clusterEnv(aBundle({ mesh: aMesh({ revision: Revision.tag('prod') }) })), 'CA_ADDR')).toBeUndefined();
  });

  test("keeps a certificate authority of the author's", () => {
    const mesh = aMesh({ revision: Revision.named('a'), proxy: { proxyMetadata: { CA_ADDR: 'ca:15012' } } });
    expect(line(clusterEnv(aBundle({ mesh })), 'CA_ADDR')).toBe(`CA_ADDR='ca:15012'`);
  });

  test.each([
    ['nobody', undefined, { ISTIO_META_DNS_CAPTURE: 'true' }],
    ['capture', DnsMode.capture(), { ISTIO_META_DNS_CAPTURE: 'true' }],
    ['CoreDNS', DnsMode.coreDns('10.20.0.53'), { ISTIO_META_DNS_CAPTURE: 'false' }],
    ['off', DnsMode.off(), { ISTIO_META_DNS_CAPTURE: 'false' }],
    // The sidecar serves, and nothing is captured.
    ['split', DnsMode.split(), { ISTIO_META_ENABLE_DNS_SERVER: 'true', DNS_PROXY_ADDR: '127.0.0.1:15053' }],
  ])('says what the sidecar does with names: %s', (_, dns, expected) => {
    const annotated = { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'maybe' } };
    const found = clusterEnv(aBundle({ dns, ...(dns && { annotated }) }))
      .split('\n')
      .filter((text) => text.includes('DNS'));
    expect(found).toStrictEqual(
      Object.entries(expected)
        .map(([key, value]) => `${key}='${value}'`)
        .sort(),
    );
  });

  test('takes an address that the machine has, or one that is translated on the way', () => {
    const own = clusterEnv(aBundle(), { address: '10.0.0.1', external: false });
    expect(line(own, 'ISTIO_SVC_IP')).toBe(`ISTIO_SVC_IP='10.0.0.1'`);
    expect(line(own, 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION')).toBeUndefined();
    const translated = clusterEnv(aBundle(), { address: '192.0.2.1', external: true });
    expect(line(translated, 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION')).toBe(
      `REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION='true'`,
    );
  });

  test.each([
    [undefined, '22,15090,15021,15020'],
    [15021, '22,15090,15021'],
    [16020, '22,15090,15021,16020'],
  ])('keeps the status port %p out of the capture', (statusPort, ports) => {
    const env = clusterEnv(aBundle({ annotated: { statusPort } }));
    expect(line(env, 'ISTIO_LOCAL_EXCLUDE_PORTS')).toBe(`ISTIO_LOCAL_EXCLUDE_PORTS='${ports}'`);
  });
});
