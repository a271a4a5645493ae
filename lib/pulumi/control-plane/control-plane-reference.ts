import type { ExtensionProvider } from '../../control-plane/extension-provider';
import { FactKind, Registry } from '../../core/registry';

/** Notes what extension providers a component has planned, for others of the program that refer to it. */
export function rememberProviders(component: object, providers: readonly ExtensionProvider[]): void {
  Registry.of(component).declare(PROVIDERS, '', providers);
}

/**
 * What is known of a control plane that arguments refer to: of a component what it has planned, of one by its outputs what its author has
 * listed.
 */
export function referOfControlPlane(value: object, path: string): object | undefined {
  if (path !== 'controlPlane') return undefined;
  const planned = Registry.of(value).first(PROVIDERS)?.value;
  return planned === undefined ? undefined : { extensionProviders: planned };
}

const PROVIDERS = new FactKind<readonly ExtensionProvider[]>('extension providers of a control plane');
