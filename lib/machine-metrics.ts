/** Which metrics of a machine Prometheus takes. */
export enum MachineMetrics {
  /** Those of the agent, of Envoy and of the application together, on port 15020. Alerts and dashboard need them. */
  MERGED = 'MERGED',
  /**
   * Those of Envoy alone, on port 15090. Take one of the two: with a scrape configuration of each the dashboard counts every machine
   * twice.
   */
  ENVOY = 'ENVOY',
}
