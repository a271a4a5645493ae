import type { KubernetesObject } from '../core/kubernetes-object';
import { type Problems, rule } from '../core/problems';
import { checkCidrs } from '../core/values/addresses';
import type { KubernetesProbe } from '../machines/kubernetes-probe';
import type { Member } from '../machines/member';
import { checkDnsMode } from '../mesh/dns-routing';
import type { Mesh } from '../mesh/mesh';
import type { Network } from '../mesh/network';
import { cidrsOf, cidrsProperty } from '../mesh/network-checks';
import { agentSource } from './agent-source';
import type { BootstrapProps } from './bootstrap-props';
import { clusterEnv } from './files/cluster-env';
import { hostFirewallFiles } from './files/host-firewall';
import { type MachineBundle, PROXY_CONFIG_ANNOTATION } from './files/machine-bundle';
import { meshYaml } from './files/mesh-yaml';
import { pinnedSidecar } from './files/pinned-sidecar';
import { byJsonName } from './files/proxy-config';
import { type BootstrapSettings, settingsJson, TOKEN_AUDIENCE } from './files/settings';
import { checkIdentity, checkSubject } from './identity-checks';
import { credentialOf, knownSubject, subjectOf } from './known-identity';
import { checkKubernetesVersion } from './kubernetes-version';
import type { MachineIdentity } from './machine-identity';
import { agentConfigMap, bootstrapConfigMap } from './manifests/bootstrap-config-map';
import {
  bootstrapRole,
  bootstrapRoleBinding,
  gatewayRole,
  gatewayRoleBinding,
  guardRole,
  guardRoleBinding,
} from './manifests/bootstrap-rbac';
import { guardNames, guards } from './manifests/guards';
import { MAX_TOKEN_LIFETIME_SECONDS } from './manifests/token-admission-policy';
import { checkExclusions } from './private/capture-exclusions';
import { checkCloudRanges } from './private/cloud-address';
import { checkHostFirewall } from './private/host-firewall';
import { checkMachineRanges } from './private/machine-ranges';
import { checkProxyConfigAnnotation, parseProxyConfigAnnotation } from './private/proxy-config-annotation';
import { checkProxyConfigFields } from './private/proxy-config-fields';
import { checkProxyMetadata } from './private/proxy-metadata';
import { checkSidecarPackage, packageSource } from './private/sidecar-package';
import type { Joining } from './render-user-data';

const GATEWAY_MISSING = rule({
  id: 'group/identity-without-gateway',
  origin: 'meshvm',
  allowed: 'a gateway, or a mesh with istiodAccess.dnsName',
  remedy: 'give the EastWestGateway through which the machines reach istiod; their hosts entry follows its address',
  source: 'meshvm: the agent reads the address of the gateway from its Service',
});
const GATEWAY_OF_OTHER_MESH = rule({
  id: 'group/gateway-of-other-mesh',
  origin: 'meshvm',
  allowed: "a gateway of the group's own mesh",
  remedy: 'give group and gateway the same Mesh',
  source: 'meshvm: the gateway leads to the control plane of its own mesh',
});
const BOOTSTRAP_WITHOUT_IDENTITY = rule({
  id: 'group/bootstrap-without-identity',
  origin: 'meshvm',
  allowed: 'bootstrap only together with identity',
  remedy: 'give the identity by which the machines join, or leave bootstrap out',
  source: 'meshvm: without an identity the group has no bootstrap bundle',
});
const CIDRS_MISSING = rule({
  id: 'network/machine-ranges-missing',
  origin: 'meshvm',
  allowed: 'at least one address range',
  remedy: 'say in which ranges the machines have their addresses; a machine that claims another one is then refused',
  source: 'istio pilot/pkg/autoregistration: istiod believes the address that a machine claims',
});
const NAME_LENGTH = rule({
  id: 'group/name-too-long-for-policies',
  origin: 'meshvm',
  allowed: 'names of namespace and group of together 232 characters',
  remedy: 'shorten one of the two',
  source: 'Kubernetes: the name of the policy meshvm.<namespace>.<group>.registration may have 253 characters',
});
const EDITOR = rule({
  id: 'bootstrap/editor',
  origin: 'meshvm',
  allowed: "a user, a group or a ServiceAccount of another namespace, and not the machines' own subject",
  remedy:
    'keep the GitOps controller in a namespace of its own, or leave it out when it may change ValidatingAdmissionPolicies',
  source: 'Kubernetes: the role edit may make pods and tokens of every ServiceAccount of its namespace',
});
const SECONDS = rule({
  id: 'bootstrap/seconds',
  origin: 'meshvm',
  allowed: 'a whole number of seconds in the range of the property',
  remedy: 'give whole seconds within that range, or leave the property out for its default',
  source: 'meshvm; token lifetime: Kubernetes grants no less than 600 seconds, the token policy no more than 3600',
});

