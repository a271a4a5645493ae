/** What every program of this benchmark makes a group of: six objects. The chart in chart/ says the same in Helm's words. */
export interface BenchGroup {
  readonly name: string;
  readonly namespace: string;
}

/** Objects of a group: Namespace, ServiceAccount, WorkloadGroup, two Services and a PeerAuthentication. */
export const OBJECTS_PER_GROUP = 6;

/** The groups of a fleet. */
export function fleet(count: number): readonly BenchGroup[] {
  return Array.from({ length: count }, (_, index) => ({ name: `payments-${index}`, namespace: `team-${index}` }));
}
