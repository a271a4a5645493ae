/**
 * How machines find istiod behind the east-west gateway.
 */
export class IstiodAccess {
  /**
   * Machines dial istiod's own Service name, and the agent keeps a line in `/etc/hosts` that follows the gateway's address.
   * It needs no DNS zone; nothing changes on the control plane.
   */
  public static hostsEntry(): IstiodAccess {
    return new IstiodAccess({ hostsEntry: true });
  }

  /**
   * Machines dial a DNS name of yours that resolves to the gateway's load balancer; no `/etc/hosts` line.
   * istiod must run with `ISTIOD_CUSTOM_HOST` set to the name, so that its certificate carries it: `ControlPlane` sets it.
   *
   * @param name Fully qualified, such as `istiod.mesh.example.com`.
   */
  public static dnsName(name: string): IstiodAccess {
    return new IstiodAccess({ dnsName: name });
  }

  /** {@link IstiodAccess.hostsEntry} */
  declare public readonly hostsEntry?: true;
  /**
   * {@link IstiodAccess.dnsName}
   * @argsPlain
   */
  declare public readonly dnsName?: string;

  private constructor(choice: IstiodAccess) {
    Object.assign(this, choice);
  }
}
