import type { ExtensionProvider } from './extension-provider';

/**
 * A control plane, as others need to know it.
 * @args ControlPlaneReferenceArgs
 */
export interface IControlPlane {
  /** Its extension providers, besides Istio's own. */
  readonly extensionProviders: readonly ExtensionProvider[];
}
