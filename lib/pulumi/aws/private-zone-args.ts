import type * as pulumi from '@pulumi/pulumi';

/** Arguments of IstiodPrivateZone. */
export interface IstiodPrivateZoneArgs {
  /**
   * Name by which machines dial istiod: the mesh's `istiodAccess.dnsName`. Either a name of yours, such as `istiod.mesh.example.com`, which
   * istiod's certificate carries once the control plane knows of it (`ISTIOD_CUSTOM_HOST`), or istiod's own, such as
   * `istiod.istio-system.svc`, which it carries anyway.
   */
  readonly dnsName: pulumi.Input<string>;

  /** Host name of the gateway's Network Load Balancer: the output `address` of an EastWestGateway. */
  readonly gatewayAddress: pulumi.Input<string>;

  /**
   * Hosted zone of the load balancer, which AWS has one of for each region.
   * @default - that of Network Load Balancers in the provider's region
   */
  readonly gatewayHostedZoneId?: pulumi.Input<string>;

  /** VPCs of the machines. DNS support and DNS host names must be enabled in them. */
  readonly vpcs: PrivateZoneVpcArgs[];

  /**
   * Tags of the zone.
   * @default {}
   */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** A VPC that resolves a private zone. It must belong to the account of the program's provider. */
export interface PrivateZoneVpcArgs {
  /** ID of the VPC. */
  readonly id: pulumi.Input<string>;

  /**
   * Region of the VPC.
   * @default - the provider's
   */
  readonly region?: pulumi.Input<string>;
}
