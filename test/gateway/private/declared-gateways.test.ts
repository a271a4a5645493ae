import { IstiodExposure } from 'meshvm';
import { Problems } from '../../../lib/core/problems';
import { Registry } from '../../../lib/core/registry';
import type { Gateway } from '../../../lib/gateway/gateway';
import { type GatewayExposure, resolveExposure } from '../../../lib/gateway/gateway-exposure';
import { declareGateway } from '../../../lib/gateway/private/declared-gateways';
import { aMesh } from '../../fixtures';
import { gateway } from '../manifests/gateway';

const ISTIO = resolveExposure({ exposeIstiod: IstiodExposure.istioApis() });
const GATEWAY_API = resolveExposure({ exposeIstiod: IstiodExposure.gatewayApi() });

/** Declares gateways in one program, and says what the last one is refused for. */
function declare(...gateways: readonly { change: Partial<Gateway>; exposure?: GatewayExposure; cluster?: string }[]) {
  const program = new Registry();
  let problems = new Problems();
  gateways.forEach(({ change, exposure = ISTIO, cluster = 'prod-eu' }, index) => {
    problems = new Problems();
    declareGateway(
      problems,
      program,
      `gateway-${index}`,
      aMesh({ clusterName: cluster }),
      { ...gateway, ...change },
      exposure,
    );
  });
  return problems.all.map(({ id, allowed }) => `${id}: ${allowed}`);
}

const REFUSED = ['gateway/selects-other-gateway: labels other than those of gateway-0'];

describe('declareGateway', () => {
  test('refuses the labels of a gateway in another namespace', () => {
    expect(declare({ change: {} }, { change: { namespace: 'other' } })).toStrictEqual(REFUSED);
  });

  test('refuses a selector that takes in another gateway, whichever comes first', () => {
    const wide = { name: 'wide', selector: { istio: 'edge' } };
    expect(declare({ change: {} }, { change: wide })).toStrictEqual(REFUSED);
    expect(declare({ change: wide }, { change: {} })).toStrictEqual(REFUSED);
  });

  test('allows other labels, other clusters, and the same gateway again', () => {
    const other = { name: 'other', selector: { app: 'other', istio: 'other' } };
    expect(declare({ change: {} }, { change: other })).toStrictEqual([]);
    expect(declare({ change: {} }, { change: { namespace: 'other' }, cluster: 'prod-us' })).toStrictEqual([]);
    expect(declare({ change: {} }, { change: {} })).toStrictEqual([]);
  });

  test('allows what nothing selects by label', () => {
    const change = { namespace: 'other' };
    expect(declare({ change: {}, exposure: GATEWAY_API }, { change, exposure: GATEWAY_API })).toStrictEqual([]);
    expect(declare({ change: {}, exposure: GATEWAY_API }, { change })).toStrictEqual(REFUSED);
  });

  test('knows nothing of another program', () => {
    expect(declare({ change: {} })).toStrictEqual([]);
    expect(declare({ change: { namespace: 'other' } })).toStrictEqual([]);
  });
});
