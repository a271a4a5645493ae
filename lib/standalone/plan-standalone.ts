import type { KubernetesObject } from '../core/kubernetes-object';
import type { Place } from '../core/place';
import { Problems } from '../core/problems';
import type { Mesh } from '../mesh/mesh';
import { certificateFiles, vaultSpec } from './certificate-files';
import { composeFile } from './envoy/compose';
import { envoyFiles } from './envoy/files';
import { machineFile } from './envoy/machine-file';
import type { EnvoySpec } from './envoy/spec';
import { ENVOY_USER } from './envoy/unit';
import { vaultWrites } from './envoy/vault';
import type { ForwardingProxyGroupProps } from './forwarding-proxy-group-props';
import { checkCompose, resolveCompose } from './private/compose';
import { checkInboundOwners, claimInbound } from './private/inbound-objects';
import { certificateOwner, certificatesOf } from './private/machine';
import {
  type AnyEnvoyProps,
  checkStandalone,
  type ResolvedStandalone,
  resolveStandalone,
  standaloneObjects,
} from './private/standalone';
import { renderEnvoyUserData } from './render-user-data';
import type { StandaloneComposeProps } from './standalone-compose';
import type { StandaloneEnvoyProps } from './standalone-envoy-props';
import type { StandaloneUserDataProps } from './standalone-user-data';
import type { VaultWrite } from './vault-auth';

/** From the spec of a machine to all that it consists of. @throws ValidationError with everything that is wrong. */
export function planStandaloneEnvoy(spec: StandaloneEnvoyProps, place: Place): PlannedEnvoy {
  return planEnvoy(spec, place);
}

/** The same of machines that others share. @throws ValidationError with everything that is wrong. */
export function planForwardingProxyGroup(spec: ForwardingProxyGroupProps, place: Place): PlannedEnvoy {
  const { listenAddress = '0.0.0.0' } = spec;
  // Names lead clients to the load balancer, by their own DNS.
  return planEnvoy({ ...spec, listenAddress, nameResolution: { none: true } }, place);
}

function planEnvoy(spec: AnyEnvoyProps, { path, id, program, namespace, problems }: Place): PlannedEnvoy {
  const resolved = resolveStandalone(spec, id, namespace, program);
  checkStandalone(problems, resolved, program);
  const { inbound } = resolved;
  if (inbound !== undefined) checkInboundOwners(problems.at('inbound'), program, inbound);
  problems.throwIfAny(path);
  if (inbound !== undefined) claimInbound(program, path, inbound);
  return new PlannedEnvoy(resolved);
}

/** An Envoy without a control plane that nothing is wrong with: what it is in the cluster, and on the machine. */
export class PlannedEnvoy {
  /** By the ids of their constructs. */
  public readonly objects: Readonly<Record<string, KubernetesObject>>;

  public constructor(private readonly resolved: ResolvedStandalone) {
    this.objects = standaloneObjects(resolved);
  }

  public get mesh(): Mesh {
    return this.resolved.props.mesh;
  }

  /** Its configuration. */
  public get spec(): EnvoySpec {
    return this.resolved.spec;
  }

  public get namespace(): string {
    return this.resolved.owner.namespace;
  }

  public get serviceAccount(): string {
    return this.resolved.owner.serviceAccount;
  }

  /** What Envoy reads. */
  public files(): Readonly<Record<string, string>> {
    return envoyFiles(this.spec);
  }

  /** What fetches the certificate. */
  public certificateFiles(user: string): Readonly<Record<string, string>> {
    const { props, owner, spec } = this.resolved;
    return certificateFiles(certificatesOf(props), certificateOwner(owner, spec), { user });
  }

  /** What Vault needs to know. */
  public vaultWrites(): readonly VaultWrite[] {
    const { props, owner, spec } = this.resolved;
    const vault = vaultSpec(certificatesOf(props), certificateOwner(owner, spec));
    return vault === undefined ? [] : vaultWrites(vault);
  }

  /** The machine file that says the same. */
  public machineFile(): string {
    const { props, owner, spec } = this.resolved;
    return machineFile({ ...owner, spec, balanced: props.inbound?.exposure.direct === undefined });
  }

  /** @throws ValidationError with every problem of the properties, and for more text than the place takes. */
  public userData(path: string, props: StandaloneUserDataProps): string {
    // The unit of the text runs Envoy as its own user, whoever runs it elsewhere.
    return renderEnvoyUserData(path, this.spec, this.certificateFiles(ENVOY_USER), props);
  }

  /** @throws ValidationError with every problem of the properties. */
  public composeFile(path: string, props: StandaloneComposeProps): string {
    const content = resolveCompose(this.spec, props);
    const problems = new Problems();
    checkCompose(problems, content);
    problems.throwIfAny(path);
    return composeFile(content);
  }
}
