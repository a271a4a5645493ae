/** On which side of a call a workload tells of it. */
export enum WorkloadMode {
  /** Of calls that it makes and of calls that it takes. */
  CLIENT_AND_SERVER = 'CLIENT_AND_SERVER',
  /** Of calls that it makes. */
  CLIENT = 'CLIENT',
  /** Of calls that it takes. */
  SERVER = 'SERVER',
}
