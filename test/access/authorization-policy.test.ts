import { type Chart, Testing } from 'cdk8s';
import fc from 'fast-check';
import {
  AuthorizationAction,
  AuthorizationPolicy,
  type AuthorizationPolicyProps,
  type AuthorizationRule,
  Caller,
  GroupNamespace,
  JwtKeys,
  MeshVm,
  MeshVmGroup,
  type MeshVmGroupProps,
  RequestAuthentication,
  TargetPort,
  WorkloadTarget,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const { ALLOW, DENY } = AuthorizationAction;
const FROM_SHOP = { from: [Caller.namespace('shop')] };

function aGroup(chart: Chart, props: Partial<MeshVmGroupProps> = {}): MeshVmGroup {
  return new MeshVmGroup(chart, 'pay', groupProps(props));
}

function specOf(chart: Chart): unknown {
  return Testing.synth(chart).at(-1).spec;
}

/** What is written of rules for the chart's namespace. */
function written(...rules: AuthorizationRule[]): unknown {
  const chart = aChart();
  new AuthorizationPolicy(chart, 'policy', { mesh: aMesh(), target: WorkloadTarget.namespace(), rules });
  return (specOf(chart) as { readonly rules: unknown }).rules;
}

/** What is said of a policy for a group that serves HTTP on 8080 and TCP on 5432. */
function refusal(props: Partial<AuthorizationPolicyProps>): readonly string[] {
  const chart = aChart();
  const ports = [
    { name: 'http', port: 8080 },
    { name: 'tcp-db', port: 5432 },
  ];
  const target = WorkloadTarget.group(aGroup(chart, { ports }));
  return problemsOf(
    () => new AuthorizationPolicy(chart, 'policy', { mesh: aMesh(), target, rules: [FROM_SHOP], ...props }),
  );
}

describe('AuthorizationPolicy', () => {
  test('for a group selects its app and version, and is called after its construct', () => {
    const chart = aChart();
    const target = WorkloadTarget.group(aGroup(chart, { version: 'v2', labels: { team: 'a' } }));
    const policy = new AuthorizationPolicy(chart, 'read-only', {
      mesh: aMesh(),
      target,
      rules: [{ from: [Caller.serviceAccount('shop', 'checkout')], methods: ['GET'], paths: ['/a/*'], ports: [8080] }],
    });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'read-only', namespace: 'payments' },
      spec: {
        selector: { matchLabels: { app: 'pay', version: 'v2' } },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: ['cluster.local/ns/shop/sa/checkout'] } }],
            to: [{ operation: { methods: ['GET'], paths: ['/a/*'], ports: ['8080'] } }],
          },
        ],
      },
    });
    expect([policy.policyName, policy.namespace]).toStrictEqual(['read-only', 'payments']);
  });

  test('may be for the mesh when it denies, and be tried out first', () => {
    const chart = aChart();
    const mesh = aMesh({ controlPlaneNamespace: 'mesh' });
    const target = WorkloadTarget.mesh();
    new AuthorizationPolicy(chart, 'deny', {
      mesh,
      target,
      action: DENY,
      dryRun: true,
      name: 'no-shop',
      rules: [FROM_SHOP],
    });
    expect(Testing.synth(chart)).toStrictEqual([
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'no-shop', namespace: 'mesh', annotations: { 'istio.io/dry-run': 'true' } },
        spec: { action: 'DENY', rules: [{ from: [{ source: { namespaces: ['shop'] } }] }] },
      },
    ]);
  });

  test('takes a caller who matches any of its kinds, in the trust domain of the mesh', () => {
    const chart = aChart();
    const mesh = aMesh({ trustDomain: 'acme.example' });
    const group = aGroup(chart, { mesh });
    const vm = new MeshVm(chart, 'db', {
      ...groupProps({ namespace: GroupNamespace.existing() }),
      address: '10.20.0.9',
    });
    const from = [
      Caller.group(group),
      Caller.addresses('10.0.0.0/8'),
      Caller.namespace('shop'),
      Caller.machine(vm),
      Caller.authenticated(),
    ];
    new AuthorizationPolicy(chart, 'policy', { mesh, target: WorkloadTarget.group(group), rules: [{ from }] });
    expect(specOf(chart)).toMatchObject({
      rules: [
        {
          from: [
            {
              source: {
                principals: ['acme.example/ns/payments/sa/pay', 'acme.example/ns/payments/sa/db', '*'],
              },
            },
            { source: { namespaces: ['shop'] } },
            { source: { ipBlocks: ['10.0.0.0/8'] } },
          ],
        },
      ],
    });
  });

  test('demands a token of every kind of caller', () => {
    const chart = aChart();
    const authentication = new RequestAuthentication(chart, 'tokens', {
      mesh: aMesh(),
      target: WorkloadTarget.namespace(),
      issuer: 'https://login.example.com',
    });
    const target = WorkloadTarget.namespace();
    const jwt = {
      authentication,
      subjects: ['ada', 'b*'],
      audiences: ['pay'],
      claims: { groups: ['admin', 'ops'], tier: ['gold'] },
    };
    const rules = [
      { from: [Caller.namespace('shop'), Caller.serviceAccount('a', 'b')], jwt },
      { jwt: { authentication }, ports: [8080] },
    ];
    new AuthorizationPolicy(chart, 'policy', { mesh: aMesh(), target, rules });
    const requestPrincipals = ['https://login.example.com/ada', 'https://login.example.com/b*'];
    expect(specOf(chart)).toStrictEqual({
      action: 'ALLOW',
      rules: [
        {
          from: [
            { source: { principals: ['cluster.local/ns/a/sa/b'], requestPrincipals } },
            { source: { namespaces: ['shop'], requestPrincipals } },
          ],
          when: [
            { key: 'request.auth.audiences', values: ['pay'] },
            { key: 'request.auth.claims[groups]', values: ['admin', 'ops'] },
            { key: 'request.auth.claims[tier]', values: ['gold'] },
          ],
        },
        {
          from: [{ source: { requestPrincipals: ['https://login.example.com/*'] } }],
          to: [{ operation: { ports: ['8080'] } }],
        },
      ],
    });
  });

  test('says nothing of what a rule leaves out', () => {
    expect(written({ ports: [8080] }, { methods: ['GET'] })).toStrictEqual([
      { to: [{ operation: { ports: ['8080'] } }] },
      { to: [{ operation: { methods: ['GET'] } }] },
    ]);
  });

  test.each<[string, Partial<AuthorizationPolicyProps>, readonly string[]]>([
    ['a name that is none', { name: 'A' }, ['name [name/dns-subdomain]']],
    ['a namespace that is none', { target: WorkloadTarget.namespace('a.b') }, ['target.namespace [name/dns-label]']],
    [
      'the namespace of the control plane',
      { target: WorkloadTarget.namespace('istio-system') },
      ['target [target/namespace-is-root]'],
    ],
    ['an action that is none', { action: 'AUDIT' as AuthorizationAction }, ['action [shape/value]']],
    ['to close the mesh', { target: WorkloadTarget.mesh() }, ['target [authorization/closes-gateways]']],
    ['no rules', { rules: [] }, ['rules [authorization/no-rules]']],
    [
      'too many rules',
      { rules: new Array<AuthorizationRule>(513).fill(FROM_SHOP) },
      ['rules [authorization/too-many-rules]'],
    ],
    ['a rule about everything', { rules: [{}] }, ['rules[0] [authorization/rule-matches-everything]']],
    [
      'lists with nothing in them',
      { rules: [{ from: [], methods: [], paths: [], ports: [] }] },
      ['from', 'methods', 'paths', 'ports'].map((list) => `rules[0].${list} [authorization/empty-list]`),
    ],
    [
      'callers that nobody is',
      {
        rules: [
          {
            from: [
              Caller.namespace('*'),
              Caller.serviceAccount('shop', '*'),
              Caller.serviceAccount('', ''),
              Caller.addresses('10.0.0.1'),
            ],
          },
        ],
      },
      [
        'rules[0].from[0].namespace [authorization/caller-namespace]',
        'rules[0].from[1].serviceAccount.name [authorization/caller-service-account]',
        'rules[0].from[2].serviceAccount.namespace [authorization/caller-namespace]',
        'rules[0].from[2].serviceAccount.name [authorization/caller-service-account]',
        'rules[0].from[3].addresses [address/cidr]',
      ],
    ],
    [
      'methods that no request has',
      { rules: [{ methods: ['get', '*', 'GET'], ports: [8080] }] },
      ['rules[0].methods[0] [authorization/method]', 'rules[0].methods[1] [authorization/method]'],
    ],
    ['ports that nobody serves', { rules: [{ ports: [80] }] }, ['rules[0].ports[0] [target/port-nobody-serves]']],
    [
      'ports that are none',
      { rules: [{ ports: [0, -1, 65536, 1.5] }] },
      [
        'rules[0].ports[0] [authorization/port-zero]',
        'rules[0].ports[1] [authorization/port]',
        'rules[0].ports[2] [authorization/port]',
        'rules[0].ports[3] [authorization/port]',
      ],
    ],
    [
      'what HTTP alone has, on a port without it',
      { rules: [{ paths: ['/a'], ports: [8080, 5432] }] },
      ['rules[0].ports[1] [authorization/http-on-tcp-port]'],
    ],
    [
      'to deny by what HTTP alone has, on any port',
      { action: DENY, rules: [{ ...FROM_SHOP, methods: ['PUT'] }] },
      ['rules[0].ports [authorization/deny-http-without-ports]'],
    ],
  ])('refuses %s', (_what, props, expected) => {
    expect(refusal(props)).toStrictEqual(expected);
  });

  test('refuses a machine without a sidecar as caller', () => {
    const chart = aChart();
    const vm = new MeshVm(chart, 'db', { ...groupProps(), address: '10.20.0.9', sidecar: false });
    const target = WorkloadTarget.namespace('shop');
    const rules = [{ from: [Caller.machine(vm)] }];
    const error = errorOf(() => new AuthorizationPolicy(chart, 'policy', { mesh: aMesh(), target, rules }));
    expect(error.problems).toMatchObject([{ id: 'authorization/caller-without-sidecar', value: 'payments/db' }]);
  });

  test('knows by the Services which ports carry HTTP', () => {
    const chart = aChart();
    const ports = [
      { name: 'tcp-a', port: 1000 },
      { name: 'tcp-b', port: 2000 },
    ];
    const services = [
      {
        name: 'pay',
        ports: [
          { name: 'http', port: 80, targetPort: TargetPort.number(1000) },
          { name: 'other', port: 81, appProtocol: 'mysql', targetPort: TargetPort.named('tcp-b') },
        ],
      },
    ];
    const group = aGroup(chart, { ports, services, version: 'v1' });
    const canary = new MeshVmGroup(
      chart,
      'canary',
      groupProps({
        ports,
        services: [],
        canonicalService: 'pay',
        version: 'v2',
        namespace: GroupNamespace.existing(),
      }),
    );
    const about = (of: MeshVmGroup, port: number, action = ALLOW) =>
      problemsOf(
        () =>
          new AuthorizationPolicy(of, `policy-${port}-${action.toLowerCase()}`, {
            mesh: aMesh(),
            action,
            target: WorkloadTarget.group(of),
            rules: [{ methods: ['GET', 'x'], ports: [port] }],
          }),
      );
    const bad = 'rules[0].methods[1] [authorization/method]';
    for (const of of [group, canary]) {
      expect(about(of, 1000)).toStrictEqual([bad]);
      expect(about(of, 2000)).toStrictEqual([bad, 'rules[0].ports[0] [authorization/http-on-tcp-port]']);
      expect(about(of, 2000, DENY)).toStrictEqual([bad, 'rules[0].ports[0] [authorization/http-on-tcp-port]']);
    }
  });

  test('refuses what HTTP alone has for a group that serves no HTTP', () => {
    const chart = aChart();
    const group = aGroup(chart, { ports: [{ name: 'tcp', port: 5432 }] });
    expect(problemsOf(() => group.allowFrom(Caller.namespace('shop'), { methods: ['GET'] }))).toStrictEqual([
      'rules[0].ports [authorization/http-on-tcp-port]',
    ]);
  });
});

