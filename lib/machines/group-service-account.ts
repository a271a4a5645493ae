/** The ServiceAccount that machines run as: their identity in the mesh. */
export class GroupServiceAccount {
  /**
   * meshvm creates the ServiceAccount, without a token mounted anywhere.
   *
   * @param name Name; by default the group's.
   */
  public static create(name?: string): GroupServiceAccount {
    return new GroupServiceAccount(name, true, false);
  }

  /**
   * The ServiceAccount is there already.
   *
   * @param name Name of the ServiceAccount. Give it no other permission: whoever controls a machine can use it.
   */
  public static existing(name: string): GroupServiceAccount {
    return new GroupServiceAccount(name, false, false);
  }

  /**
   * The ServiceAccount of another group of the program. Whoever controls a machine of one group can make it a machine of the other: for groups
   * that trust each other as themselves, such as two versions of an application.
   *
   * @param name Name of the ServiceAccount.
   */
  public static shared(name: string): GroupServiceAccount {
    return new GroupServiceAccount(name, false, true);
  }

  private constructor(
    /** Name, or undefined for the group's name. */
    public readonly serviceAccountName: string | undefined,
    /** Whether meshvm emits the ServiceAccount. */
    public readonly created: boolean,
    /** Whether another group of the program may have it, too. */
    public readonly isShared: boolean,
  ) {}
}
