import { ControlPlane as ControlPlaneValue, TrustedRoots } from 'meshvm';
import { ControlPlane, type ControlPlaneArgs } from 'meshvm/pulumi';
import { INTERMEDIATE, OTHER, ROOT } from '../../core/certificate-fixtures';
import { aMesh } from '../../fixtures';
import { later, meshArgs, named, refusal, registered } from '../fixtures';

const proxy = { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } };

function args(additionalRoots: ControlPlaneArgs['additionalRoots']): ControlPlaneArgs {
  return { mesh: meshArgs({ proxy }), additionalRoots };
}

test('roots give the charts the values of the cdk8s class, also when they become known later', async () => {
  const roots = [{ pem: ROOT + OTHER }, { pem: later(ROOT), trustDomains: [later('partner.example')] }];
  const resources = await registered(() => new ControlPlane('istio', args(roots)));
  const additionalRoots = [
    TrustedRoots.pem(ROOT + OTHER),
    TrustedRoots.pem(ROOT, { trustDomains: ['partner.example'] }),
  ];
  const { helmValues } = new ControlPlaneValue({ mesh: aMesh({ proxy }), additionalRoots });
  expect(named(resources, 'Release istio-system/istiod').inputs.values).toStrictEqual(
    JSON.parse(JSON.stringify(helmValues.istiod)),
  );
});

test('what is wrong with roots is told by their path', async () => {
  const roots = [{ pem: INTERMEDIATE }, { pem: 'x', trustDomains: ['spiffe://a'] }];
  expect(await refusal(() => new ControlPlane('istio', args(roots)))).toStrictEqual([
    'additionalRoots[0].pem [certificate/no-root]',
    'additionalRoots[1].pem [certificate/pem]',
    'additionalRoots[1].trustDomains[0] [trusted-roots/trust-domain]',
  ]);
});
