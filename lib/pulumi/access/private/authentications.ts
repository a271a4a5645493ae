import { FactKind, Registry } from '../../../core/registry';
import type { RequestAuthenticationReferenceArgs } from '../authorization-policy-args';

/** What is known of a RequestAuthentication that arguments refer to, as data of a plan: leaves may be Inputs. */
export interface AuthenticationReference {
  readonly path: string;
  readonly issuer: string;
  readonly namespace: string;
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
  /** Whether it holds in the whole mesh, or nobody knows where. */
  readonly meshWide: boolean;
}

/** Notes what a RequestAuthentication has planned, for policies of the program that refer to it. */
export function rememberAuthentication(component: object, reference: AuthenticationReference): void {
  Registry.of(component).declare(AUTHENTICATION, reference.path, reference);
}

/**
 * What is known of a RequestAuthentication, by the component or by its outputs.
 *
 * @param path Where the reference stands among the arguments.
 */
export function authenticationReference(
  args: RequestAuthenticationReferenceArgs,
  path: string,
): AuthenticationReference {
  const known = Registry.of(args).first(AUTHENTICATION)?.value;
  // Inputs are plain by the time that a builder sees them.
  const issuer = args.issuer as unknown as string;
  return known ?? { path, issuer, namespace: '', matchLabels: undefined, meshWide: true };
}

const AUTHENTICATION = new FactKind<AuthenticationReference>('what tokens are verified');
