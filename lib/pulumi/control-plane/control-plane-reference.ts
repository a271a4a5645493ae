import type * as pulumi from '@pulumi/pulumi';
import type { ProviderKinds } from '../../control-plane/provider-kinds';
import { FactKind, Registry } from '../../core/registry';
import type { ArgumentProblems } from '../core/arguments';
import { providersOf } from './convert/control-plane';
import type { ExtensionProviderArgs } from './extension-provider-args';
import type { PlannedProvider } from './private/control-plane-plan';
import type { ControlPlaneReferenceArgs } from './reference-args';

/** What is known of a control plane that arguments refer to, as data of a plan. */
export interface ControlPlaneReference {
  /** Of a component. */
  readonly planned: readonly PlannedProvider[] | undefined;
  /** Of a control plane by its outputs, as its author has listed them. */
  readonly listed: readonly ExtensionProviderArgs[] | undefined;
}

/** Notes what extension providers a component has planned, for others of the program that refer to it. */
export function rememberProviders(component: object, providers: readonly PlannedProvider[]): void {
  Registry.of(component).declare(PROVIDERS, '', providers);
}

/** What is known of a control plane, by the component or by its outputs. */
export function controlPlaneReference(args: ControlPlaneReferenceArgs): ControlPlaneReference {
  return { planned: Registry.of(args).first(PROVIDERS)?.value, listed: args.extensionProviders };
}

/** The extension providers of a control plane; undefined when its author must list them, which is noted. */
export function providerKindsOf(
  problems: ArgumentProblems,
  path: string,
  { planned, listed }: pulumi.Unwrap<ControlPlaneReference>,
): ProviderKinds | undefined {
  if (planned !== undefined) return new Map(planned.map(({ name, kind }) => [name, kind]));
  if (listed === undefined) {
    problems.add(
      `${path}.extensionProviders`,
      'it is needed for a control plane by its outputs; or give the ControlPlane',
    );
    return undefined;
  }
  const providers = providersOf(problems, `${path}.extensionProviders`, listed);
  return new Map(providers.map(({ name, kind }) => [name.toLowerCase(), kind]));
}

const PROVIDERS = new FactKind<readonly PlannedProvider[]>('extension providers of a control plane');
