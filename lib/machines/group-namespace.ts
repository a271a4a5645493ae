/** The namespace of a group or machine. */
export class GroupNamespace {
  /**
   * meshvm creates the namespace, labelled so that the mesh injects sidecars into its pods.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static create(name?: string): GroupNamespace {
    return new GroupNamespace(name, true, true);
  }

  /**
   * meshvm creates the namespace without an injection label: only its machines are in the mesh.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static createWithoutInjection(name?: string): GroupNamespace {
    return new GroupNamespace(name, true, false);
  }

  /**
   * The namespace is there already, or another group of the program creates it.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static existing(name?: string): GroupNamespace {
    return new GroupNamespace(name, false, false);
  }

  private constructor(
    /** Name, or undefined for the chart's namespace. */
    public readonly namespaceName: string | undefined,
    /** Whether meshvm emits the Namespace. */
    public readonly created: boolean,
    /** Whether the Namespace carries the mesh's injection label. */
    public readonly injected: boolean,
  ) {}
}
