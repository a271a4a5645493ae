/**
 * The table of agreement: every fact that more than one object of a program has a say in. docs/agreement.md is made of it.
 *
 * A row is added with its rule. How the rule is checked: what one object says is a fact of the registry (`core/registry.ts`), every object
 * that has a say compares its own with those that are there, and so the order doesn't matter. Where what comes later may overrule it, the
 * complete program is asked (`Place.whenComplete`).
 */
export interface Agreement {
  /** What more than one object speaks of. */
  readonly fact: string;
  /** Who has a say in it. */
  readonly between: readonly string[];
  /** What must hold. */
  readonly holds: string;
  /** What happens without it. */
  readonly otherwise: string;
  /**
   * Who is told when it doesn't hold: the object that comes second, with the path of the first; where only the complete program can
   * tell, the object that would not work; or the one object that says both in two of its properties.
   */
  readonly told: 'second' | 'complete program' | 'itself';
  /** Rules that say so. */
  readonly rules: readonly string[];
  /** Warnings that say so, where it may be meant. */
  readonly warnings?: readonly string[];
}

/** In the order of the house: from objects to who calls them. */
export const AGREEMENTS: readonly Agreement[] = [
  {
    fact: 'An object of a kind, namespace and name',
    between: ['every construct'],
    holds: 'one construct declares it',
    otherwise: 'the second overwrites the first when it is applied',
    told: 'second',
    rules: ['object/declared-twice'],
  },
  {
    fact: "The cluster's domain",
    between: ['Mesh.clusterDomain', 'TrafficPolicy', 'CanaryRelease', 'Migration', 'EgressScope'],
    holds: 'hosts of Services end in the domain of every mesh that the program has machines or a gateway of',
    otherwise: 'they match nothing',
    told: 'complete program',
    rules: ['mesh/other-cluster-domain'],
  },
  {
    fact: 'What a gateway selects',
    between: ['EastWestGateway', 'EastWestGateway'],
    holds: 'each has pods of its own, unless they share them on purpose',
    otherwise: "the ports of both are opened on either's pods",
    told: 'second',
    rules: ['gateway/selects-other-gateway'],
  },
  {
    fact: "Whom a gateway's load balancer lets in",
    between: ['EastWestGateway.loadBalancer', 'MeshVmGroup.gateway', 'MeshVmGroup.network'],
    holds:
      'sourceRanges of an internal load balancer (awsNlb, gcpInternal, azureInternal, metalLb) hold all ranges of the flat network of machines that come through it',
    otherwise: 'machines outside of them never reach istiod',
    told: 'second',
    rules: ['gateway/source-ranges-keep-machines-out', 'network/outside-source-ranges-of-gateway'],
  },
  {
    fact: 'The labels by which machines are known',
    between: ['MeshVmGroup', 'MeshVmGroup'],
    holds: 'groups of a namespace differ in canonicalService or version',
    otherwise: 'policies and subsets of one hold for the machines of the other',
    told: 'second',
    rules: ['group/same-labels'],
  },
  {
    fact: 'Which machines stand behind a Service',
    between: ['MeshVmGroup', 'MeshVm'],
    holds: 'one of them has the Services of a canonicalService, and all serve their ports',
    otherwise: 'a share of the calls goes to machines that refuse it',
    told: 'second',
    rules: ['group/same-selector', 'group/not-served-behind-shared-service'],
  },
  {
    fact: 'Who machines are',
    between: ['MeshVmGroup', 'MeshVmGroup'],
    holds: 'each group has a ServiceAccount and an identity of its own, or both say that they share the ServiceAccount',
    otherwise: 'a machine of one group can register as one of the other',
    told: 'second',
    rules: ['group/shared-service-account', 'group/shared-identity'],
  },
  {
    fact: 'How a port of a machine is reached: through its sidecar, past it, or not at all',
    between: [
      'MeshVmGroup.ports',
      'MeshVmGroup.bootstrap.excludeInboundPorts',
      'MeshVmGroup.bootstrap.hostFirewall.openPorts',
    ],
    holds:
      "the group's ports are captured and not opened past the sidecar; a port outside of the capture is opened by the firewall, if there is one",
    otherwise: 'callers come past the policies, or nobody comes to a port that was taken out of the capture for them',
    told: 'itself',
    rules: ['host-firewall/port-of-mesh', 'bootstrap/excluded-port-of-group'],
    warnings: ['host-firewall/excluded-port-closed'],
  },
  {
    fact: 'A ServiceAccount that is revoked',
    between: [
      'MeshVmGroup.revokedServiceAccounts',
      'MeshVm.revokedServiceAccounts',
      'MeshVmGroup.serviceAccount',
      'MeshVm.serviceAccount',
    ],
    holds: 'no machines of the program have it any more',
    otherwise: 'all their calls are refused, everywhere',
    told: 'second',
    rules: ['machine/revoked-service-account-in-use'],
  },
  {
    fact: 'The address of a machine',
    between: ['MeshVm.address', 'MeshVm.address', 'MeshVm.network', 'MeshVmGroup.network'],
    holds: 'it is in the ranges of its network, and no other machine with a sidecar has it there',
    otherwise: 'calls go astray; a sidecar gets the Services and labels of both machines',
    told: 'second',
    rules: ['machine/address-outside-network', 'machine/address-twice'],
  },
  {
    fact: 'The ServiceAccount of machines',
    between: ['MeshVmGroup', 'pods and machines that meshvm did not make'],
    holds: 'a group has its own, unless it says that it shares one; seen in cdk8s alone',
    otherwise: 'a pod registers as a machine, and a machine calls as the pods',
    told: 'complete program',
    rules: ['group/service-account-of-other-workloads'],
  },
  {
    fact: 'The protocol of a port of machines',
    between: ['MeshVmGroup.services', 'MeshVm.services', 'VmServiceEntry.ports'],
    holds: 'all Services and ServiceEntries that lead to the port say the same: HTTP/1.1, HTTP/2 or TCP',
    otherwise: 'the oldest decides what the sidecar makes of the port; calls and policies by the others fail',
    told: 'second',
    rules: ['service/protocol-other-than-way-in', 'service-entry/protocol-other-than-service'],
  },
  {
    fact: 'Where a port of a Service leads',
    between: ['MeshVmGroup.services', 'MeshVm.services', 'MeshVmGroup.ports', 'MeshVm.ports'],
    holds: "a target port by its number is the machines' port of the name of the Service's port, where they have one",
    otherwise: 'the name wins, and calls come to another port than was asked for',
    told: 'second',
    rules: ['service/target-port-ignored'],
  },
  {
    fact: 'Whether a port of machines carries HTTP',
    between: ['MeshVmGroup.services', 'VmServiceEntry.ports', 'AuthorizationPolicy', 'RequestAuthentication'],
    holds: 'policies of requests are about ports of HTTP',
    otherwise: 'an ALLOW policy lets nobody in, a DENY policy denies every call, tokens are never looked at',
    told: 'second',
    rules: [
      'authorization/http-on-tcp-port',
      'authorization/deny-http-without-ports',
      'request-authentication/no-http-port',
    ],
  },
  {
    fact: 'A host that is no Service of Kubernetes',
    between: ['VmServiceEntry.hosts', 'VmServiceEntry.hosts', 'MeshVmGroup.services'],
    holds:
      'one entry of a namespace has the host, in any case and with or without a dot at its end, and no Service has its name',
    otherwise: 'the oldest gives ports, addresses and resolution, and endpoints of all are mixed',
    told: 'second',
    rules: ['service-entry/host-twice', 'service-entry/host-is-service'],
  },
  {
    fact: 'The machines behind a ServiceEntry',
    between: ['VmServiceEntry.endpoints', 'MeshVmGroup', 'MeshVm'],
    holds: 'the entry stands in their namespace, selects them and nobody else, and names ports that they serve',
    otherwise: 'callers get 503, or come to machines that nobody meant',
    told: 'second',
    rules: [
      'service-entry/other-namespace',
      'service-entry/labels-select-nothing',
      'service-entry/selects-other-machines',
      'service-entry/port-nobody-serves',
      'service-entry/target-port-ignored',
      'service-entry/machines-outside-mesh',
    ],
  },
  {
    fact: 'The machines that a policy selects',
    between: ['MutualTls', 'AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'MeshVmGroup', 'MeshVm'],
    holds: 'it selects the machines that it names and nobody else; they have a sidecar, and the ports that it names',
    otherwise: 'the policy holds for others, or for nobody',
    told: 'second',
    rules: ['target/selects-other-machines', 'target/no-sidecar', 'target/port-nobody-serves'],
  },
  {
    fact: 'Who decides about a target',
    between: ['MutualTls', 'MutualTls'],
    holds: 'a group, a machine, a namespace and the mesh have one policy of mutual TLS each',
    otherwise: 'the older wins',
    told: 'second',
    rules: ['mutual-tls/target-twice'],
  },
  {
    fact: 'Telemetry of a target',
    between: ['Telemetry', 'Telemetry'],
    holds: 'one object speaks of a target',
    otherwise: 'the older wins',
    told: 'second',
    rules: ['telemetry/target-twice'],
  },
  {
    fact: 'Where telemetry goes',
    between: ['Telemetry.accessLogs', 'Telemetry.tracing', 'Telemetry.metrics', 'ControlPlane.extensionProviders'],
    holds:
      'a provider is one of those of a control plane of the mesh, and of the kind that is asked of it; in cdk8s, of a control plane with the same Mesh',
    otherwise: 'spans, logs and metrics go nowhere',
    told: 'complete program',
    rules: ['telemetry/provider-unknown', 'telemetry/provider-kind'],
  },
  {
    fact: "Where the mesh's own spans go",
    between: ['Mesh.proxy.tracingProvider', 'ControlPlane.extensionProviders'],
    holds: 'tracingProvider is one of the extension providers, and of a kind that takes spans',
    otherwise: 'nothing is traced',
    told: 'second',
    rules: ['control-plane/provider-undeclared'],
  },
  {
    fact: 'What callers see of the mesh',
    between: ['EgressScope', 'EgressScope'],
    holds: 'one scope holds for a namespace or its workloads',
    otherwise: 'one of them wins, and it is not told which',
    told: 'second',
    rules: ['egress/scope-twice'],
  },
  {
    fact: 'How callers treat a host',
    between: ['TrafficPolicy', 'CanaryRelease', 'Migration', 'StandaloneEnvoy.inbound'],
    holds: 'one of them speaks of a host in a namespace',
    otherwise: 'the older gives the settings, and subsets of all are mixed',
    told: 'second',
    rules: ['traffic/host-twice'],
  },
  {
    fact: 'The versions of an application',
    between: ['CanaryRelease', 'Migration', 'MeshVmGroup'],
    holds: 'a release names every version that stands behind the host',
    otherwise: 'machines of the version that is left out get no calls',
    told: 'second',
    rules: ['subset/version-left-out', 'subset/other-application'],
  },
  {
    fact: 'The TLS of a call to a port of machines: what its own policies say',
    between: [
      'TrafficPolicy.tls',
      'CanaryRelease.traffic.tls',
      'Migration.traffic.tls',
      'MutualTls',
      'MeshVmGroup.requireMutualTls',
    ],
    holds: 'callers speak what the port takes',
    otherwise: 'every call is refused',
    told: 'second',
    rules: [
      'traffic/not-the-mutual-tls-that-machines-require',
      'traffic/mutual-tls-that-machines-do-not-take',
      'mutual-tls/refuses-callers-of-program',
      'traffic/tls-to-port-of-http',
    ],
  },
  {
    fact: 'The TLS of a call to a port of machines: what its namespace or the mesh says',
    between: ['TrafficPolicy.tls', 'CanaryRelease.traffic.tls', 'Migration.traffic.tls', 'MutualTls', 'MeshVm.sidecar'],
    holds: 'callers speak what the port takes; where no sidecar is, that is no mutual TLS',
    otherwise: 'every call is refused',
    told: 'complete program',
    rules: [
      'traffic/not-the-mutual-tls-that-machines-require',
      'traffic/mutual-tls-that-machines-do-not-take',
      'traffic/mutual-tls-without-sidecar',
    ],
  },
  {
    fact: 'The network of machines and who may speak plain text',
    between: [
      'MeshVm.network',
      'MeshVmGroup.network',
      'MeshVm.sidecar',
      'MutualTls',
      'TrafficPolicy.tls',
      'CanaryRelease.traffic.tls',
    ],
    holds: 'machines behind a gateway take mutual TLS, and callers speak it',
    otherwise: 'callers of other networks are not told of the machines',
    told: 'complete program',
    rules: [
      'machine/no-sidecar-behind-gateway',
      'mutual-tls/disabled-behind-gateway',
      'traffic/not-mutual-tls-through-gateway',
    ],
  },
  {
    fact: 'Whom a host is shown to',
    between: ['VmServiceEntry.exportTo', 'EgressScope.destinations'],
    holds: "what a group's machines call is shown to their namespace",
    otherwise: 'the host is nowhere to them',
    told: 'complete program',
    rules: ['egress/host-not-exported'],
  },
  {
    fact: 'The TLS of callers and the protocol of the port',
    between: [
      'TrafficPolicy.tls',
      'CanaryRelease.traffic.tls',
      'Migration.traffic.tls',
      'MeshVmGroup.services',
      'TrafficTarget.service',
    ],
    holds: 'sidecars make TLS of plain text alone',
    otherwise: 'TLS goes through TLS, and the server understands neither',
    told: 'second',
    rules: ['traffic/tls-of-tls-port'],
  },
];
