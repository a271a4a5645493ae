/** Where an application moves. */
export enum MigrationDirection {
  /** From the machines of the group to pods. */
  TO_PODS = 'TO_PODS',
  /** From pods to the machines of the group. */
  TO_MACHINES = 'TO_MACHINES',
}