describe('a token that a rule demands', () => {
  function refusalOf(jwt: object, target: (group: MeshVmGroup) => WorkloadTarget = WorkloadTarget.group) {
    const chart = aChart();
    const group = aGroup(chart);
    const authentication = new RequestAuthentication(chart, 'tokens', {
      mesh: aMesh(),
      target: target(group),
      issuer: 'https://login.example.com',
    });
    return problemsOf(() =>
      group.allowFrom(Caller.namespace('shop'), { methods: ['x'], jwt: { authentication, ...jwt } }),
    ).slice(1);
  }

  test.each<[string, (group: MeshVmGroup) => WorkloadTarget, readonly string[]]>([
    ['the group', WorkloadTarget.group, []],
    ['its namespace', () => WorkloadTarget.namespace(), []],
    ['the mesh', () => WorkloadTarget.mesh(), []],
    [
      'another namespace',
      () => WorkloadTarget.namespace('shop'),
      ['rules[0].jwt.authentication [authorization/jwt-verified-elsewhere]'],
    ],
  ])('may be verified for %s', (_what, target, expected) => {
    expect(refusalOf({}, target)).toStrictEqual(expected);
  });

  test('must be verified for the group itself, not for another', () => {
    const chart = aChart();
    const group = aGroup(chart);
    const other = new MeshVmGroup(chart, 'other', groupProps({ namespace: GroupNamespace.existing() }));
    const authentication = other.authenticateRequests({ issuer: 'x', keys: JwtKeys.fromUri('https://a.example/keys') });
    expect(problemsOf(() => group.allowFrom(Caller.namespace('shop'), { jwt: { authentication } }))).toStrictEqual([
      'rules[0].jwt.authentication [authorization/jwt-verified-elsewhere]',
    ]);
  });

  test.each<[string, object, readonly string[]]>([
    ['good values', { subjects: ['a', 'a*', '*'], audiences: ['x'], claims: { sub: ['a/b'] } }, []],
    [
      'empty lists',
      { subjects: [], audiences: [], claims: { groups: [] } },
      ['subjects', 'audiences', 'claims.groups'].map((list) => `rules[0].jwt.${list} [authorization/empty-list]`),
    ],
    [
      'subjects that can not match',
      { subjects: ['a/b', '*a', ''] },
      [0, 1, 2].map((index) => `rules[0].jwt.subjects[${index}] [authorization/jwt-subject]`),
    ],
    [
      'empty values',
      { audiences: [''], claims: { groups: [''] } },
      ['rules[0].jwt.audiences[0] [property/required]', 'rules[0].jwt.claims.groups[0] [property/required]'],
    ],
    [
      'claims inside of claims',
      { claims: { 'a][b': ['x'], '': ['x'] } },
      ['rules[0].jwt.claims.a][b [authorization/jwt-claim]', 'rules[0].jwt.claims. [authorization/jwt-claim]'],
    ],
  ])('with %s', (_what, jwt, expected) => {
    expect(refusalOf(jwt)).toStrictEqual(expected);
  });
});

