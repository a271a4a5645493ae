import { Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  AuthorizationAction,
  AuthorizationPolicy,
  type AuthorizationPolicyProps,
  type AuthorizationRule,
  Caller,
  Mesh,
  MeshVmGroup,
  Network,
  WorkloadTarget,
} from 'meshvm';
import { authorizationPolicy } from '../../../lib/access/manifests/authorization-policy';
import { resolveAuthorizationPolicy } from '../../../lib/access/private/authorization-policy';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

const ports = value.mostly(fc.constantFrom(8080, 9090), value.port, 12);
const methods = value.mostly(fc.constantFrom('GET', 'POST', 'X-Y'), fc.constantFrom('get', '', '*', 'A B'), 12);
const paths: fc.Arbitrary<string> = value.mostly(
  fc.constantFrom('/', '/a', '/a/*', '*', '*.json', '/a/{*}/b', '/{**}', '/{*}/{*}/', '/ä', '/a%20b', '//a'),
  fc.oneof(
    fc.constantFrom('', 'a', '/a*b', '/a?b', '/a/../b', '/a b', '**', '*a*', '{*}', '/a{*}', '/{a}', '/{**}/b', '/{'),
    fc.constantFrom('/}', '/{*}/ä', '/{*}//a', '/{*}/*', '/{*}/{**}', '/{**}/{*}', '/a/**', '\\a', '/{*}?a', '*/{*}'),
    fc.string({ unit: fc.constantFrom('/', '*', '{*}', '{**}', 'a', '{', '}', '.', '?', ' '), maxLength: 8 }),
  ),
  12,
);
const text = value.mostly(fc.constantFrom('shop', 'a*', 'x/y'), fc.constantFrom('', '*', 'a b', '*a*', 'ü'), 16);
const callers = fc.oneof(
  fc.tuple(value.name, value.name).map(([namespace, name]) => Caller.serviceAccount(namespace, name)),
  value.name.map((name) => Caller.namespace(name)),
  fc.constant(Caller.authenticated()),
  value
    .mostly(fc.constantFrom('10.0.0.0/8', 'fd00::/8'), fc.constantFrom('', '10.0.0.1', '10.0.0.1/8', 'a/8'))
    .map((cidr) => Caller.addresses(cidr)),
);

function list<T>(of: fc.Arbitrary<T>): fc.Arbitrary<readonly T[] | undefined> {
  return value.maybe(value.mostly(fc.array(of, { minLength: 1, maxLength: 3 }), fc.constant([])));
}

const tokens = fc.record({
  issuer: fc.constantFrom('https://login.example.com', 'ours'),
  subjects: list(text),
  audiences: list(text),
  claims: value.maybe(
    fc.dictionary(
      value.mostly(fc.constantFrom('groups', 'a.b'), fc.constantFrom('', 'a][b', '[', 'a b')),
      fc.array(text, { maxLength: 2 }),
      { maxKeys: 2 },
    ),
  ),
});
const rules = fc.record({
  from: list(callers),
  token: value.maybe(tokens),
  methods: list(methods),
  paths: list(paths),
  ports: list(ports),
});
type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

const policyProps = fc.record({
  target: fc.constantFrom('group' as const, 'group' as const, 'namespace' as const, 'mesh' as const),
  version: value.goodName,
  name: value.maybe(value.name),
  action: value.maybe(fc.constantFrom(AuthorizationAction.ALLOW, AuthorizationAction.DENY)),
  dryRun: value.maybe(fc.boolean()),
  rules: value.mostly(fc.array(rules, { minLength: 1, maxLength: 3 }), fc.constant<Raw<typeof rules>[]>([])),
});

type Group = ConstructorParameters<typeof MeshVmGroup>[2];

const GROUP: Omit<Group, 'version'> = {
  mesh,
  ports: [
    { name: 'http', port: 8080 },
    { name: 'grpc', port: 9090 },
  ],
  network: Network.flat(['10.20.0.0/16']),
};

function propsOf(raw: Raw<typeof policyProps>, group: MeshVmGroup): AuthorizationPolicyProps {
  const targets = {
    group: () => WorkloadTarget.group(group),
    namespace: () => WorkloadTarget.namespace(),
    mesh: () => WorkloadTarget.mesh(),
  };
  const { name, action, dryRun } = raw;
  return { mesh, target: targets[raw.target](), name, action, dryRun, rules: raw.rules.map(ruleOf) };
}

/** The RequestAuthentication itself is compared elsewhere; here it counts that there is one. */
function ruleOf({ token, ...rest }: Raw<typeof rules>): AuthorizationRule {
  if (token === undefined) return rest;
  const { issuer, ...jwt } = token;
  return {
    ...rest,
    jwt: { ...jwt, authentication: { issuer, namespace: TRIAL_NAMESPACE, meshWide: true, node: { path: 'tokens' } } },
  };
}

/** AuthorizationPolicy. */
export const authorization: Subject<Raw<typeof policyProps>> = {
  name: 'AuthorizationPolicy',
  props: policyProps,
  examples: [
    {
      target: 'namespace',
      version: 'v1',
      name: undefined,
      action: undefined,
      dryRun: undefined,
      rules: new Array<Raw<typeof rules>>(513).fill({
        from: [Caller.namespace('shop')],
        token: undefined,
        methods: undefined,
        paths: undefined,
        ports: undefined,
      }),
    },
  ],
  confirms: ['authorization/path-template', 'authorization/port', 'authorization/too-many-rules', 'name/dns-subdomain'],
  construct(chart, props) {
    const machines = new Chart(chart.node.root, 'machines', { namespace: TRIAL_NAMESPACE });
    const group = new MeshVmGroup(machines, 'shop', { ...GROUP, version: props.version });
    new AuthorizationPolicy(chart, 'policy', propsOf(props, group));
  },
  build(props) {
    const labels = { app: 'shop', version: props.version };
    const group = { labels, namespace: TRIAL_NAMESPACE, groupName: 'shop', node: { path: 'shop' } };
    const given = propsOf(props, group as unknown as MeshVmGroup);
    return [authorizationPolicy(resolveAuthorizationPolicy(given, 'policy', TRIAL_NAMESPACE))];
  },
};
