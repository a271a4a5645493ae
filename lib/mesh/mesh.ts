import { Problems, rule } from '../core/problems';
import { checkLabelValue } from '../core/values/labels';
import { checkDnsLabel, checkHost, checkRequired, isDnsLabel, isIstioDnsLabel } from '../core/values/names';
import { IstiodAccess } from './istiod-access';
import { resolveProxyDefaults } from './private/proxy-defaults';
import type { ProxyDefaults, ResolvedProxyDefaults } from './proxy-defaults';
import { Revision } from './revision';

/** What one mesh and one of its control planes are called. */
export interface MeshProps {
  /** Mesh ID, as in `global.meshID`. One for all clusters of a mesh. */
  readonly meshId: string;

  /** Name of the cluster whose istiod the machines join, as in `global.multiCluster.clusterName`. */
  readonly clusterName: string;

  /**
   * Network of the cluster's pods, as in `global.network`. It ends up in the names of registered machines, so it must be lower case.
   */
  readonly network: string;

  /**
   * Trust domain of the mesh, the first part of every identity.
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;

  /**
   * Namespace of istiod.
   * @default 'istio-system'
   */
  readonly controlPlaneNamespace?: string;

  /**
   * The control plane's revision or revision tag.
   * @default Revision.default()
   */
  readonly revision?: Revision;

  /** Istio version of the control plane and of the sidecar on the machines, such as `1.31.1`. At least 1.30. */
  readonly istioVersion: string;

  /**
   * How machines find istiod.
   * @default IstiodAccess.hostsEntry()
   */
  readonly istiodAccess?: IstiodAccess;

  /**
   * Settings that every proxy of the mesh starts from.
   * @default - see each property of ProxyDefaults
   */
  readonly proxy?: ProxyDefaults;
}

const ISTIO_VERSION = rule({
  id: 'mesh/istio-version',
  origin: 'meshvm',
  allowed: 'a release of at least 1.30, written major.minor.patch, such as 1.31.1',
  remedy: 'give the exact version of the control plane',
  source: 'meshvm is tested with 1.31; its rules were read in 1.30 and 1.31',
});
const MESH_ID = rule({
  id: 'mesh/id',
  origin: 'ignored',
  allowed: 'a non-empty string without quotation marks, backslashes and line breaks',
  remedy: 'choose a plain name, such as that of the organization',
  source: "istio's chart and injection template put the value in quotes and escape nothing",
});
const NETWORK_NAME = rule({
  id: 'mesh/network-name',
  origin: 'ignored',
  allowed: 'a-z, 0-9 and "-", at most 63 characters, first and last a letter or digit',
  remedy: 'choose such a name; istiod appends it to the name of every machine it registers',
  source: 'istio pilot/pkg/autoregistration: the WorkloadEntry <group>-<address>-<network> must be a valid object name',
});
const TRUST_DOMAIN = rule({
  id: 'mesh/trust-domain',
  origin: 'istio',
  allowed: 'DNS labels joined by "."',
  remedy: 'give the trust domain alone, without spiffe:// and without a path',
  source: 'istio pkg/config/validation/agent ValidateTrustDomain',
});

/**
 * A mesh, and the control plane in it that machines join. A value: it creates nothing, and everything that must agree on a name
 * takes the name from here.
 *
 * @example
 * const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });
 * @throws ValidationError with every problem of the properties.
 */
export class Mesh {
  /** Mesh ID. */
  public readonly meshId: string;
  /** Name of the cluster whose istiod the machines join. */
  public readonly clusterName: string;
  /** Network of the cluster's pods. */
  public readonly network: string;
  /** Trust domain of the mesh. */
  public readonly trustDomain: string;
  /** Namespace of istiod. */
  public readonly controlPlaneNamespace: string;
  /** The control plane's revision or revision tag. */
  public readonly revision: Revision;
  /** Istio version of the control plane and of the sidecar on the machines. */
  public readonly istioVersion: string;
  /** How machines find istiod. */
  public readonly istiodAccess: IstiodAccess;
  /** Settings that every proxy of the mesh starts from, defaults filled in. */
  public readonly proxy: ResolvedProxyDefaults;

