/** How far a migration has come. The way back is an earlier step. */
export class MigrationStep {
  /** The new side is known and gets nothing. */
  public static start(): MigrationStep {
    return new MigrationStep(0, undefined);
  }

  /**
   * The new side gets copies of requests, and callers never see its answers. For HTTP and gRPC; requests that change something are
   * copied too.
   *
   * @param percent Percentage of the requests that are copied.
   */
  public static mirror(percent = 100): MigrationStep {
    return new MigrationStep(0, percent);
  }

  /**
   * The new side gets a share of the traffic: 1, then 10, then 50 is a good way; or a share that stays, for a mix that is meant to last.
   *
   * @param percent Percentage of the traffic, a whole number.
   */
  public static share(percent: number): MigrationStep {
    return new MigrationStep(percent, undefined);
  }

  /** The new side gets everything, and the old one is still there to go back to. */
  public static done(): MigrationStep {
    return new MigrationStep(100, undefined);
  }

  private constructor(
    /** Percentage of the traffic that the new side gets. */
    public readonly percent: number,
    /** Percentage of the requests that the new side gets copies of, or undefined. */
    public readonly mirrorPercent: number | undefined,
  ) {}
}

/** Where an application moves. */
export enum MigrationDirection {
  /** From the machines of the group to pods. */
  TO_PODS = 'TO_PODS',
  /** From pods to the machines of the group. */
  TO_MACHINES = 'TO_MACHINES',
}
