import * as pulumi from '@pulumi/pulumi';
import type { PlannedAuthentication } from '../../../access/private/request-authentication';
import { FactKind, Registry } from '../../../core/registry';
import type { StandaloneReferenceArgs } from '../caller-args';
import type { RequestAuthenticationReferenceArgs } from '../request-authentication-args';

/** What is known of a RequestAuthentication, as data of a plan: leaves may be Inputs. */
type KnownAuthentication = Omit<PlannedAuthentication, 'objects'>;

/** Notes what a RequestAuthentication has planned, for policies of the program that refer to it. */
export function rememberAuthentication(component: object, path: string, planned: PlannedAuthentication): void {
  Registry.of(component).declare(AUTHENTICATION, path, planned);
}

/** What rules refer to besides groups and machines, by the component or by its outputs: data of a plan. */
export function referOfRules(value: object, path: string): object | undefined {
  if (path.endsWith('.jwt.authentication')) return authenticationReference(value, path);
  if (!/\.from\[\d+\]\.standalone$/.test(path)) return undefined;
  if (!pulumi.Resource.isInstance(value)) return undefined;
  const { namespace, serviceAccount } = value as unknown as StandaloneReferenceArgs;
  return { namespace, serviceAccount };
}

/** Of one by its outputs nobody knows where it holds. */
function authenticationReference(value: object, path: string): object {
  const known = Registry.of(value).first(AUTHENTICATION);
  if (known === undefined) {
    const { issuer } = value as RequestAuthenticationReferenceArgs;
    return { issuer, namespace: '', meshWide: true, node: { path } };
  }
  const { issuer, namespace, matchLabels, meshWide } = known.value;
  return { issuer, namespace, matchLabels, meshWide, node: { path: known.path } };
}

const AUTHENTICATION = new FactKind<KnownAuthentication>('what tokens are verified');