/** Metadata services of the clouds, on which a machine depends before it is in the mesh. */
const METADATA_CIDRS: Readonly<Record<string, readonly string[]>> = {
  eks: ['169.254.169.254/32', 'fd00:ec2::254/128'],
  gke: ['169.254.169.254/32'],
  aks: ['169.254.169.254/32', '168.63.129.16/32'],
};

/** Ranges of the properties that are seconds. */
const RANGES = [
  ['refreshIntervalSeconds', 60, 86400],
  ['restartJitterSeconds', 0, 3600],
  ['minimumRestartIntervalSeconds', 0, 86400],
  ['absenceSeconds', 2, 300],
  ['deadManSeconds', 60, 3600],
  ['tokenLifetimeSeconds', 600, MAX_TOKEN_LIFETIME_SECONDS],
] as const satisfies readonly (readonly [keyof BootstrapProps, number, number])[];

/** The gateway of a group: what this file needs of an IEastWestGateway. */
export interface GroupGateway {
  readonly mesh: Mesh;
  readonly namespace: string;
  readonly serviceName: string;
  readonly node: { readonly path: string };
}

/** What a group says of how its machines join: the part of its properties that this file reads. */
export interface GroupBootstrapProps {
  readonly mesh: Mesh;
  readonly network: Network;
  readonly probe?: KubernetesProbe;
  readonly identity?: MachineIdentity;
  readonly gateway?: GroupGateway;
  readonly bootstrap?: BootstrapProps;
}

/** Everything about joining that would leave a machine outside or unguarded. */
export function checkBootstrap(problems: Problems, props: GroupBootstrapProps, member: Member): void {
  checkProxyConfigAnnotation(problems, member.annotations);
  const { identity, gateway, bootstrap = {} } = props;
  if (gateway !== undefined && gateway.mesh !== props.mesh)
    problems.add(GATEWAY_OF_OTHER_MESH, 'gateway', gateway.node.path);
  if (identity === undefined) {
    if (props.bootstrap !== undefined) problems.add(BOOTSTRAP_WITHOUT_IDENTITY, 'bootstrap', Object.keys(bootstrap));
    return;
  }
  checkKubernetesVersion(problems, props.mesh.kubernetesVersion);
  if (gateway === undefined && props.mesh.istiodAccess.dnsName === undefined) {
    problems.add(GATEWAY_MISSING, 'gateway', undefined);
  }
  const cidrs = cidrsOf(props.network);
  const ranges = `network.${cidrsProperty(props.network)}`;
  if (cidrs.length === 0) problems.add(CIDRS_MISSING, ranges, cidrs);
  checkMachineRanges(problems, ranges, cidrs);
  checkCloudRanges(problems, ranges, cidrs, credentialOf(identity).kind);
  if (guardNames(member).some((name) => name.length > 253)) problems.add(NAME_LENGTH, 'name', member.name);
  const at = problems.at('bootstrap');
  for (const [property, least, most] of RANGES) {
    const isOne = (seconds: number) => Number.isInteger(seconds) && seconds >= least && seconds <= most;
    const allowed = `a whole number from ${least} to ${most}`;
    at.check(SECONDS, property, bootstrap[property], isOne, { allowed });
  }
  checkProxyMetadata(problems.at('mesh.proxy.proxyMetadata'), props.mesh.proxy.proxyMetadata);
  const { proxyMetadata = {}, ...annotated } = byJsonName(parseProxyConfigAnnotation(member.annotations) ?? {});
  const annotation = problems.at(`annotations["${PROXY_CONFIG_ANNOTATION}"]`);
  checkProxyConfigFields(annotation, annotated);
  checkProxyMetadata(annotation.at('proxyMetadata'), proxyMetadata as Readonly<Record<string, unknown>>);
  checkCidrs(at, 'excludeCidrs', bootstrap.excludeCidrs);
  checkExclusions(at, bootstrap, member);
  if (bootstrap.dns !== undefined) checkDnsMode(at.at('dns'), bootstrap.dns, props.mesh.clusterDomain);
  checkIdentity(problems.at('identity'), identity);
  if (bootstrap.sidecarPackage !== undefined) {
    checkSidecarPackage(at.at('sidecarPackage'), bootstrap.sidecarPackage);
  }
  const own = subjectOf(identity, member.namespace, member.name);
  bootstrap.editors?.forEach((given, index) => {
    checkSubject(at.at(`editors[${index}]`), given);
    const editor = knownSubject(given);
    const machinesThemselves = editor.kind === own.kind && editor.name === own.name;
    if (editor.namespace === member.namespace || (machinesThemselves && editor.namespace === own.namespace)) {
      at.add(EDITOR, `editors[${index}]`, `${editor.kind} ${editor.name}`);
    }
  });
  if (bootstrap.hostFirewall !== undefined) {
    checkHostFirewall(at.at('hostFirewall'), bootstrap.hostFirewall, member);
  }
}

