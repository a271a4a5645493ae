import { Problems } from '../core/problems';
import { readSpec } from '../core/spec/spec';
import type { IstiodAccess } from './istiod-access';
import type { MeshProps } from './mesh-props';
import { checkMesh, resolveMesh } from './private/mesh';
import type { ResolvedProxyDefaults } from './proxy-defaults';
import type { Revision } from './revision';
import { revisionLabel } from './revision-label';
import { serviceHost } from './service-host';
import shapes from './shapes.json';

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
  declare public readonly meshId: string;
  /** Name of the cluster whose istiod the machines join. */
  declare public readonly clusterName: string;
  /** Network of the cluster's pods. */
  declare public readonly network: string;
  /** Trust domain of the mesh. */
  declare public readonly trustDomain: string;
  /** Domain of the cluster's Services. */
  declare public readonly clusterDomain: string;
  /** Namespace of istiod. */
  declare public readonly controlPlaneNamespace: string;
  /** The control plane's revision or revision tag. */
  declare public readonly revision: Revision;
  /** Istio version of the control plane and of the sidecar on the machines. */
  declare public readonly istioVersion: string;
  /**
   * Kubernetes version of the cluster.
   * @default - nobody has said it
   */
  declare public readonly kubernetesVersion?: string;
  /** How machines find istiod. */
  declare public readonly istiodAccess: IstiodAccess;
  /** Settings that every proxy of the mesh starts from, defaults filled in. */
  declare public readonly proxy: ResolvedProxyDefaults;

  public constructor(props: MeshProps) {
    const spec = readSpec('Mesh', props, shapes, 'MeshProps');
    const problems = new Problems();
    const resolved = resolveMesh(spec);
    checkMesh(problems, resolved);
    problems.throwIfAny('Mesh');
    Object.assign(this, resolved);
  }

  /** The DNS name of istiod that machines dial: TLS server name, SNI at the gateway, and a name in istiod's certificate. */
  public get istiodHost(): string {
    return this.istiodAccess.dnsName ?? this.istiodHostOf(this.revision.named ?? '');
  }

  /** Address of istiod for machines (`discoveryAddress` and `CA_ADDR`): `istiodHost` and port 15012. */
  public get istiodAddress(): string {
    return `${this.istiodHost}:15012`;
  }

  /** Name of the Kubernetes Service of istiod. */
  public get istiodServiceName(): string {
    const { tag, named = '' } = this.revision;
    return tag === undefined ? istiodName(named) : `istiod-revision-tag-${tag}`;
  }

  /** Fully qualified host of istiod's Service inside the cluster, where the gateway sends machines. */
  public get istiodServiceHost(): string {
    return serviceHost(this.istiodServiceName, this.controlPlaneNamespace, this.clusterDomain);
  }

  /**
   * Names in istiod's certificate that a machine could dial, the one it dials first. No revision tag is among them.
   * Upstream: istio pilot/pkg/bootstrap getDNSNames.
   */
  public get istiodCertificateNames(): readonly string[] {
    const names = [this.istiodHost, this.istiodHostOf(this.revision.named ?? ''), this.istiodHostOf('')];
    return [...new Set(names)];
  }

  /**
   * Label that makes the mesh inject sidecars into a namespace or a pod: `istio-injection` for the default control plane,
   * `istio.io/rev` for a revision or tag.
   */
  public get injectionLabel(): Readonly<Record<string, string>> {
    const label = revisionLabel(this.revision);
    return label === '' ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': label };
  }

  /** Name of istiod's host for a revision of this control plane; empty for the unrevisioned name. */
  public istiodHostOf(revisionName: string): string {
    return `${istiodName(revisionName)}.${this.controlPlaneNamespace}.svc`;
  }

  /** SPIFFE identity of a ServiceAccount in this mesh. */
  public spiffeId(namespace: string, serviceAccount: string): string {
    return `spiffe://${this.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  }
}

function istiodName(revisionName: string): string {
  return revisionName === '' || revisionName === 'default' ? 'istiod' : `istiod-${revisionName}`;
}
