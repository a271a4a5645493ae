import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity';
import { getRegionOutput } from '@pulumi/aws/getRegion';
import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import type { ArgumentProblems } from '../../core/arguments';

/** Where something lies that is not, or may not be, in the component's own account and region. */
export interface Elsewhere {
  /** Provider of its account. */
  readonly provider?: Provider;
  /** Its region, where it is not the provider's. */
  readonly region?: pulumi.Input<string>;
}

/** An account and a region of AWS. */
export interface Home {
  readonly accountId: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
}

/** Where the arguments say that something lies; undefined when it is where the component is. */
export function elsewhereOf({ provider, region }: Elsewhere): Elsewhere | undefined {
  if (provider === undefined && region === undefined) return undefined;
  return { ...(provider && { provider }), ...(region !== undefined && { region }) };
}

/** The account and region, as AWS tells them. */
export function homeOf(parent: pulumi.Resource | undefined, elsewhere: Elsewhere = {}): Home {
  return {
    accountId: getCallerIdentityOutput({}, askedOf(parent, elsewhere)).accountId,
    region: regionOf(parent, elsewhere),
  };
}

/** The region, as AWS tells it unless it is given. */
export function regionOf(parent: pulumi.Resource | undefined, elsewhere: Elsewhere): pulumi.Output<string> {
  const { region } = elsewhere;
  return region === undefined ? getRegionOutput({}, askedOf(parent, elsewhere)).region : pulumi.output(region);
}

/** The option of resources and calls that lie there. */
export function providerOf(elsewhere: Elsewhere | undefined): Pick<Elsewhere, 'provider'> {
  return elsewhere?.provider === undefined ? {} : { provider: elsewhere.provider };
}

/** Notes what is no provider of AWS: the engine would only say that it doesn't fit some resource. */
export function checkProvider(problems: ArgumentProblems, path: string, provider: unknown): void {
  if (provider === undefined || Provider.isInstance(provider)) return;
  problems.add(path, 'it is no provider of AWS; give what new aws.Provider(…) returns');
}

function askedOf(parent: pulumi.Resource | undefined, elsewhere: Elsewhere): pulumi.InvokeOutputOptions {
  return { parent, ...providerOf(elsewhere) };
}