/** What the files of the group's machines are made from. */
export function machineBundle(props: GroupBootstrapProps, member: Member): MachineBundle {
  const annotated = parseProxyConfigAnnotation(member.annotations) ?? {};
  const { dns, excludeInboundPorts = [], excludeOutboundPorts = [], excludeInterfaces = [] } = props.bootstrap ?? {};
  const excluded = {
    inboundPorts: excludeInboundPorts,
    outboundPorts: excludeOutboundPorts,
    interfaces: excludeInterfaces,
  };
  return { mesh: props.mesh, member, probe: props.probe, annotated, dns, excluded };
}

/** Fills in every default of the agent's settings. */
function resolveBootstrap(props: GroupBootstrapProps): BootstrapSettings {
  const { bootstrap = {}, gateway, identity, mesh } = props;
  const byName = mesh.istiodAccess.dnsName !== undefined;
  const metadata = METADATA_CIDRS[identity === undefined ? '' : credentialOf(identity).kind] ?? METADATA_CIDRS.gke;
  return {
    refreshIntervalSeconds: bootstrap.refreshIntervalSeconds ?? 300,
    restartJitterSeconds: bootstrap.restartJitterSeconds ?? 60,
    minimumRestartIntervalSeconds: bootstrap.minimumRestartIntervalSeconds ?? 300,
    absenceSeconds: bootstrap.absenceSeconds ?? 15,
    deadManSeconds: bootstrap.deadManSeconds ?? 300,
    tokenLifetimeSeconds: bootstrap.tokenLifetimeSeconds ?? 3600,
    excludeCidrs: [...metadata, ...(bootstrap.excludeCidrs ?? [])],
    sidecarPackage: packageSource(bootstrap.sidecarPackage ?? { published: {} }),
    gateway: byName || gateway === undefined ? undefined : { namespace: gateway.namespace, name: gateway.serviceName },
  };
}

/** How the group's machines join; undefined for a group whose machines don't by themselves. */
export function joiningOf(props: GroupBootstrapProps): Joining | undefined {
  const { identity, mesh } = props;
  if (identity === undefined) return undefined;
  return { identity, sidecar: pinnedSidecar(mesh.istioVersion, resolveBootstrap(props).sidecarPackage) };
}

/** The objects by which machines join, by the ids of their constructs: guards, then rights, and at last what machines read. */
export function bootstrapObjects(
  props: GroupBootstrapProps,
  identity: MachineIdentity,
  member: Member,
): Readonly<Record<string, KubernetesObject>> {
  const bundle = machineBundle(props, member);
  const settings = resolveBootstrap(props);
  const subject = subjectOf(identity, member.namespace, member.name);
  const { gateway } = settings;
  const firewall = props.bootstrap?.hostFirewall;
  return {
    ...guards(member, {
      subject,
      editors: (props.bootstrap?.editors ?? []).map(knownSubject),
      audience: TOKEN_AUDIENCE,
      cidrs: cidrsOf(props.network),
      probed: props.probe !== undefined,
    }),
    GuardRole: guardRole(member, guardNames(member)),
    GuardRoleBinding: guardRoleBinding(member, subject),
    BootstrapRole: bootstrapRole(member),
    BootstrapRoleBinding: bootstrapRoleBinding(member, subject),
    ...(gateway === undefined
      ? {}
      : {
          GatewayRole: gatewayRole(member, gateway),
          GatewayRoleBinding: gatewayRoleBinding(member, gateway, subject),
        }),
    Bootstrap: bootstrapConfigMap(member, {
      'cluster.env': clusterEnv(bundle),
      'mesh.yaml': meshYaml(bundle),
      'settings.json': settingsJson(bundle, settings),
      ...(firewall === undefined ? {} : hostFirewallFiles(bundle, firewall)),
    }),
    Agent: agentConfigMap(member, agentSource().agent),
  };
}
