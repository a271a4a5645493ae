import { list, type Maker, object, parameters, tagList, to, withTags } from '../api';
import { REGION } from '../moto';
import type { AwsValue } from '../sdk';

/** Private hosted zones and their records. */
export const ROUTE53_MAKERS: Readonly<Record<string, Maker>> = {
  'aws:route53/zone:Zone': async (sdk, { name, inputs }) => {
    const sent = parameters(name, inputs, {
      name: to('Name', (value) => `${value}.`),
      comment: to('Comment'),
      vpcs: to(
        'VPCs',
        list((vpc) => ({
          VPCRegion: REGION,
          ...object(name, { vpcId: to('VPCId'), vpcRegion: to('VPCRegion') })(vpc),
        })),
      ),
      tags: to('Tags', tagList),
    });
    const [VPC, ...others] = sent.VPCs;
    const { HostedZone } = await sdk.call('route53', 'create_hosted_zone', {
      Name: sent.Name,
      CallerReference: name,
      HostedZoneConfig: { Comment: sent.Comment, PrivateZone: true },
      VPC,
    });
    const HostedZoneId = HostedZone.Id.replace('/hostedzone/', '');
    for (const one of others) await sdk.call('route53', 'associate_vpc_with_hosted_zone', { HostedZoneId, VPC: one });
    const tagged = { ResourceType: 'hostedzone', ResourceId: HostedZoneId };
    if (sent.Tags) await sdk.call('route53', 'change_tags_for_resource', { ...tagged, AddTags: sent.Tags });
    const zone = await sdk.call('route53', 'get_hosted_zone', { Id: HostedZoneId });
    const { ResourceTagSet } = await sdk.call('route53', 'list_tags_for_resource', tagged);
    return {
      names: { [`${name}-id`]: HostedZoneId, [`zone:${name}`]: HostedZoneId },
      sent: { ...sent, PrivateZone: true },
      stored: withTags(
        {
          Name: zone.HostedZone.Name,
          Comment: zone.HostedZone.Config.Comment,
          PrivateZone: zone.HostedZone.Config.PrivateZone,
          VPCs: zone.VPCs,
        },
        ResourceTagSet,
      ),
    };
  },

  'aws:route53/record:Record': async (sdk, { name, inputs }) => {
    const { HostedZoneId, aliases, ...sent } = parameters(name, inputs, {
      zoneId: to('HostedZoneId'),
      name: to('Name', (value) => `${value}.`),
      type: to('Type'),
      aliases: to(
        'aliases',
        list(
          object(name, {
            name: to('DNSName', (value) => `${value}.`),
            zoneId: to('HostedZoneId'),
            evaluateTargetHealth: to('EvaluateTargetHealth'),
          }),
        ),
      ),
    });
    const [AliasTarget] = aliases;
    const ResourceRecordSet = { ...sent, AliasTarget };
    const ChangeBatch = { Changes: [{ Action: 'CREATE', ResourceRecordSet }] };
    await sdk.call('route53', 'change_resource_record_sets', { HostedZoneId, ChangeBatch });
    const { ResourceRecordSets } = await sdk.call('route53', 'list_resource_record_sets', { HostedZoneId });
    const own = ResourceRecordSets.filter(({ Type }: AwsValue) => Type === sent.Type);
    return { names: {}, sent: { records: [ResourceRecordSet] }, stored: { records: own } };
  },
};
