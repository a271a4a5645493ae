import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Fact, Registry } from '../../core/registry';
import { checkRequired } from '../../core/values/names';
import { isPortNumber } from '../../core/values/ports';
import { checkPathPattern } from '../../core/values/request-paths';
import type { Member } from '../../machines/member';
import { portsWithoutHttp, speaksNoHttp } from '../../machines/served-protocols';
import type { AuthorizationRule, JwtRequirement } from '../authorization-policy-props';
import { checkCaller } from '../caller-checks';
import type { AuthorizationPolicySettings } from '../manifests/authorization-policy';
import { checkServedPort, type PolicyScope, selectedMachines } from '../policy-scope';
import type { IRequestAuthentication } from '../request-authentication-props';

const EVERYTHING = rule({
  id: 'authorization/rule-matches-everything',
  origin: 'meshvm',
  allowed: 'a rule that says whom, what or which ports it is about',
  remedy: 'name the ports that shall be open to anybody, or leave the policy out',
  source: 'meshvm: an empty rule matches every call, which is seldom what was meant',
});
const EMPTY_LIST = rule({
  id: 'authorization/empty-list',
  origin: 'meshvm',
  allowed: 'at least one value, or nothing at all for any',
  remedy: 'give a value, or leave the property out',
  source: 'meshvm: nothing and anything are too easily confused',
});
const METHOD = rule({
  id: 'authorization/method',
  origin: 'ignored',
  allowed: 'a method in upper case, such as GET',
  remedy: 'write it in upper case; methods are compared as they are',
  source: 'RFC 9110: methods are case-sensitive; istio authz/matcher HeaderMatcher: "*" is a wildcard',
});
const PORT = rule({
  id: 'authorization/port',
  origin: 'istio',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give the port that the application listens on',
  source: 'istio pkg/config/security ValidatePorts',
});
const PORT_ZERO = rule({
  id: 'authorization/port-zero',
  origin: 'ignored',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give the port that the application listens on; leave ports out for any',
  source: 'istio pkg/config/security ValidatePorts accepts 0, which matches no connection',
});
const HTTP_ON_TCP = rule({
  id: 'authorization/http-on-tcp-port',
  origin: 'ignored',
  allowed: 'methods, paths and jwt on ports with HTTP alone',
  remedy: 'name an HTTP port, or leave methods, paths and jwt out',
  source:
    'istio authz/model: on other ports an ALLOW rule with them never matches, and a DENY rule is enforced without them',
});
const DENY_HTTP_WITHOUT_PORTS = rule({
  id: 'authorization/deny-http-without-ports',
  origin: 'ignored',
  allowed: 'ports beside methods, paths and jwt in a DENY rule',
  remedy: 'name the HTTP ports that the rule is about',
  source: 'istio ValidateAuthorizationPolicy warns: without ports such a rule denies all traffic to TCP ports',
});
const JWT_SUBJECT = rule({
  id: 'authorization/jwt-subject',
  origin: 'ignored',
  allowed: 'a subject without "/", "*" at its end alone',
  remedy: 'for a subject with "/" use claims: { sub: […] }',
  source: 'istio authz/model requestPrincipalGenerator: the subject is what stands behind the last "/"',
});
const JWT_CLAIM = rule({
  id: 'authorization/jwt-claim',
  origin: 'ignored',
  allowed: 'the name of a claim, without "[" and "]"',
  remedy: 'name a claim at the top of the token',
  source: 'istio authz/model extractNameInNestedBrackets: brackets lead to claims inside of claims',
});
const JWT_ELSEWHERE = rule({
  id: 'authorization/jwt-verified-elsewhere',
  origin: 'ignored',
  allowed: 'a RequestAuthentication for the same workloads, their namespace or the mesh',
  remedy: 'make a RequestAuthentication for these workloads',
  source: 'istio: only a token that the same proxy has verified counts; without one no request matches',
});

