/**
 * Which control plane of a cluster serves the mesh: the default one, a named revision, or a revision tag.
 *
 * Upstream: https://istio.io/latest/docs/setup/upgrade/canary/
 */
export class Revision {
  /** The control plane that was installed without a revision. */
  public static default(): Revision {
    return new Revision({ default: true });
  }

  /**
   * A control plane installed with `revision: <name>`. Machines name it directly, so an upgrade changes their bootstrap bundle.
   *
   * @param name Such as `1-31-1`.
   */
  public static named(name: string): Revision {
    return new Revision({ named: name });
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
    return new Revision({ tag: name });
  }

  /** {@link Revision.default} */
  declare public readonly default?: true;
  /**
   * {@link Revision.named}
   * @argsPlain
   */
  declare public readonly named?: string;
  /**
   * {@link Revision.tag}
   * @argsPlain
   */
  declare public readonly tag?: string;

  private constructor(choice: Revision) {
    Object.assign(this, choice);
  }
}
