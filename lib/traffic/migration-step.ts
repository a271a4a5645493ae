/** How far a migration has come. The way back is an earlier step. */
export class MigrationStep {
  /** The new side is known and gets nothing. */
  public static start(): MigrationStep {
    return new MigrationStep({ start: true });
  }

  /**
   * The new side gets copies of requests, and callers never see its answers. For HTTP and gRPC; requests that change something are
   * copied too.
   *
   * @param percent Percentage of the requests that are copied.
   */
  public static mirror(percent = 100): MigrationStep {
    return new MigrationStep({ mirrorPercent: percent });
  }

  /**
   * The new side gets a share of the traffic: 1, then 10, then 50 is a good way; or a share that stays, for a mix that is meant to last.
   *
   * @param percent Percentage of the traffic, a whole number.
   */
  public static share(percent: number): MigrationStep {
    return new MigrationStep({ sharePercent: percent });
  }

  /** The new side gets everything, and the old one is still there to go back to. */
  public static done(): MigrationStep {
    return new MigrationStep({ done: true });
  }

  /** {@link MigrationStep.start} */
  declare public readonly start?: true;
  /**
   * {@link MigrationStep.mirror}
   * @argsDoc Percentage of the requests of which the new side gets copies, whose answers callers never see. For HTTP and gRPC; requests
   * that change something are copied too.
   */
  declare public readonly mirrorPercent?: number;
  /**
   * {@link MigrationStep.share}
   * @argsDoc Percentage of the traffic that the new side gets, a whole number: 1, then 10, then 50 is a good way; or a share that stays,
   * for a mix that is meant to last.
   */
  declare public readonly sharePercent?: number;
  /** {@link MigrationStep.done} */
  declare public readonly done?: true;

  private constructor(choice: MigrationStep) {
    Object.assign(this, choice);
  }
}

/** Where an application moves. */
export enum MigrationDirection {
  /** From the machines of the group to pods. */
  TO_PODS = 'TO_PODS',
  /** From pods to the machines of the group. */
  TO_MACHINES = 'TO_MACHINES',
}
