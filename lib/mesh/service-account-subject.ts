/** A ServiceAccount, by which Kubernetes and the mesh know whose workloads they are. */
export interface ServiceAccountSubject {
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;

  /** Name of the ServiceAccount. */
  readonly name: string;
}
