import { getHostedZoneIdOutput } from '@pulumi/aws/lb';
import { Record as DnsRecord, Zone } from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../core/private/children';
import { planPrivateZone } from './private/private-zone-plan';

/** Arguments of IstiodPrivateZone. */
export interface IstiodPrivateZoneArgs {
  /**
   * Name by which machines dial istiod: the mesh's `istiodDnsName`. Either a name of yours, such as `istiod.mesh.example.com`, which
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

/**
 * Makes one name resolve to the gateway's load balancer inside of VPCs, so that machines find istiod without an entry in their hosts file:
 * a private hosted zone of exactly that name, with an alias at its apex, which follows the load balancer's addresses. No other name is
 * touched: a zone of a parent would hide the names beside istiod's.
 *
 * Hand the same name to the mesh as `istiodDnsName`; otherwise the agent keeps its entry in the hosts file, which comes before DNS.
 *
 * A VPC resolves a name to one control plane: a second cluster with machines in the VPC needs another name, so choose one of yours unless
 * there will be no second one. EC2 asks Route 53 alone; a machine outside of AWS needs a resolver endpoint. A VPC of another account
 * must be authorized and associated by other means. It was not yet run against AWS.
 */
export class IstiodPrivateZone extends pulumi.ComponentResource {
  /** Name that the zone resolves. */
  public readonly dnsName!: pulumi.Output<string>;
  /** ID of the hosted zone. */
  public readonly hostedZoneId!: pulumi.Output<string>;

  /** @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered. */
  public constructor(name: string, args: IstiodPrivateZoneArgs, options?: pulumi.ComponentResourceOptions) {
    const { zone, alias } = planPrivateZone('IstiodPrivateZone', name, args);
    super('meshvm:index:IstiodPrivateZone', name, {}, options);
    const child = { parent: this, dependsOn: dependencies(options) };
    const { zoneId } = new Zone(`${name}-zone`, zone, child);
    const aliasZoneId =
      alias.zoneId ?? getHostedZoneIdOutput({ loadBalancerType: 'network' }, { parent: this }).apply(({ id }) => id);
    new DnsRecord(
      `${name}-alias`,
      {
        zoneId,
        name: zone.name,
        type: 'A',
        // With a single target there is nobody else to send machines to.
        aliases: [{ name: alias.name, zoneId: aliasZoneId, evaluateTargetHealth: false }],
      },
      child,
    );

    this.dnsName = pulumi.output(zone.name);
    this.hostedZoneId = zoneId;
    this.registerOutputs({ dnsName: this.dnsName, hostedZoneId: this.hostedZoneId });
  }
}
