import * as cdk8sFace from 'meshvm';
import { Caller, AuthorizationPolicy as Construct, MeshVm as Machine, WorkloadTarget } from 'meshvm';
import {
  AuthorizationAction,
  AuthorizationPolicy,
  MeshVm,
  RequestAuthentication,
  StandaloneEnvoy,
} from 'meshvm/pulumi';
import { aMesh, groupProps } from '../../fixtures';
import { later, meshArgs, named, refusal, registered, vmArgs } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf } from '../program';
import { envoyArgs } from '../standalone/standalone-pairs';

const mesh = meshArgs();
const issuer = 'https://login.example.com';

describe('AuthorizationPolicy', () => {
  test('declares what the cdk8s construct declares', async () => {
    const declared = await expectSame((chart) => {
      const group = aGroup(chart);
      const namespace = cdk8sFace.GroupNamespace.existing('payments');
      const machine = new Machine(chart, 'db', { ...groupProps({ namespace }), address: '10.20.1.7' });
      const target = WorkloadTarget.group(group);
      const { AuthorizationAction } = cdk8sFace;
      const tokens = new cdk8sFace.RequestAuthentication(chart, 'tokens', { mesh: aMesh(), target, issuer });
      new Construct(chart, 'callers', {
        mesh: aMesh(),
        target,
        rules: [
          {
            from: [
              Caller.group(group),
              Caller.machine(machine),
              Caller.serviceAccount('shop', 'checkout'),
              Caller.namespace('reports'),
              Caller.authenticated(),
              Caller.addresses('10.0.0.0/24'),
            ],
            methods: ['GET', 'POST'],
            paths: ['/payments', '/payments/{*}/refund'],
            ports: [8080],
          },
          {
            jwt: {
              authentication: tokens,
              subjects: ['alice'],
              audiences: ['payments'],
              claims: { groups: ['admin'] },
            },
          },
        ],
      });
      const rules = [{ from: [Caller.namespace('lab')] }];
      const props = { mesh: aMesh(), rules, action: AuthorizationAction.DENY, dryRun: true };
      new Construct(chart, 'not-lab', { ...props, target: WorkloadTarget.mesh(), name: 'never-lab' });
    }, () => {
      const group = theGroup();
      const machine = new MeshVm('db', vmArgs({ createNamespace: false }));
      const target = { group };
      const tokens = new RequestAuthentication('tokens', { mesh, target, issuer });
      new AuthorizationPolicy('callers', {
        mesh,
        target,
        rules: [
          {
            from: [
              { group },
              { machine },
              { serviceAccount: { namespace: 'shop', name: 'checkout' } },
              { namespace: 'reports' },
              { authenticated: true },
              { addresses: '10.0.0.0/24' },
            ],
            methods: ['GET', 'POST'],
            paths: ['/payments', '/payments/{*}/refund'],
            ports: [8080],
          },
          {
            jwt: {
              authentication: tokens,
              subjects: ['alice'],
              audiences: ['payments'],
              claims: { groups: ['admin'] },
            },
          },
        ],
      });
      const rules = [{ from: [{ namespace: 'lab' }] }];
      const args = { mesh, rules, action: AuthorizationAction.DENY, dryRun: true };
      new AuthorizationPolicy('not-lab', { ...args, target: { mesh: true }, name: 'never-lab' });
    }, ['payment-service', 'db']);
    expect(Object.keys(declared).sort()).toStrictEqual([
      'security.istio.io/v1 AuthorizationPolicy istio-system/never-lab',
      'security.istio.io/v1 AuthorizationPolicy payments/callers',
      'security.istio.io/v1 RequestAuthentication payments/tokens',
    ]);
  });

  test('takes Inputs, and tokens of a RequestAuthentication by its issuer alone', async () => {
    const resources = await registered(() => {
      const group = theGroup({ namespace: later('payments') });
      const caller = theCaller({ namespace: later('shop') });
      new AuthorizationPolicy('callers', {
        mesh: meshArgs({ trustDomain: later('acme.example') }),
        target: { group },
        rules: [
          { from: [{ group: caller }], methods: [later('GET')] },
          { from: [{ addresses: later('10.0.0.0/24') }], jwt: { authentication: { issuer: later(issuer) } } },
        ],
      });
    });
    expect(named(resources, 'callers-Resource').inputs).toMatchObject({
      metadata: { name: 'callers', namespace: 'payments' },
      spec: {
        selector: { matchLabels: { app: 'payment-service', version: 'latest' } },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: ['acme.example/ns/shop/sa/web'] } }],
            to: [{ operation: { methods: ['GET'] } }],
          },
          { from: [{ source: { ipBlocks: ['10.0.0.0/24'], requestPrincipals: [`${issuer}/*`] } }] },
        ],
      },
    });
  });

  test('takes a StandaloneEnvoy for a caller, and the ServiceAccount of one by its outputs', async () => {
    const resources = await registered(() => {
      const envoy = new StandaloneEnvoy('laptop', envoyArgs());
      const outputs = { namespace: later('legacy'), serviceAccount: later('billing') };
      const rules = [{ from: [{ standalone: envoy }, { standalone: outputs }] }];
      new AuthorizationPolicy('callers', { mesh, target: { namespace: 'payments' }, rules });
    });
    expect(named(resources, 'AuthorizationPolicy payments/callers').inputs.spec.rules).toStrictEqual([
      {
        from: [
          { source: { principals: ['cluster.local/ns/laptops/sa/laptop', 'cluster.local/ns/legacy/sa/billing'] } },
        ],
      },
    ]);
  });

  /** A caller by its outputs. */
  function theCaller({ namespace }: { readonly namespace: ReturnType<typeof later<string>> }) {
    return { groupName: 'web', namespace, serviceAccount: 'web', labels: { app: 'web', version: 'v1' } };
  }

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = {
      mesh,
      target: {},
      action: 'AUDIT' as AuthorizationAction,
      rules: [
        {},
        {
          from: [{ namespace: 'lab', authenticated: true }, { addresses: 'anywhere' }],
          methods: ['get'],
          paths: ['a'],
        },
      ],
    };
    expect(await refusal(() => new AuthorizationPolicy('callers', args))).toStrictEqual([
      'target [shape/choice]',
      'action [shape/value]',
      'rules[1].from[0] [shape/choice]',
    ]);
    const { DENY } = AuthorizationAction;
    const rules = [{}, { ...args.rules[1], from: [{ namespace: 'Lab' }, { addresses: 'anywhere' }] }];
    const ofShape = { ...args, target: { namespace: 'istio-system' }, action: DENY, rules };
    expect(await refusal(() => new AuthorizationPolicy('callers', ofShape))).toStrictEqual([
      'target [target/namespace-is-root]',
      'rules[0] [authorization/rule-matches-everything]',
      'rules[1].from[0].namespace [authorization/caller-namespace]',
      'rules[1].from[1].addresses [address/cidr]',
      'rules[1].methods[0] [authorization/method]',
      'rules[1].paths[0] [authorization/path]',
      'rules[1].ports [authorization/deny-http-without-ports]',
    ]);
  });

  test('refuses a caller without a sidecar, and HTTP on a port without it', async () => {
    await registered(() => {
      const group = theGroup({ ports: [{ name: 'tcp', port: 5432 }] });
      const machine = new MeshVm('db', vmArgs({ createNamespace: false, sidecar: false }));
      const rules = [{ from: [{ machine }], methods: ['GET'] }];
      let message = '';
      try {
        new AuthorizationPolicy('callers', { mesh, target: { group }, rules });
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/rules\[0\]\.from\[0\]\.machine: .* \[authorization\/caller-without-sidecar\]/);
      expect(message).toMatch(/rules\[0\]\.ports: .* \[authorization\/http-on-tcp-port\]/);
    });
  });

  const ofTokens = (authentication: RequestAuthentication) => [{ jwt: { authentication } }];

  test('refuses tokens that nobody verifies at the group', async () => {
    await registered(() => {
      const tokens = new RequestAuthentication('tokens', { mesh, target: { namespace: 'shop' }, issuer });
      const policy = () =>
        new AuthorizationPolicy('callers', { mesh, target: { group: theGroup() }, rules: ofTokens(tokens) });
      expect(policy).toThrow('rules[0].jwt.authentication: "tokens" is not allowed');
    });
  });

  test('and when it becomes known that nobody does', async () => {
    const errors = await failureOf(() => {
      const tokens = new RequestAuthentication('tokens', { mesh, target: { namespace: later('shop') }, issuer });
      new AuthorizationPolicy('callers', { mesh, target: { group: theGroup() }, rules: ofTokens(tokens) });
    });
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('rules[0].jwt.authentication: "tokens" is not allowed'),
    );
  });

  test('takes tokens that the same Input says are verified for the same workloads', async () => {
    const namespace = later('payments');
    const resources = await registered(() => {
      const group = theGroup({ namespace });
      const tokens = new RequestAuthentication('tokens', { mesh, target: { namespace }, issuer });
      new AuthorizationPolicy('callers', { mesh, target: { group }, rules: ofTokens(tokens) });
    });
    expect(named(resources, 'callers-Resource').inputs.spec.rules).toStrictEqual([
      { from: [{ source: { requestPrincipals: [`${issuer}/*`] } }] },
    ]);
  });
});
