/**
 * What a program can say, by the folder of its concept: the types of which shape checks (`lib/<concept>/shapes.json`) and Pulumi's
 * arguments (`lib/pulumi/<concept>/*-args.ts`) are generated, with everything that they are made of.
 */
export const SPECS: Readonly<Record<string, readonly string[]>> = {
  access: [
    'AuthorizationPolicyProps',
    'DenyByDefaultProps',
    'MutualTlsProps',
    'RequestAuthenticationProps',
    'AllowFromProps',
    'GroupMutualTlsProps',
    'GroupRequestAuthenticationProps',
  ],
  mesh: ['MeshProps'],
  'service-entry': ['VmServiceEntryProps'],
  traffic: [
    'TrafficPolicyProps',
    'CanaryReleaseProps',
    'MigrationProps',
    'EgressScopeProps',
    'InboundTraffic',
    'Retries',
  ],
};
