import { IstiodAccess, type Mesh, Revision } from 'meshvm';
import { Problems } from '../../../lib/core/problems';
import { ApiServerExposure } from '../../../lib/gateway/api-server-exposure';
import type { Gateway } from '../../../lib/gateway/gateway';
import { resolveExposure } from '../../../lib/gateway/gateway-exposure';
import { IstiodExposure } from '../../../lib/gateway/istiod-exposure';
import { checkExposure } from '../../../lib/gateway/private/gateway-exposure';
import { ServiceExposure } from '../../../lib/gateway/service-exposure';
import { aMesh } from '../../fixtures';
import { gateway } from '../manifests/gateway';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

const verdictOnIstiod = (on: Gateway, mesh: Mesh, exposeIstiod: IstiodExposure) =>
  verdict((p) => void checkExposure(p, on, mesh, resolveExposure({ exposeIstiod })));
const verdictOnServices = (on: Gateway, exposeServices: ServiceExposure) =>
  verdict(
    (p) => void checkExposure(p, on, aMesh(), resolveExposure({ exposeIstiod: IstiodExposure.none(), exposeServices })),
  );

const named = (name: string) => aMesh({ revision: Revision.named(name) });
const tagged = (name: string, access?: IstiodAccess) =>
  aMesh({ revision: Revision.tag(name), istiodAccess: access ?? IstiodAccess.hostsEntry() });

describe('the API server', () => {
  const verdictOnApiServer = (on: Gateway, sourceRanges: readonly string[], mesh = aMesh()) =>
    verdict((p) => {
      const exposeApiServer = ApiServerExposure.istioApis({ sourceRanges });
      checkExposure(p, on, mesh, resolveExposure({ exposeApiServer }));
    });

  test('ranges of both families are allowed', () => {
    expect(verdictOnApiServer(gateway, ['10.20.0.0/16', '2001:db8::/32'])).toStrictEqual([]);
  });

  test('no ranges, and what is none, are refused', () => {
    expect(verdictOnApiServer(gateway, [])).toStrictEqual([
      'exposeApiServer.istioApis.sourceRanges [api-server-exposure/no-source-ranges]',
    ]);
    expect(verdictOnApiServer(gateway, ['10.20.0.0/16', '10.0.0.0/33'])).toStrictEqual([
      expect.stringMatching(/^exposeApiServer\.istioApis\.sourceRanges\[1\] \[/),
    ]);
  });

  test('an istiod that goes by its name is refused', () => {
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('kubernetes.default.svc') });
    expect(verdictOnApiServer(gateway, ['10.20.0.0/16'], mesh)).toStrictEqual([
      'mesh.istiodAccess.dnsName [api-server-exposure/name-of-istiod]',
    ]);
  });

  test('a name that leaves no room for the ending is refused', () => {
    expect(verdictOnApiServer({ ...gateway, name: 'a'.repeat(54) }, ['10.20.0.0/16'])).toStrictEqual([
      'name [gateway/name-too-long]',
    ]);
  });
});

describe('further control planes', () => {
  const verdictOn = (mesh = aMesh(), ...furtherControlPlanes: readonly ReturnType<typeof aMesh>[]) =>
    verdictOnIstiod(gateway, mesh, IstiodExposure.istioApis({ furtherControlPlanes }));

  test('a canary revision is allowed, whichever of the two has the gateway', () => {
    expect(verdictOn(aMesh(), named('b'), named('c'))).toStrictEqual([]);
    expect(verdictOn(named('b'), aMesh())).toStrictEqual([]);
    expect(verdictOn(tagged('prod'), named('b'))).toStrictEqual([]);
  });

  test("the mesh's own control plane is refused, and one that is there twice", () => {
    expect(verdictOn(aMesh(), aMesh())).toStrictEqual([
      'exposeIstiod.istioApis.furtherControlPlanes[0] [istiod-exposure/same-name]',
    ]);
    expect(verdictOn(aMesh(), named('b'), named('b'))).toStrictEqual([
      'exposeIstiod.istioApis.furtherControlPlanes[1] [istiod-exposure/same-name]',
    ]);
  });

  test('two tags are refused, unless a DNS name tells them apart', () => {
    expect(verdictOn(tagged('prod'), tagged('next'))).toStrictEqual([
      'exposeIstiod.istioApis.furtherControlPlanes[0] [istiod-exposure/same-name]',
    ]);
    expect(verdictOn(tagged('prod'), tagged('next', IstiodAccess.dnsName('next.example.com')))).toStrictEqual([]);
  });

  test('another mesh or cluster is refused', () => {
    const other = aMesh({ meshId: 'other', clusterName: 'prod-us', revision: Revision.named('b') });
    expect(verdictOn(aMesh(), other)).toStrictEqual([
      'exposeIstiod.istioApis.furtherControlPlanes[0].meshId [istiod-exposure/other-mesh]',
      'exposeIstiod.istioApis.furtherControlPlanes[0].clusterName [istiod-exposure/other-mesh]',
    ]);
  });
});

