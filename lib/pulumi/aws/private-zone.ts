import { getHostedZoneIdOutput } from '@pulumi/aws/lb';
import { Record as DnsRecord, Zone } from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../core/register-objects';
import { planPrivateZone } from './private/private-zone-plan';
import type { IstiodPrivateZoneArgs } from './private-zone-args';

/**
 * Makes one name resolve to the gateway's load balancer inside of VPCs, so that machines find istiod without an entry in their hosts file:
 * a private hosted zone of exactly that name, with an alias at its apex, which follows the load balancer's addresses. No other name is
 * touched: a zone of a parent would hide the names beside istiod's.
 *
 * Hand the same name to the mesh as `istiodAccess.dnsName`; otherwise the agent keeps its entry in the hosts file, which comes before DNS.
 *
 * A VPC resolves a name to one control plane: a second cluster with machines in the VPC needs another name, so choose one of yours unless
 * there will be no second one. EC2 asks Route 53 alone; a machine outside of AWS needs a resolver endpoint. A VPC of another account
 * must be authorized and associated by other means. It was not yet run against AWS.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class IstiodPrivateZone extends pulumi.ComponentResource {
  /** Name that the zone resolves. */
  public readonly dnsName!: pulumi.Output<string>;
  /** ID of the hosted zone. */
  public readonly hostedZoneId!: pulumi.Output<string>;

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
