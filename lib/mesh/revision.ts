/**
 * Which control plane of a cluster serves the mesh: the default one, a named revision, or a revision tag.
 *
 * Upstream: https://istio.io/latest/docs/setup/upgrade/canary/
 */
export class Revision {
  /** The control plane that was installed without a revision. */
  public static default(): Revision {
    return new Revision('', '');
  }

  /**
   * A control plane installed with `revision: <name>`. Machines name it directly, so an upgrade changes their bootstrap bundle.
   *
   * @param name Such as `1-31-1`.
   */
  public static named(name: string): Revision {
    return new Revision(name, '');
  }

  /**
   * A revision tag, such as `prod`. Machines dial the unrevisioned name `istiod.<namespace>.svc`, which every revision's
   * certificate carries, and the gateway sends them to the tag's Service: moving the tag moves the machines.
   *
   * The certificates carry no name of a tag, so one gateway can serve one tag.
   *
   * @param name Such as `prod`.
   */
  public static tag(name: string): Revision {
    return new Revision('', name);
  }

  private constructor(
    /** Name of the revision; empty for the default control plane and for tags. */
    public readonly revisionName: string,
    /** Name of the tag; empty when this is no tag. */
    public readonly tagName: string,
  ) {}

  /** Value of the label `istio.io/rev`; empty for the default control plane. */
  public get label(): string {
    return this.tagName || this.revisionName;
  }
}
