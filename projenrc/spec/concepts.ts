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
  gateway: ['EastWestGatewayProps', 'HelmReleaseGatewayProps', 'GatewayChartProps'],
  'control-plane': ['ControlPlaneProps', 'ArgoCdApplicationsProps', 'FluxHelmReleasesProps'],
  'pulumi/control-plane': ['ControlPlaneSpelling'],
  observability: ['TelemetryProps', 'MachineScrapeConfigProps', 'MeshVmAlertsProps', 'MeshVmDashboardProps'],
  groups: ['MeshVmProps', 'MeshVmGroupProps', 'GroupMachineProps'],
  'pulumi/groups': ['MeshVmSpelling', 'MeshVmGroupSpelling'],
  join: ['UserDataProps', 'JoinScriptProps', 'MachineIdentity'],
  mesh: ['MeshProps'],
  'service-entry': ['VmServiceEntryProps'],
  standalone: [
    'StandaloneEnvoyProps',
    'ForwardingProxyGroupProps',
    'CertificateProgramOptions',
    'StandaloneComposeProps',
    'StandaloneUserDataProps',
    'MachineFileProps',
  ],
  'pulumi/standalone': ['StandaloneEnvoySpelling', 'StandaloneUserDataSpelling', 'ForwardingProxyGroupSpelling'],
  traffic: [
    'TrafficPolicyProps',
    'CanaryReleaseProps',
    'MigrationProps',
    'EgressScopeProps',
    'InboundTraffic',
    'Retries',
  ],
};

/** Whether Pulumi has a spelling of its own of the type, from which its arguments are made. */
export function isSpelledOtherwise(concept: string, type: string): boolean {
  return SPECS[`pulumi/${concept}`]?.includes(type.replace(/Props$/, 'Spelling')) ?? false;
}