/** Everything about a rule that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkAuthorizationRule(
  problems: Problems,
  program: Registry,
  given: AuthorizationRule,
  policy: AuthorizationPolicySettings,
): void {
  const { from, jwt, methods, paths, ports } = given;
  const lists = { from, methods, paths, ports };
  if (jwt === undefined && Object.values(lists).every((list) => list === undefined)) {
    problems.add(EVERYTHING, '', given);
  }
  for (const [property, list] of Object.entries(lists)) checkNotEmpty(problems, property, list);
  from?.forEach((caller, index) => void checkCaller(problems, `from[${index}]`, caller));
  methods?.forEach((method, index) => {
    problems.check(METHOD, `methods[${index}]`, method, (known) => /^[A-Z][A-Z0-9-]*$/.test(known));
  });
  paths?.forEach((path, index) => void checkPathPattern(problems, `paths[${index}]`, path));
  if (jwt !== undefined) checkJwt(problems.at('jwt'), jwt, policy);
  checkPorts(problems, program, given, policy);
}

function checkNotEmpty(problems: Problems, property: string, list: readonly unknown[] | undefined): void {
  if (list?.length === 0) problems.add(EMPTY_LIST, property, []);
}

function checkJwt(problems: Problems, jwt: JwtRequirement, policy: PolicyScope): void {
  const { authentication, subjects, audiences, claims = {} } = jwt;
  if (!verifiesFor(authentication, policy)) {
    problems.add(JWT_ELSEWHERE, 'authentication', authentication.node.path);
  }
  checkNotEmpty(problems, 'subjects', subjects);
  checkNotEmpty(problems, 'audiences', audiences);
  subjects?.forEach((subject, index) => {
    problems.check(JWT_SUBJECT, `subjects[${index}]`, subject, (known) => /^([^*/]+\*?|\*)$/.test(known));
  });
  audiences?.forEach((audience, index) => void checkRequired(problems, `audiences[${index}]`, audience));
  for (const [claim, values] of Object.entries(claims)) {
    const at = problems.at(`claims.${claim}`);
    if (claim === '' || /[[\]]/.test(claim)) at.add(JWT_CLAIM, '', claim);
    checkNotEmpty(at, '', values);
    values.forEach((value, index) => void checkRequired(at, `[${index}]`, value));
  }
}

function checkPorts(
  problems: Problems,
  program: Registry,
  { jwt, methods, paths, ports }: AuthorizationRule,
  policy: AuthorizationPolicySettings,
): void {
  const selected = selectedMachines(program, policy);
  ports?.forEach((port, index) => {
    const property = `ports[${index}]`;
    problems.known(port, () => {
      if (port === 0) problems.add(PORT_ZERO, property, port);
      else if (!isPortNumber(port)) problems.add(PORT, property, port);
      else if (policy.matchLabels !== undefined) checkServedPort(problems, property, port, selected);
    });
  });
  if (jwt === undefined && methods === undefined && paths === undefined) return;
  if (policy.action === 'DENY' && ports === undefined) problems.add(DENY_HTTP_WITHOUT_PORTS, 'ports', ports);
  checkHttp(problems, program, policy, selected, ports);
}

/** Whether tokens are verified wherever the policy holds, as far as is known yet. */
function verifiesFor({ meshWide, namespace, matchLabels }: IRequestAuthentication, policy: PolicyScope): boolean {
  if (meshWide) return true;
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => [value, policy.matchLabels?.[key]]);
  return [[namespace, policy.namespace], ...labels].every((both) => both.some(isDeferred) || both[0] === both[1]);
}

/** Of a rule without ports something must be left to match. */
function checkHttp(
  problems: Problems,
  program: Registry,
  policy: AuthorizationPolicySettings,
  selected: readonly Fact<Member>[],
  ports: readonly number[] | undefined,
): void {
  if (ports !== undefined) {
    ports.forEach((port, index) => {
      if (speaksNoHttp(program, selected, port)) problems.add(HTTP_ON_TCP, `ports[${index}]`, port);
    });
    return;
  }
  const without = policy.action === 'ALLOW' ? portsWithoutHttp(program, selected) : undefined;
  if (without !== undefined) problems.add(HTTP_ON_TCP, 'ports', without);
}
