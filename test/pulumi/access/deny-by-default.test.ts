import * as cdk8sFace from 'meshvm';
import { DenyByDefault } from 'meshvm/pulumi';
import { aMesh } from '../../fixtures';
import { later, meshArgs, named, refusal, registered } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf } from '../program';

const mesh = meshArgs();

describe('DenyByDefault', () => {
  test('declares what the cdk8s construct declares', async () => {
    const declared = await expectSame(
      (chart) => {
        aGroup(chart).denyByDefault();
        const target = cdk8sFace.WorkloadTarget.namespace('shop');
        new cdk8sFace.DenyByDefault(chart, 'shop', { mesh: aMesh(), target });
      },
      () => {
        new DenyByDefault('payments', { mesh, target: { group: theGroup() } });
        new DenyByDefault('shop', { mesh, target: { namespace: 'shop' } });
      },
    );
    expect(Object.keys(declared).sort()).toStrictEqual([
      'security.istio.io/v1 AuthorizationPolicy payments/payment-service-deny-by-default',
      'security.istio.io/v1 AuthorizationPolicy shop/deny-by-default',
    ]);
  });

  test('takes Inputs', async () => {
    const args = { mesh, target: { namespace: later('shop') }, name: later('closed') };
    const resources = await registered(() => new DenyByDefault('shop', args));
    expect(named(resources, 'shop-Resource').inputs).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'closed', namespace: 'shop' },
      spec: {},
    });
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = { mesh: meshArgs({ network: 'Vpc' }), target: { mesh: true }, name: 'Closed' };
    expect(await refusal(() => new DenyByDefault('closed', args))).toStrictEqual([
      'mesh.network [mesh/network-name]',
      'name [name/dns-subdomain]',
      'target [authorization/closes-gateways]',
    ]);
  });

  test('refuses what becomes known to be wrong', async () => {
    const target = { namespace: later('Shop') };
    const errors = await failureOf(() => new DenyByDefault('shop', { mesh, target }));
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('target.namespace: "Shop" is not allowed'),
    );
  });
});
