/** A namespace by its name. */
export interface NamespaceByName {
  /**
   * Name of the namespace.
   * @default - the chart's
   */
  readonly name?: string;
}

/** The namespace of a group or machine. */
export class GroupNamespace {
  /**
   * meshvm creates the namespace, labelled so that the mesh injects sidecars into its pods.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static create(name?: string): GroupNamespace {
    return new GroupNamespace({ create: { name } });
  }

  /**
   * meshvm creates the namespace without an injection label: only its machines are in the mesh.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static createWithoutInjection(name?: string): GroupNamespace {
    return new GroupNamespace({ createWithoutInjection: { name } });
  }

  /**
   * The namespace is there already, or another group of the program creates it.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static existing(name?: string): GroupNamespace {
    return new GroupNamespace({ existing: { name } });
  }

  /** {@link GroupNamespace.create} */
  declare public readonly create?: NamespaceByName;
  /** {@link GroupNamespace.createWithoutInjection} */
  declare public readonly createWithoutInjection?: NamespaceByName;
  /** {@link GroupNamespace.existing} */
  declare public readonly existing?: NamespaceByName;

  private constructor(choice: GroupNamespace) {
    Object.assign(this, choice);
  }
}
