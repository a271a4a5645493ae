import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import type { Mesh } from '../mesh/mesh';
import { certificateFiles, vaultSpec } from './certificate-files';
import { envoyFiles } from './envoy/files';
import { ENVOY_USER } from './envoy/unit';
import { vaultWrites } from './envoy/vault';
import type { EnvoyCertificates } from './envoy-certificates';
import { NameResolution } from './name-resolution';
import type { ProxyClients } from './proxy-clients';
import { renderEnvoyUserData } from './render-user-data';
import {
  certificateOwner,
  certificatesOf,
  checkStandalone,
  type ResolvedStandalone,
  resolveStandalone,
  standaloneObjects,
} from './resolve-standalone';
import type { EnvoyProps } from './standalone-envoy-props';
import type { StandaloneUserDataProps } from './standalone-user-data';
import type { VaultWrite } from './vault-auth';

/** Properties of ForwardingProxyGroup. */
export interface ForwardingProxyGroupProps extends EnvoyProps {
  /** Who may use the proxies. Never guessed: to the mesh all of them are one caller. */
  readonly clients: ProxyClients;

  /**
   * IP address on which each proxy takes clients; `0.0.0.0` and `::` are all of the machine's.
   * @default '0.0.0.0'
   */
  readonly listenAddress?: string;
}

/**
 * Machines that are all alike and pass calls on into the mesh for clients that can't: appliances, programs without TLS, whole networks that
 * let one port through. Each is an Envoy without a control plane, with the identity of one ServiceAccount; put a load balancer for TCP in
 * front of them, and as many of them as you like behind it.
 *
 * A service is called on its `localPort`, or by its Host header on `httpPort`. Names of the services lead clients to the load balancer by
 * their own DNS.
 *
 * @example
 * const proxies = new ForwardingProxyGroup(chart, 'proxies', {
 *   mesh,
 *   gateways: [{ address: 'eastwest.example.com' }],
 *   clients: ProxyClients.addresses(['10.40.0.0/16']),
 *   services: [StandaloneService.group(group, { localPort: 8080 })],
 * });
 * group.allowFrom(Caller.standalone(proxies));
 * @throws ValidationError with every problem of the properties.
 */
export class ForwardingProxyGroup extends Construct {
  /** The mesh whose services are called. */
  public readonly mesh: Mesh;
  /** Name of the group. */
  public readonly envoyName: string;
  /** Namespace of the identity. */
  public readonly namespace: string;
  /** ServiceAccount that stands for the proxies, and so for all of their clients, in the mesh. */
  public readonly serviceAccount: string;

  private readonly resolved: ResolvedStandalone;
  private readonly certificates: EnvoyCertificates;

  public constructor(scope: Construct, id: string, props: ForwardingProxyGroupProps) {
    super(scope, id);
    const { listenAddress = '0.0.0.0' } = props;
    const shared = { ...props, listenAddress, nameResolution: NameResolution.none() };
    const program = Registry.ofProgram(this);
    const resolved = resolveStandalone(shared, id, Chart.of(this).namespace ?? '', program);
    const problems = new Problems();
    checkStandalone(problems, shared, resolved, program);
    problems.throwIfAny(this.node.path);

    this.resolved = resolved;
    this.certificates = certificatesOf(props);
    this.mesh = props.mesh;
    this.envoyName = resolved.spec.name;
    this.namespace = resolved.namespace;
    this.serviceAccount = resolved.serviceAccount;

    emitAll(this, standaloneObjects(props, resolved));
  }

  /** SPIFFE ID that the certificate of each proxy must carry. */
  public get spiffeId(): string {
    return this.resolved.spec.identity;
  }

  /**
   * The files that each Envoy reads, by their names in the folder of the configuration. Always the same text for the same properties, and
   * nothing secret.
   */
  public files(): Readonly<Record<string, string>> {
    return envoyFiles(this.resolved.spec);
  }

  /** What who rules Vault writes to it for these machines, as StandaloneEnvoy.vaultWrites. */
  public vaultWrites(): readonly VaultWrite[] {
    const spec = vaultSpec(this.certificates, certificateOwner(this.resolved));
    return spec === undefined ? [] : vaultWrites(spec);
  }

  /**
   * The user-data of machines with cloud-init and systemd that are these proxies, as StandaloneEnvoy.userData: for the launch template,
   * instance group or scale set of any cloud. meshvm/pulumi/aws has a component that makes all of it.
   *
   * @throws ValidationError for properties with problems, a secret among them, and for more text than the place takes.
   */
  public userData(props: StandaloneUserDataProps): string {
    const files = certificateFiles(this.certificates, certificateOwner(this.resolved), { user: ENVOY_USER });
    return renderEnvoyUserData(this.node.path, this.resolved.spec, files, props);
  }
}
