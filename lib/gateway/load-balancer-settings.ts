/** What a load balancer asks of the gateway's Service. */
export interface LoadBalancerSettings {
  /** Type of the Service. */
  readonly type: string;

  /** Annotations of the Service. */
  readonly annotations: Readonly<Record<string, string>>;

  /**
   * Who makes the load balancer.
   * @default - the cluster's default
   */
  readonly loadBalancerClass?: string;

  /**
   * Fixed address.
   * @default - chosen by the provider
   */
  readonly loadBalancerIP?: string;

  /**
   * Address ranges that may connect.
   * @default - all
   */
  readonly loadBalancerSourceRanges?: readonly string[];

  /**
   * Whether node ports are opened too.
   * @default true
   */
  readonly allocateLoadBalancerNodePorts?: boolean;

  /**
   * Address families of the Service.
   * @default - the cluster's default
   */
  readonly ipFamilyPolicy?: string;

  /**
   * Fixed node ports, by the name of the Service's port.
   * @default - chosen by Kubernetes
   */
  readonly nodePorts?: Readonly<Record<string, number>>;
}
