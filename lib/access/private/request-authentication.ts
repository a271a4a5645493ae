import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkJwks } from '../../core/values/json-web-keys';
import { checkDnsSubdomain, checkRequired } from '../../core/values/names';
import { portsWithoutHttp } from '../../machines/served-protocols';
import type { JwtKeys } from '../jwt-keys';
import { type RequestAuthenticationSettings, requestAuthentication } from '../manifests/request-authentication';
import { checkTarget, describeTarget, resolveTarget, selectedMachines } from '../policy-scope';
import type { RequestAuthenticationProps } from '../request-authentication-props';

const ISSUER = rule({
  id: 'request-authentication/issuer',
  origin: 'ignored',
  allowed: 'an issuer without "*" at either end',
  remedy: 'give the issuer as it stands in the tokens',
  source: 'istio authz/model requestPrincipalGenerator reads "*" as a wildcard, RequestAuthentication as a letter',
});
const NOT_DISCOVERABLE = rule({
  id: 'request-authentication/issuer-not-discoverable',
  origin: 'ignored',
  allowed: 'an issuer that is an http or https address, or keys from elsewhere',
  remedy: 'say where the keys are with keys.uri or keys.inline',
  source: 'istio JwksResolver.resolveJwksURIUsingOpenID: without keys every token is refused',
});
const JWKS_URI = rule({
  id: 'request-authentication/jwks-uri',
  origin: 'istio',
  allowed: 'an http or https address',
  remedy: 'give the whole address of the keys',
  source: 'istio pkg/config/security ParseJwksURI; CRD of RequestAuthentication',
});
const JWKS_URI_HOST = rule({
  id: 'request-authentication/jwks-uri-host',
  origin: 'ignored',
  allowed: 'an address with a host, without spaces',
  remedy: 'give the whole address of the keys',
  source: 'istio JwksResolver: keys that can not be fetched refuse every token',
});
const JWKS_URI_LENGTH = rule({
  id: 'request-authentication/jwks-uri-length',
  origin: 'kubernetes',
  allowed: 'at most 2048 characters',
  remedy: 'shorten the address',
  source: 'CRD of RequestAuthentication: maxLength',
});
const HEADER = rule({
  id: 'request-authentication/header',
  origin: 'ignored',
  allowed: 'the name of a header: letters, digits and "-"',
  remedy: 'correct the name',
  source: 'Envoy refuses a JwtHeader of another form, and with it the whole configuration of the machine',
});
const CLAIM_HEADER = rule({
  id: 'request-authentication/claim-header',
  origin: 'istio',
  allowed: 'the name of a header: letters, digits, "-" and "_"; and the name of a claim',
  remedy: 'correct the name',
  source: 'istio ValidateStrictHTTPHeaderName; CRD of RequestAuthentication',
});
const NO_HTTP = rule({
  id: 'request-authentication/no-http-port',
  origin: 'ignored',
  allowed: 'workloads with a port that carries HTTP',
  remedy: 'remove the policy, or name a port after HTTP or gRPC',
  source: 'istio: tokens are read from HTTP requests',
});

