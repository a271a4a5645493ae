/** CPU and memory of each pod of a gateway, as Kubernetes quantities such as `100m`, `2` or `512Mi`. */
export interface GatewayResources {
  /**
   * CPU that is set aside for a pod; the autoscaler's percentage is of this.
   * @default '100m'
   * @argsPlain
   */
  readonly cpuRequest?: string;

  /**
   * Memory that is set aside for a pod.
   * @default '128Mi'
   * @argsPlain
   */
  readonly memoryRequest?: string;

  /**
   * CPU that a pod may use at most.
   * @default '2'
   * @argsPlain
   */
  readonly cpuLimit?: string;

  /**
   * Memory that a pod may use at most.
   * @default '1Gi'
   * @argsPlain
   */
  readonly memoryLimit?: string;
}

/** A taint of nodes that pods put up with. */
export interface Toleration {
  /**
   * Key of the taint.
   * @default - every taint
   * @argsPlain
   */
  readonly key?: string;

  /**
   * Value of the taint.
   * @default - any value
   */
  readonly value?: string;

  /**
   * Effect of the taint: `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
   * @default - any effect
   * @argsPlain
   */
  readonly effect?: string;

  /**
   * How long a pod stays once the taint is there. With effect `NoExecute` only.
   * @default - for ever
   */
  readonly tolerationSeconds?: number;
}
