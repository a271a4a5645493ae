import type { Provider } from '@pulumi/aws/provider';
import type * as pulumi from '@pulumi/pulumi';

/**
 * The EKS cluster whose mesh machines join. Its name is enough: the rest is asked of EKS. A program that creates the cluster, or that may
 * not ask, gives all of it; EKS is then not asked.
 */
export interface EksClusterArgs {
  /** Name of the cluster. A machine's proof of identity is good for this cluster only. */
  readonly name: pulumi.Input<string>;

  /**
   * Address of the API server, such as `https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com`. Machines must reach it.
   * @default - what EKS says
   */
  readonly endpoint?: pulumi.Input<string>;

  /**
   * Certificate of the authority that signed the API server's certificate: PEM in base64, as EKS gives it
   * (`certificateAuthority.data`).
   * @default - what EKS says
   */
  readonly certificateAuthority?: pulumi.Input<string>;

  /**
   * The cluster security group, which EKS puts on the API server's network interfaces and on managed nodes.
   * @default - what EKS says
   */
  readonly securityGroupId?: pulumi.Input<string>;

  /**
   * How the cluster authenticates IAM principals: `API` or `API_AND_CONFIG_MAP`. A cluster with `CONFIG_MAP` is refused: it knows no
   * access entries, by which machines join.
   * @default - what EKS says
   */
  readonly authenticationMode?: pulumi.Input<string>;

  /**
   * VPC of the cluster.
   * @default - what EKS says
   */
  readonly vpcId?: pulumi.Input<string>;

  /**
   * Region of the cluster, such as `us-east-1`, where it is not that of its provider. Machines then sign their proof of identity for it. EC2
   * admits no security group of another region in a rule: name `peers` by their addresses.
   * @default - that of `provider`
   */
  readonly region?: pulumi.Input<string>;

  /**
   * The AWS provider of the cluster's account, where the machines stand in another one. By it EKS is asked, the access entry is made, and the
   * security groups of `peers` admit machines; all else is made by the component's own provider.
   * @default - the component's
   */
  readonly provider?: Provider;
}
