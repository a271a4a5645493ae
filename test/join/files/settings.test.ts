import { DnsMode, IstiodAccess, Probe } from 'meshvm';
import type { MachineBundle } from '../../../lib/join/files/machine-bundle';
import { type BootstrapSettings, settingsJson } from '../../../lib/join/files/settings';
import { packageSource } from '../../../lib/join/private/sidecar-package';
import { SidecarPackage } from '../../../lib/join/sidecar-package';
import type { Member } from '../../../lib/machines/member';
import { aMesh } from '../../fixtures';
import { member } from '../../machines/member';
import { aBundle } from './bundle';

const SETTINGS: BootstrapSettings = {
  refreshIntervalSeconds: 300,
  restartJitterSeconds: 60,
  minimumRestartIntervalSeconds: 300,
  absenceSeconds: 15,
  deadManSeconds: 300,
  tokenLifetimeSeconds: 3600,
  excludeCidrs: ['169.254.169.254/32'],
  sidecarPackage: packageSource(
    SidecarPackage.pinned({ debAmd64: 'a'.repeat(64) }, 'https://mirror.example.com/istio'),
  ),
  gateway: { namespace: 'istio-system', name: 'eastwest' },
};

describe('settingsJson', () => {
  test('is what the agent reads', () => {
    const unknown = (path: string) => ({ url: `https://mirror.example.com/istio/1.31.1/${path}`, sha256: null });
    expect(JSON.parse(settingsJson(aBundle(), SETTINGS))).toStrictEqual({
      schemaVersion: 1,
      istio: {
        version: '1.31.1',
        verification: 'pinned',
        packages: {
          deb: {
            amd64: { ...unknown('deb/istio-sidecar.deb'), sha256: 'a'.repeat(64) },
            arm64: unknown('deb/istio-sidecar-arm64.deb'),
          },
          rpm: { amd64: unknown('rpm/istio-sidecar.rpm'), arm64: unknown('rpm/istio-sidecar-arm64.rpm') },
        },
      },
      refreshIntervalSeconds: 300,
      restart: { jitterSeconds: 60, minimumIntervalSeconds: 300, absenceSeconds: 15 },
      registration: expect.stringMatching(/^[0-9a-f]{16}$/),
      deadManSeconds: 300,
      istiod: { host: 'istiod.istio-system.svc', port: 15012, access: 'hostsEntry' },
      gateway: { namespace: 'istio-system', service: 'eastwest' },
      identity: {
        namespace: 'payments',
        serviceAccount: 'shop',
        trustDomain: 'cluster.local',
        audience: 'istio-ca',
        tokenLifetimeSeconds: 3600,
        clusterName: 'prod-eu',
      },
      capture: { excludeCidrs: ['169.254.169.254/32'] },
      dns: { mode: 'capture' },
      services: [{ host: 'shop.payments.svc.cluster.local', ports: [8080] }],
      probe: null,
    });
  });

  test.each([
    [undefined, { mode: 'capture' }],
    [DnsMode.capture(), { mode: 'capture' }],
    [DnsMode.off(), { mode: 'off' }],
    [DnsMode.split({ domains: ['bank.example'] }), { mode: 'split', domains: ['svc.cluster.local', 'bank.example'] }],
    [DnsMode.coreDns('10.20.0.53'), { mode: 'coreDns', domains: ['svc.cluster.local'], address: '10.20.0.53' }],
  ])('says how names are resolved: %j', (dns, expected) => {
    expect(JSON.parse(settingsJson(aBundle({ dns }), SETTINGS)).dns).toStrictEqual(expected);
  });

  test('follows the mesh where the group says nothing of names', () => {
    const mesh = aMesh({ proxy: { dnsCapture: false, dnsAutoAllocate: false } });
    expect(JSON.parse(settingsJson(aBundle({ mesh }), SETTINGS)).dns).toStrictEqual({ mode: 'off' });
  });

  test('hands the probe on', () => {
    const spec = Probe.httpGet('/healthz', { port: 8080 });
    expect(JSON.parse(settingsJson(aBundle({ probe: spec }), SETTINGS)).probe).toStrictEqual({
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
    });
  });

  test('names the ports of Services as they are on the machine', () => {
    const port = { name: 'http', port: 80, targetPort: 'http', appProtocol: undefined };
    const service = { ...member.services[0], ports: [port] };
    const bundle = aBundle({ member: { ...member, services: [service] } });
    expect(JSON.parse(settingsJson(bundle, SETTINGS)).services[0].ports).toStrictEqual([8080]);
  });

  test('says aloud when no checksum is known at synth', () => {
    const sidecarPackage = packageSource(SidecarPackage.published());
    expect(JSON.parse(settingsJson(aBundle(), { ...SETTINGS, sidecarPackage })).istio).toMatchObject({
      verification: 'published',
      unverified: true,
      packages: { deb: { amd64: { url: `${SidecarPackage.RELEASES}/1.31.1/deb/istio-sidecar.deb`, sha256: null } } },
    });
  });

  test('names no package where the image brings it, and no gateway where a DNS name leads to istiod', () => {
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com') });
    const settings = { ...SETTINGS, sidecarPackage: packageSource(SidecarPackage.preinstalled()), gateway: undefined };
    expect(JSON.parse(settingsJson(aBundle({ mesh }), settings))).toMatchObject({
      istio: { verification: 'preinstalled', packages: null },
      istiod: { host: 'istiod.example.com', access: 'dnsName' },
      gateway: null,
    });
  });
});

describe('the registration in settingsJson', () => {
  const registration = (bundle: Partial<MachineBundle> = {}): string =>
    JSON.parse(settingsJson(aBundle(bundle), SETTINGS)).registration;
  const of = (changes: Partial<Member>): string => registration({ member: { ...member, ...changes } });

  test.each<[string, string]>([
    ['labels', of({ labels: { ...member.labels, tier: 'gold' } })],
    ['annotations', of({ annotations: { 'example.com/owner': 'payments' } })],
    ['ports', of({ ports: [{ name: 'http', port: 8081 }] })],
    ['ServiceAccount', of({ serviceAccount: 'other' })],
    ['network', of({ network: 'other' })],
    ['locality', of({ locality: 'eu-west-1/eu-west-1b' })],
    ['weight', of({ weight: 7 })],
    ['whether there is a probe', registration({ probe: Probe.tcpSocket(8080) })],
  ])('is another one with other: %s', (_, changed) => {
    expect(changed).not.toBe(registration());
  });

  test('is the same whatever istiod does not copy, and in whatever order the labels stand', () => {
    const turned = Object.fromEntries(Object.entries({ ...member.labels }).reverse());
    expect(of({ labels: turned, services: [] })).toBe(registration());
    const probes = [Probe.tcpSocket(8080), Probe.tcpSocket(8081)];
    expect(registration({ probe: probes[0] })).toBe(registration({ probe: probes[1] }));
  });
});
