import type * as pulumi from '@pulumi/pulumi';
import { isDeferred } from '../../../core/problems';
import { isIpAddress } from '../../../core/values/addresses';
import { isDnsSubdomain } from '../../../core/values/names';
import { ArgumentProblems } from '../../core/arguments';
import { plan } from '../../core/plan';
import type { IstiodPrivateZoneArgs } from '../private-zone-args';
import { notAllowed } from './reasons';

/** What an IstiodPrivateZone registers; leaves may be Outputs. */
export interface PlannedPrivateZone {
  readonly zone: {
    readonly name: string;
    readonly comment: string;
    readonly vpcs: { readonly vpcId: string; readonly vpcRegion: string | undefined }[];
    readonly tags: Record<string, string> | undefined;
  };
  readonly alias: { readonly name: string; readonly zoneId: string | undefined };
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planPrivateZone(component: string, name: string, args: IstiodPrivateZoneArgs): PlannedPrivateZone {
  return plan(args, (known) => build(`${component} ${name}`, known as pulumi.Unwrap<IstiodPrivateZoneArgs>)).shape;
}

function build(component: string, args: pulumi.Unwrap<IstiodPrivateZoneArgs>): PlannedPrivateZone {
  const { dnsName, gatewayAddress, gatewayHostedZoneId, vpcs, tags } = args;
  const problems = new ArgumentProblems();
  if (!isDeferred(dnsName) && !isHost(dnsName)) {
    problems.add('dnsName', notAllowed(dnsName, 'a DNS name of at least two labels in lower case, no "." at the end'));
  }
  if (!isDeferred(gatewayAddress) && (!isHost(`${gatewayAddress}`.toLowerCase()) || isIpAddress(gatewayAddress))) {
    const fix = 'give the host name of a Network Load Balancer';
    problems.add('gatewayAddress', `${notAllowed(gatewayAddress, 'a DNS name of at least two labels')}; fix: ${fix}`);
  }
  if (vpcs.length === 0) problems.add('vpcs', 'a private zone needs a VPC; give those of the machines');
  vpcs.forEach(({ id }, index) => {
    const path = `vpcs[${index}]`;
    if (!isDeferred(id) && !/^vpc-./.test(id))
      problems.add(`${path}.id`, notAllowed(id, 'the ID of a VPC, such as vpc-0123'));
    const first = vpcs.findIndex((other) => other.id === id);
    if (first < index) problems.add(path, `it is the same as vpcs[${first}]; remove one of the two`);
  });
  problems.throwIfAny(component);
  return {
    zone: {
      name: dnsName,
      comment: 'istiod behind the east-west gateway, for machines of the mesh',
      vpcs: vpcs.map(({ id, region }) => ({ vpcId: id, vpcRegion: region })),
      tags,
    },
    alias: { name: gatewayAddress, zoneId: gatewayHostedZoneId },
  };
}

function isHost(value: unknown): value is string {
  return typeof value === 'string' && value.includes('.') && isDnsSubdomain(value);
}
