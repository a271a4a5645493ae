import { IstiodAccess, Revision } from 'meshvm';
import { aMesh, problemsOf } from '../fixtures';

describe('Mesh', () => {
  test("defaults to Istio's own names", () => {
    const mesh = aMesh();
    expect([mesh.trustDomain, mesh.controlPlaneNamespace, mesh.revision.default]).toStrictEqual([
      'cluster.local',
      'istio-system',
      true,
    ]);
    expect(mesh.istiodAddress).toBe('istiod.istio-system.svc:15012');
    expect(mesh.istiodServiceHost).toBe('istiod.istio-system.svc.cluster.local');
    expect(mesh.istiodCertificateNames).toStrictEqual(['istiod.istio-system.svc']);
    expect(mesh.injectionLabel).toStrictEqual({ 'istio-injection': 'enabled' });
    expect(mesh.spiffeId('payments', 'shop')).toBe('spiffe://cluster.local/ns/payments/sa/shop');
  });

  test('names a revision wherever istiod does', () => {
    const mesh = aMesh({ revision: Revision.named('1-31-1'), controlPlaneNamespace: 'mesh' });
    expect(mesh.istiodHost).toBe('istiod-1-31-1.mesh.svc');
    expect(mesh.istiodServiceHost).toBe('istiod-1-31-1.mesh.svc.cluster.local');
    expect(mesh.istiodCertificateNames).toStrictEqual(['istiod-1-31-1.mesh.svc', 'istiod.mesh.svc']);
    expect(mesh.injectionLabel).toStrictEqual({ 'istio.io/rev': '1-31-1' });
  });

  test("dials the name that every revision's certificate carries when it follows a tag", () => {
    const mesh = aMesh({ revision: Revision.tag('prod') });
    expect(mesh.istiodHost).toBe('istiod.istio-system.svc');
    expect(mesh.istiodServiceHost).toBe('istiod-revision-tag-prod.istio-system.svc.cluster.local');
    expect(mesh.istiodCertificateNames).toStrictEqual(['istiod.istio-system.svc']);
    expect(mesh.injectionLabel).toStrictEqual({ 'istio.io/rev': 'prod' });
  });

  test('the revision "default" has no suffix, as in istiod', () => {
    expect(aMesh({ revision: Revision.named('default') }).istiodHost).toBe('istiod.istio-system.svc');
  });

  test('dials a DNS name of its own, and keeps the names that the certificate carries anyway', () => {
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.mesh.example.com') });
    expect(mesh.istiodAddress).toBe('istiod.mesh.example.com:15012');
    expect(mesh.istiodCertificateNames).toStrictEqual(['istiod.mesh.example.com', 'istiod.istio-system.svc']);
  });

  test('reports all problems at once', () => {
    expect(
      problemsOf(() =>
        aMesh({
          meshId: '',
          clusterName: 'a b',
          network: 'VPC_1',
          trustDomain: 'spiffe://x',
          controlPlaneNamespace: 'Istio',
          revision: Revision.named('1.31'),
          istioVersion: '1.29.0',
          istiodAccess: IstiodAccess.dnsName('10.0.0.1'),
          proxy: { tracingSamplingPercent: 101 },
        }),
      ),
    ).toStrictEqual([
      'proxy.tracingSamplingPercent [proxy/tracing-sampling]',
      'meshId [mesh/id]',
      'clusterName [label/value]',
      'network [mesh/network-name]',
      'trustDomain [mesh/trust-domain]',
      'controlPlaneNamespace [name/dns-label]',
      'revision.named [name/dns-label]',
      'istioVersion [mesh/istio-version]',
      'istiodAccess.dnsName [name/host]',
    ]);
  });

  test.each(['1.31', 'v1.31.1', 'latest', '', '2.0.0'])('version %p is refused', (istioVersion) => {
    expect(problemsOf(() => aMesh({ istioVersion }))).toStrictEqual(['istioVersion [mesh/istio-version]']);
  });

  test.each(['1.30.0', '1.31.1', '1.32.0-rc.0'])('version %p is taken', (istioVersion) => {
    expect(aMesh({ istioVersion }).istioVersion).toBe(istioVersion);
  });
});