  public constructor(props: MeshProps) {
    this.meshId = props.meshId;
    this.clusterName = props.clusterName;
    this.network = props.network;
    this.trustDomain = props.trustDomain ?? 'cluster.local';
    this.controlPlaneNamespace = props.controlPlaneNamespace ?? 'istio-system';
    this.revision = props.revision ?? Revision.default();
    this.istioVersion = props.istioVersion;
    this.istiodAccess = props.istiodAccess ?? IstiodAccess.hostsEntry();
    const problems = new Problems();
    this.proxy = resolveProxyDefaults(problems.at('proxy'), props.proxy ?? {});
    this.check(problems);
    problems.throwIfAny('Mesh');
  }

  /** The DNS name of istiod that machines dial: TLS server name, SNI at the gateway, and a name in istiod's certificate. */
  public get istiodHost(): string {
    return this.istiodAccess.customHost ?? this.istiodHostOf(this.revision.revisionName);
  }

  /** Address of istiod for machines (`discoveryAddress` and `CA_ADDR`): `istiodHost` and port 15012. */
  public get istiodAddress(): string {
    return `${this.istiodHost}:15012`;
  }

  /** Name of the Kubernetes Service of istiod. */
  public get istiodServiceName(): string {
    if (this.revision.tagName !== '') return `istiod-revision-tag-${this.revision.tagName}`;
    return istiodName(this.revision.revisionName);
  }

  /** Fully qualified host of istiod's Service inside the cluster, where the gateway sends machines. */
  public get istiodServiceHost(): string {
    return `${this.istiodServiceName}.${this.controlPlaneNamespace}.svc.cluster.local`;
  }

  /**
   * Names in istiod's certificate that a machine could dial, the one it dials first. No revision tag is among them.
   * Upstream: istio pilot/pkg/bootstrap getDNSNames.
   */
  public get istiodCertificateNames(): readonly string[] {
    const names = [this.istiodHost, this.istiodHostOf(this.revision.revisionName), this.istiodHostOf('')];
    return [...new Set(names)];
  }

  /**
   * Label that makes the mesh inject sidecars into a namespace or a pod: `istio-injection` for the default control plane,
   * `istio.io/rev` for a revision or tag.
   */
  public get injectionLabel(): Readonly<Record<string, string>> {
    return this.revision.label === '' ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': this.revision.label };
  }

  /** Name of istiod's host for a revision of this control plane; empty for the unrevisioned name. */
  public istiodHostOf(revisionName: string): string {
    return `${istiodName(revisionName)}.${this.controlPlaneNamespace}.svc`;
  }

  /** SPIFFE identity of a ServiceAccount in this mesh. */
  public spiffeId(namespace: string, serviceAccount: string): string {
    return `spiffe://${this.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  }

  private check(problems: Problems): void {
    if (typeof this.meshId !== 'string' || !/^[^"\\\r\n]+$/.test(this.meshId))
      problems.add(MESH_ID, 'meshId', this.meshId);
    checkRequired(problems, 'clusterName', this.clusterName);
    checkLabelValue(problems, 'clusterName', this.clusterName);
    if (!isDnsLabel(String(this.network))) problems.add(NETWORK_NAME, 'network', this.network);
    const domain = this.trustDomain;
    if (typeof domain !== 'string' || !domain.replace(/\.$/, '').split('.').every(isIstioDnsLabel)) {
      problems.add(TRUST_DOMAIN, 'trustDomain', domain);
    }
    checkDnsLabel(problems, 'controlPlaneNamespace', this.controlPlaneNamespace);
    if (this.revision.label !== '') checkDnsLabel(problems, 'revision', this.revision.label);
    if (!isSupportedVersion(this.istioVersion)) problems.add(ISTIO_VERSION, 'istioVersion', this.istioVersion);
    if (this.istiodAccess.customHost !== undefined) {
      checkHost(problems, 'istiodAccess', this.istiodAccess.customHost);
    }
  }
}

function istiodName(revisionName: string): string {
  return revisionName === '' || revisionName === 'default' ? 'istiod' : `istiod-${revisionName}`;
}

function isSupportedVersion(version: unknown): boolean {
  const match = /^1\.(\d+)\.\d+(-[0-9A-Za-z.-]+)?$/.exec(String(version));
  return match !== null && Number(match[1]) >= 30;
}
