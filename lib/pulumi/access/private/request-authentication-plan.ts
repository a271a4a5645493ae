import type * as pulumi from '@pulumi/pulumi';
import { JwtKeys } from '../../../access/jwt-keys';
import { JwtLocation } from '../../../access/jwt-location';
import { requestAuthentication } from '../../../access/manifests/request-authentication';
import {
  checkRequestAuthentication,
  resolveRequestAuthentication,
} from '../../../access/private/request-authentication';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { ProgramView } from '../../machines/program-view';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import { referencesOf, targetData, targetOf } from '../convert/targets';
import type { JwtKeysArgs, JwtLocationArgs, RequestAuthenticationArgs } from '../request-authentication-args';
import type { AuthenticationReference } from './authentications';

/** All that a RequestAuthentication consists of, and what policies need to know of it. */
export interface PlannedAuthentication extends PlannedObjects {
  readonly reference: AuthenticationReference;
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planRequestAuthentication(name: string, args: RequestAuthenticationArgs): Plan<PlannedAuthentication> {
  const around = new ProgramView();
  const { target, ...others } = args;
  const data = { others, target: targetData(target, 'target') };
  return plan(data, (known, run): PlannedAuthentication => {
    const problems = new ArgumentProblems(run);
    const { mesh, keys, locations, ...given } = known.others as pulumi.Unwrap<typeof others>;
    const about = known.target as typeof data.target;
    const props = {
      ...given,
      mesh: meshOrStandIn(problems, mesh),
      target: targetOf(problems, 'target', about),
      keys: keys && keysOf(problems, keys),
      locations: locations?.map((location, index) => locationOf(problems, `locations[${index}]`, location)),
    };
    const policy = resolveRequestAuthentication(props, name, '');
    const program = around.in(run, referencesOf(about));
    checkRequestAuthentication(problems.problems, program, props, policy);
    problems.throwIfAny(`RequestAuthentication ${name}`);
    const { namespace, matchLabels, issuer } = policy;
    return {
      name: policy.name,
      namespace,
      objects: { Resource: requestAuthentication(policy) },
      reference: { path: name, issuer, namespace, matchLabels, meshWide: props.target.meshWide },
    };
  });
}

function keysOf(problems: ArgumentProblems, args: pulumi.Unwrap<JwtKeysArgs>): JwtKeys {
  const keys = problems.one<pulumi.Unwrap<JwtKeysArgs>, JwtKeys>('keys', args, {
    discovered: () => JwtKeys.discovered(),
    uri: (uri) => JwtKeys.fromUri(uri),
    inline: (jwks) => JwtKeys.inline(jwks),
  });
  // With an address whatever the issuer is will do.
  return keys ?? JwtKeys.fromUri('https://stand-in.invalid');
}

function locationOf(problems: ArgumentProblems, path: string, args: pulumi.Unwrap<JwtLocationArgs>): JwtLocation {
  const location = problems.one<pulumi.Unwrap<JwtLocationArgs>, JwtLocation>(path, args, {
    header: ({ name, prefix }) => JwtLocation.header(name, prefix),
    queryParameter: (name) => JwtLocation.queryParameter(name),
    cookie: (name) => JwtLocation.cookie(name),
  });
  return location ?? JwtLocation.cookie('stand-in');
}