/** All that a RequestAuthentication consists of, and what rules need to know of it. */
export interface PlannedAuthentication extends RequestAuthenticationSettings {
  /** Whether it holds in the whole mesh. */
  readonly meshWide: boolean;
  /** By the ids of their constructs. */
  readonly objects: Readonly<Record<string, KubernetesObject>>;
}

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planRequestAuthentication(
  spec: RequestAuthenticationProps,
  { path, id, program, namespace, problems }: Place,
): PlannedAuthentication {
  const policy = resolveRequestAuthentication(spec, id, namespace);
  checkRequestAuthentication(problems, program, spec, policy);
  problems.throwIfAny(path);
  const meshWide = spec.target.mesh === true;
  return { ...policy, meshWide, objects: { Resource: requestAuthentication(policy) } };
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveRequestAuthentication(
  props: RequestAuthenticationProps,
  id: string,
  chartNamespace: string,
): RequestAuthenticationSettings {
  const { mesh, target, keys, locations = [] } = props;
  return {
    ...resolveTarget(target, mesh, chartNamespace),
    name: props.name ?? id,
    issuer: props.issuer,
    jwksUri: keys?.uri,
    jwks: keys?.inline,
    audiences: props.audiences ?? [],
    fromHeaders: locations.flatMap(({ header }) => header ?? []),
    fromParams: locations.flatMap(({ queryParameter }) => queryParameter ?? []),
    fromCookies: locations.flatMap(({ cookie }) => cookie ?? []),
    forwardOriginalToken: props.forwardOriginalToken ?? false,
    outputPayloadToHeader: props.outputPayloadToHeader,
    outputClaimToHeaders: Object.entries(props.outputClaimToHeaders ?? {}).map(([header, claim]) => ({
      header,
      claim,
    })),
  };
}

/** Everything about a policy that Kubernetes or Istio would refuse, or take and then ignore. */
function checkRequestAuthentication(
  problems: Problems,
  program: Registry,
  props: RequestAuthenticationProps,
  policy: RequestAuthenticationSettings,
): void {
  checkDnsSubdomain(problems, 'name', policy.name);
  checkTarget(problems, program, props.mesh, props.target, policy);
  const selected = selectedMachines(program, policy);
  if (portsWithoutHttp(program, selected) !== undefined) {
    problems.add(NO_HTTP, 'target', describeTarget(policy));
  }
  const { issuer, keys, audiences, locations, outputPayloadToHeader } = props;
  checkRequired(problems, 'issuer', issuer);
  problems.check(ISSUER, 'issuer', issuer, (known) => !/^\*|\*$/.test(known));
  checkKeys(problems, issuer, keys);
  audiences?.forEach((audience, index) => void checkRequired(problems, `audiences[${index}]`, audience));
  locations?.forEach(({ header, queryParameter, cookie }, index) => {
    const at = problems.at(`locations[${index}]`);
    checkHeader(at, 'header.name', header?.name);
    if (queryParameter !== undefined) checkRequired(at, 'queryParameter', queryParameter);
    if (cookie !== undefined) checkRequired(at, 'cookie', cookie);
  });
  checkHeader(problems, 'outputPayloadToHeader', outputPayloadToHeader);
  for (const { header, claim } of policy.outputClaimToHeaders) {
    problems.known(claim, () => {
      const good = /^[-_A-Za-z0-9]+$/.test(header) && claim !== '';
      if (!good) problems.add(CLAIM_HEADER, 'outputClaimToHeaders', { [header]: claim });
    });
  }
}

function checkKeys(problems: Problems, issuer: string, { inline, uri }: Partial<JwtKeys> = {}): void {
  if (inline !== undefined) {
    checkJwks(problems, 'keys.inline', inline);
  } else if (uri !== undefined) {
    checkUri(problems, 'keys.uri', uri);
  } else {
    problems.check(NOT_DISCOVERABLE, 'issuer', issuer, (known) => known === '' || isHttpAddress(known));
  }
}

function checkUri(problems: Problems, property: string, uri: string): void {
  problems.known(uri, () => {
    if (!/^https?:/i.test(uri)) problems.add(JWKS_URI, property, uri);
    else if (!isHttpAddress(uri)) problems.add(JWKS_URI_HOST, property, uri);
    if (uri.length > 2048) problems.add(JWKS_URI_LENGTH, property, uri.length);
  });
}

function isHttpAddress(text: string): boolean {
  return /^https?:\/\/[^/\s][^\s]*$/i.test(text) && URL.canParse(text);
}

function checkHeader(problems: Problems, property: string, name: string | undefined): void {
  problems.check(HEADER, property, name, (known) => /^[A-Za-z0-9-]+$/.test(known));
}
