import { DnsMode } from 'meshvm';
import { parse } from 'yaml';
import { meshYaml } from '../../../lib/join/files/mesh-yaml';
import { aMesh } from '../../fixtures';
import { member } from '../../machines/member';
import { aBundle } from './bundle';

const configOf = (...args: Parameters<typeof aBundle>) => parse(meshYaml(aBundle(...args))).defaultConfig;

describe('meshYaml', () => {
  test('has the probe as protobuf writes it: nothing that is zero or empty', () => {
    const probe = {
      httpGet: { path: '/', port: 8080, host: '', httpHeaders: [] },
      initialDelaySeconds: 0,
      periodSeconds: 5,
    };
    expect(configOf({ probe }).readinessProbe).toStrictEqual({ httpGet: { path: '/', port: 8080 }, periodSeconds: 5 });
  });

  test('puts the annotation over the mesh field by field, and what follows from the group over both', () => {
    const mesh = aMesh({ proxy: { proxyMetadata: { A: 'mesh', B: 'mesh' } } });
    const annotated = {
      concurrency: 2,
      discovery_address: 'istiod.example.com:15012',
      readinessProbe: { exec: { command: ['no'] } },
      proxyMetadata: { B: 'group', ISTIO_META_NETWORK: 'other' },
      tracing: null,
    };
    const { proxyMetadata, ...config } = configOf({ mesh, annotated });
    expect(config).toStrictEqual({
      concurrency: 2,
      discoveryAddress: 'istiod.example.com:15012',
      holdApplicationUntilProxyStarts: true,
      meshId: 'acme',
    });
    expect(proxyMetadata).toMatchObject({ A: 'mesh', B: 'group', ISTIO_META_NETWORK: 'vpc' });
  });

  test.each([
    ['us-east', 'us-east'],
    ['us-east/zone1/rack.7', 'us-east/zone1/rack.7'],
    // Without "/" the sidecar would read each dot as one.
    ['eu.west', 'eu.west/'],
  ])('lets the sidecar report the place %s', (locality, label) => {
    const { proxyMetadata } = configOf({ member: { ...member, labels: { app: 'shop', version: 'v1' }, locality } });
    expect(proxyMetadata.ISTIO_METAJSON_LABELS).toBe(`{"app":"shop","istio-locality":"${label}","version":"v1"}`);
  });

  test('says so when DNS is not captured', () => {
    const mesh = aMesh({ proxy: { dnsCapture: false, dnsAutoAllocate: false } });
    expect(configOf({ mesh }).proxyMetadata.ISTIO_META_DNS_CAPTURE).toBe('false');
  });

  test.each([
    [DnsMode.capture(), 'true'],
    // Addresses that istiod allocates are for proxies that say so.
    [DnsMode.split(), 'true'],
    [DnsMode.coreDns('10.20.0.53'), 'false'],
    [DnsMode.off(), 'false'],
  ])('tells istiod what the sidecar does with names: %j', (dns, expected) => {
    const annotated = { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'maybe' } };
    expect(configOf({ dns, annotated }).proxyMetadata.ISTIO_META_DNS_CAPTURE).toBe(expected);
  });
});
