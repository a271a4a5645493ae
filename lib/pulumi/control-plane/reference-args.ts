import type * as pulumi from '@pulumi/pulumi';
import type { ExtensionProviderArgs } from './extension-provider-args';

/**
 * A control plane, as others need to know it: a ControlPlane of the program, whose extension providers are known, or its outputs by their
 * names.
 */
export interface ControlPlaneReferenceArgs {
  /** Namespace of the control plane. */
  readonly namespace: pulumi.Input<string>;

  /** Name of the revision; empty for the unrevisioned control plane. */
  readonly revision: pulumi.Input<string>;

  /**
   * Its extension providers. Of a control plane by its outputs they are needed.
   * @default - those of the ControlPlane
   */
  readonly extensionProviders?: ExtensionProviderArgs[];
}
