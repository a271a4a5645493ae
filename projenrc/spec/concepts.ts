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

/**
 * Classes that programs make by `new`: they check themselves, and have methods. A value of one stays what it is where a spec has it; of
 * its fields only the text is looked at, to know it by.
 */
export const VALUES: ReadonlySet<string> = new Set(['Mesh']);