describe('server names', () => {
  test.each(['Istiod.example.com', 'istiod.example.com.', `${'a.'.repeat(124)}b`])('%p is refused', (name) => {
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName(name) });
    expect(verdictOnIstiod(gateway, mesh, IstiodExposure.istioApis())).toStrictEqual([
      'mesh.istiodAccess.dnsName [istiod-exposure/server-name]',
    ]);
  });

  test('are not judged when istiod is not exposed', () => {
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('Istiod.example.com') });
    expect(verdictOnIstiod(gateway, mesh, IstiodExposure.none())).toStrictEqual([]);
  });
});

describe('hosts of services', () => {
  const verdictOn = (hosts: readonly string[], usesGatewayApi = false) =>
    verdictOnServices(
      gateway,
      usesGatewayApi ? ServiceExposure.gatewayApi({ hosts }) : ServiceExposure.istioApis({ hosts }),
    );

  test.each(['*', '*.local', '*.a.svc.cluster.local', 'b.a.svc.cluster.local'])('%p is allowed', (host) => {
    expect(verdictOn([host])).toStrictEqual([]);
  });

  test.each(['', 'local', '*-a.local', 'a.*.local', 'a b.local', '*.7', 'x/', '-/a.local', '::1'])(
    '%p is refused, as Istio would',
    (host) => {
      expect(verdictOn([host])).toStrictEqual(['exposeServices.istioApis.hosts[0] [service-exposure/host]']);
    },
  );

  test.each(['*.Local', 'a.local.', '*.', 'payments/*.local', './a.local', '10.0.0.9'])(
    '%p is refused, because no service has it',
    (host) => {
      expect(verdictOn([host])).toStrictEqual([
        'exposeServices.istioApis.hosts[0] [service-exposure/host-of-no-service]',
      ]);
    },
  );

  test.each(['', '*-a.local', 'A.local', 'a.local.', './a.local'])(
    '%p is refused, as the Gateway API would',
    (host) => {
      expect(verdictOn([host], true)).toStrictEqual(['exposeServices.gatewayApi.hosts[0] [service-exposure/hostname]']);
    },
  );

  test.each(['local', '10.0.0.9', '*.7'])('the Gateway API would take %p, which no service has', (host) => {
    expect(verdictOn([host], true)).toStrictEqual([
      'exposeServices.gatewayApi.hosts[0] [service-exposure/host-of-no-service]',
    ]);
  });

  test.each([
    [['*.local', '*.a.local'], 1],
    [['b.a.local', '*.a.local'], 0],
    [['a.local', 'a.local'], 1],
    [['*.a.local', '*'], 0],
  ])('of %p one is refused', (hosts, index) => {
    expect(verdictOn(hosts)).toStrictEqual([
      `exposeServices.istioApis.hosts[${index}] [service-exposure/overlapping-hosts]`,
    ]);
  });

  test('side by side they are allowed', () => {
    expect(verdictOn(['*.a.local', '*.b.local', 'a.local', 'ba.local'])).toStrictEqual([]);
  });

  test('none at all is refused', () => {
    expect(verdictOn([])).toStrictEqual(['exposeServices.istioApis.hosts [service-exposure/no-hosts]']);
  });
});

describe('names of Gateways', () => {
  const long = { ...gateway, name: 'a'.repeat(57) };
  const services = ServiceExposure.istioApis();

  test("leave room for what is appended, for Istio's APIs", () => {
    const allowed = { ...gateway, name: 'a'.repeat(54) };
    expect(verdictOnServices(allowed, services)).toStrictEqual([]);
    expect(verdictOnServices(long, services)).toStrictEqual(['name [gateway/name-too-long]']);
    expect(verdictOnIstiod(long, aMesh(), IstiodExposure.istioApis())).toStrictEqual(['name [gateway/name-too-long]']);
  });

  test('may be longer for the Gateway API', () => {
    expect(verdictOnServices(long, ServiceExposure.gatewayApi())).toStrictEqual([]);
    expect(verdictOnIstiod(long, aMesh(), IstiodExposure.gatewayApi())).toStrictEqual([]);
  });
});
