import type { KubernetesObject } from '../../core/kubernetes-object';
import { type RoleBindingObject, type RoleObject, role, roleBinding, type Subject } from '../../core/rbac';

/** A certificate by cert-manager, every default filled in. */
export interface CertificateSpec {
  readonly name: string;
  readonly namespace: string;
  readonly secretName: string;
  /** The SPIFFE ID, which is the one URI of the certificate. */
  readonly identity: string;
  readonly issuer: { readonly group: string; readonly kind: string; readonly name: string };
  readonly durationSeconds: number;
  readonly renewBeforeSeconds: number;
  /** Whether the machine reads the mesh's roots where istiod publishes them. */
  readonly readsRoots: boolean;
}

/** The request for the certificate, which cert-manager renews: one URI and no other name, and a new key each time. */
export function certificate(spec: CertificateSpec): KubernetesObject {
  const { name, namespace, issuer } = spec;
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, namespace },
    spec: {
      secretName: spec.secretName,
      issuerRef: { group: issuer.group, kind: issuer.kind, name: issuer.name },
      uris: [spec.identity],
      usages: ['digital signature', 'client auth', 'server auth'],
      duration: `${spec.durationSeconds}s`,
      renewBefore: `${spec.renewBeforeSeconds}s`,
      privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy: 'Always' },
      revisionHistoryLimit: 1,
    },
  };
}

/** What the machine may do in the cluster, each by name: read its Secret, and the mesh's roots. No list, no watch. */
export function certificateRole(spec: CertificateSpec): RoleObject {
  const get = (resource: string, name: string) => ({
    apiGroups: [''],
    resources: [resource],
    resourceNames: [name],
    verbs: ['get'],
  });
  const roots = spec.readsRoots ? [get('configmaps', 'istio-ca-root-cert')] : [];
  return role(spec.secretName, spec.namespace, [get('secrets', spec.secretName), ...roots]);
}

/** Gives the machine the rights of `certificateRole`. */
export function certificateRoleBinding(spec: CertificateSpec, subject: Subject): RoleBindingObject {
  return roleBinding(spec.secretName, spec.namespace, subject);
}