describe('MeshVmGroup.allowFrom', () => {
  test('is one line, and calls add up under names of their own', () => {
    const chart = aChart();
    const group = aGroup(chart);
    group.allowFrom(Caller.serviceAccount('shop', 'checkout'), { paths: ['/payments'] });
    group.allowFrom(Caller.namespace('reports'));
    group.allowFrom(Caller.addresses('fd00:20::/64'), { ports: [8080] });
    group.allowFrom(Caller.authenticated(), { name: 'anybody' });
    const names = Testing.synth(chart).filter(({ kind }) => kind === 'AuthorizationPolicy');
    expect(names.map(({ metadata }) => metadata.name)).toStrictEqual([
      'pay-from-shop-checkout',
      'pay-from-reports',
      'pay-from-fd00-20-64',
      'anybody',
    ]);
  });

  test('takes a caller as data', () => {
    const chart = aChart();
    const group = aGroup(chart);
    const { policyName } = group.allowFrom({ serviceAccount: { namespace: 'shop', name: 'checkout' } });
    expect(policyName).toBe('pay-from-shop-checkout');
    expect(specOf(chart)).toMatchObject({
      rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/checkout'] } }] }],
    });
  });

  test.each<[string, unknown, object | undefined, readonly string[]]>([
    ['no caller', undefined, {}, [' [shape/type]']],
    ['a caller by its name', 'shop', {}, [' [shape/type]']],
    ['two callers in one', { namespace: 'shop', authenticated: true }, {}, [' [shape/choice]']],
    ['an unknown property', { namespace: 'shop' }, { method: ['GET'] }, ['method [shape/unknown-property]']],
    ['one method', { namespace: 'shop' }, { methods: 'GET' }, ['methods [shape/type]']],
  ])('refuses %s', (_what, caller, props, expected) => {
    expect(problemsOf(() => aGroup(aChart()).allowFrom(caller as Caller, props))).toStrictEqual(expected);
  });

  test('says so when a caller has a policy already', () => {
    const group = aGroup(aChart());
    group.allowFrom(Caller.namespace('shop'));
    expect(problemsOf(() => group.allowFrom(Caller.namespace('shop'), { paths: ['/a'] }))).toStrictEqual([
      'name [object/declared-twice]',
    ]);
  });

  test('makes a name of any address range', () => {
    const ranges = fc.oneof(
      fc.ipV4().map((address) => `${address}/32`),
      fc.ipV6().map((address) => `${address}/128`),
    );
    const allow = (range: string) => aGroup(aChart()).allowFrom(Caller.addresses(range)).policyName;
    fc.assert(fc.property(ranges, (range) => /^pay-from-[a-z0-9-]+$/.test(allow(range))));
  });
});
