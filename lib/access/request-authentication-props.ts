import type { Mesh } from '../mesh/mesh';
import type { JwtKeys } from './jwt-keys';
import type { JwtLocation } from './jwt-location';
import type { WorkloadTarget } from './workload-target';

/**
 * A RequestAuthentication, as rules need to know it.
 * @args RequestAuthenticationReferenceArgs
 * @argsDoc A RequestAuthentication, as a rule needs to know it. Of one by its outputs nobody knows for which workloads it verifies tokens, and so
 * that is not looked at.
 */
export interface IRequestAuthentication {
  /** Who issues the tokens. */
  readonly issuer: string;
  /**
   * Namespace of the workloads.
   * @argsOmit
   */
  readonly namespace: string;
  /**
   * Labels of the workloads.
   * @default - all of them
   * @argsOmit
   */
  readonly matchLabels?: Readonly<Record<string, string>>;
  /**
   * Whether it holds in the whole mesh.
   * @argsOmit
   */
  readonly meshWide: boolean;
  /**
   * Where it stands in the program: its path is what messages call it.
   * @argsOmit
   */
  readonly node: {
    /** Path of the construct, or name of the component. */
    readonly path: string;
  };
}

/**
 * Properties of MeshVmGroup.authenticateRequests.
 * @argsInline
 */
export interface GroupRequestAuthenticationProps {
  /**
   * Name of the RequestAuthentication.
   * @default - the group's name
   */
  readonly name?: string;

  /** Who issues the tokens, letter by letter as in their claim `iss`. */
  readonly issuer: string;

  /**
   * The keys of the issuer.
   * @default JwtKeys.discovered()
   * @argsDefault - discovered
   */
  readonly keys?: JwtKeys;

  /**
   * For whom a token may be: its claim `aud` must have one of these.
   * @default - anybody
   */
  readonly audiences?: readonly string[];

  /**
   * Where requests carry the token.
   * @default - header `Authorization` after `Bearer `, or query parameter `access_token`
   */
  readonly locations?: readonly JwtLocation[];

  /**
   * Whether the application gets the token too.
   * @default false
   */
  readonly forwardOriginalToken?: boolean;

  /**
   * Header in which the application gets the payload of the token, base64url-encoded.
   * @default - none
   */
  readonly outputPayloadToHeader?: string;

  /**
   * Headers in which the application gets claims: a claim for each header.
   * @default {}
   */
  readonly outputClaimToHeaders?: Readonly<Record<string, string>>;
}

/** Properties of RequestAuthentication. */
export interface RequestAuthenticationProps extends GroupRequestAuthenticationProps {
  /** The mesh whose proxies verify the tokens. */
  readonly mesh: Mesh;

  /** Whose callers the tokens come from. */
  readonly target: WorkloadTarget;

  /**
   * Name of the RequestAuthentication.
   * @default - id of the construct
   * @argsDefault - name of the component
   */
  readonly name?: string;
}
