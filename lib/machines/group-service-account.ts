/** A ServiceAccount by its name. */
export interface ServiceAccountByName {
  /**
   * Name of the ServiceAccount.
   * @default - the group's
   */
  readonly name?: string;
}

/** The ServiceAccount that machines run as: their identity in the mesh. */
export class GroupServiceAccount {
  /**
   * meshvm creates the ServiceAccount, without a token mounted anywhere.
   *
   * @param name Name; by default the group's.
   */
  public static create(name?: string): GroupServiceAccount {
    return new GroupServiceAccount({ create: { name } });
  }

  /**
   * The ServiceAccount is there already.
   *
   * @param name Name of the ServiceAccount. Give it no other permission: whoever controls a machine can use it.
   */
  public static existing(name: string): GroupServiceAccount {
    return new GroupServiceAccount({ existing: name });
  }

  /**
   * The ServiceAccount of another group of the program. Whoever controls a machine of one group can make it a machine of the other: for groups
   * that trust each other as themselves, such as two versions of an application.
   *
   * @param name Name of the ServiceAccount.
   */
  public static shared(name: string): GroupServiceAccount {
    return new GroupServiceAccount({ shared: name });
  }

  /** {@link GroupServiceAccount.create} */
  declare public readonly create?: ServiceAccountByName;
  /** {@link GroupServiceAccount.existing} */
  declare public readonly existing?: string;
  /** {@link GroupServiceAccount.shared} */
  declare public readonly shared?: string;

  private constructor(choice: GroupServiceAccount) {
    Object.assign(this, choice);
  }
}
