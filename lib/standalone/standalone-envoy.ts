import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import type { Mesh } from '../mesh/mesh';
import { certificateFiles, vaultSpec } from './certificate-files';
import { composeFile } from './envoy/compose';
import { envoyFiles } from './envoy/files';
import { machineFile } from './envoy/machine-file';
import { vaultWrites } from './envoy/vault';
import type { EnvoyCertificates } from './envoy-certificates';
import { checkCompose, resolveCompose } from './private/compose';
import { checkInboundOwners, claimInbound } from './private/inbound-objects';
import { renderEnvoyUserData } from './render-user-data';
import {
  certificateOwner,
  certificatesOf,
  checkStandalone,
  type ResolvedStandalone,
  resolveStandalone,
  standaloneObjects,
} from './resolve-standalone';
import type { StandaloneComposeProps } from './standalone-compose';
import type { StandaloneEnvoyProps } from './standalone-envoy-props';
import type { StandaloneUserDataProps } from './standalone-user-data';
import type { VaultWrite } from './vault-auth';

/** Options of StandaloneEnvoy.certificateFiles. */
export interface CertificateProgramOptions {
  /**
   * User that Envoy runs as: what fetches the certificate runs as the same one, and the folder of the certificate is theirs, mode 0700.
   * @default 'meshvm-envoy'
   */
  readonly user?: string;
}

/**
 * A machine, container or laptop that calls services of the mesh through the east-west gateway alone: Envoy with a static configuration
 * and a certificate rooted in the mesh's trust. No sidecar package, no connection to istiod, no registration. To the mesh it is a caller
 * with an identity of its own, that of a ServiceAccount.
 *
 * With `inbound` the mesh calls the machine too, by a ServiceEntry of fixed addresses or a load balancer.
 *
 * What it may call is fixed when the program runs; a new service, another port or gateway means new files. For machines that others call
 * by name, that come and go, or whose policies change by themselves, use MeshVmGroup.
 *
 * @example
 * const laptop = new StandaloneEnvoy(chart, 'laptop', {
 *   mesh,
 *   gateways: [{ address: 'eastwest.example.com' }],
 *   services: [
 *     StandaloneService.group(group),
 *     StandaloneService.fromHost('ledger.shop.svc.cluster.local', {
 *       port: 5432, localPort: 5432, protocol: ServiceProtocol.TCP,
 *       identities: [MeshIdentity.serviceAccount('shop', 'ledger')],
 *     }),
 *   ],
 * });
 * group.allowFrom(Caller.standalone(laptop));
 * @throws ValidationError with every problem of the properties.
 */
export class StandaloneEnvoy extends Construct {
  /** The mesh whose services are called. */
  public readonly mesh: Mesh;
  /** Name of the machine. */
  public readonly envoyName: string;
  /** Namespace of the identity. */
  public readonly namespace: string;
  /** ServiceAccount that stands for the machine in the mesh. */
  public readonly serviceAccount: string;

  private readonly resolved: ResolvedStandalone;
  private readonly certificates: EnvoyCertificates;

  public constructor(scope: Construct, id: string, props: StandaloneEnvoyProps) {
    super(scope, id);
    const program = Registry.ofProgram(this);
    const resolved = resolveStandalone(props, id, Chart.of(this).namespace ?? '', program);
    const problems = new Problems();
    checkStandalone(problems, props, resolved, program);
    if (resolved.inbound !== undefined) {
      checkInboundOwners(problems.at('inbound'), program, resolved.inbound);
    }
    problems.throwIfAny(this.node.path);
    if (resolved.inbound !== undefined) claimInbound(program, this.node.path, resolved.inbound);

    this.resolved = resolved;
    this.certificates = certificatesOf(props);
    this.mesh = props.mesh;
    this.envoyName = resolved.spec.name;
    this.namespace = resolved.namespace;
    this.serviceAccount = resolved.serviceAccount;

    emitAll(this, standaloneObjects(props, resolved));
  }

  /** SPIFFE ID that the machine's certificate must carry. */
  public get spiffeId(): string {
    return this.resolved.spec.identity;
  }

  /**
   * The files that Envoy reads, by their names in the folder of the configuration: `envoy.yaml`, `certificate.yaml` and `roots.yaml`, and
   * `hosts` where names resolve by a hosts block. Always the same text for the same properties, and nothing secret.
   */
  public files(): Readonly<Record<string, string>> {
    return envoyFiles(this.resolved.spec);
  }

  /**
   * What fetches and renews the certificate on the machine, by the names of the files in the folder of the configuration: for Vault
   * `vault-agent.hcl` and the unit `meshvm-certificate.service`, for cert-manager a program, its settings and the units
   * `meshvm-certificate.service` and `.timer`. Enable the service, or the timer where there is one. Nothing for files of one's own, and
   * nothing secret.
   *
   * @param options Whose files they are.
   */
  public certificateFiles(options: CertificateProgramOptions = {}): Readonly<Record<string, string>> {
    const { user = 'meshvm-envoy' } = options;
    return certificateFiles(this.certificates, certificateOwner(this.resolved), { user });
  }

  /**
   * What who rules Vault writes to it for this machine: the PKI role, the policy, and the role of the auth method. Nothing where the
   * certificate comes from elsewhere.
   */
  public vaultWrites(): readonly VaultWrite[] {
    const spec = vaultSpec(this.certificates, certificateOwner(this.resolved));
    return spec === undefined ? [] : vaultWrites(spec);
  }

  /**
   * The same machine as a file for `meshvm envoy` and `meshvm laptop`: what a developer needs who has neither the program nor the cluster.
   * Groups and machines of the program stand in it as hosts, callers as ServiceAccounts and namespaces.
   *
   * Of `inbound` it has the machine's side. The ServiceEntry and the DestinationRule, by which the mesh calls the machine, are objects of
   * the program. Of a certificate from Vault or cert-manager it has the names of the files; what fetches them is `certificateFiles()`.
   */
  public machineFile(): string {
    const balanced = this.resolved.inbound?.calls.exposure.balanced;
    return machineFile({ ...this.resolved, balanced });
  }

  /**
   * The user-data of a machine with cloud-init and systemd that runs this Envoy: a cloud-config. What fetches the certificate from
   * Vault or cert-manager is part of it; a certificate of one's own comes to the machine by other means. Envoy starts once it is there. Nothing in
   * the text is secret.
   *
   * @throws ValidationError for properties with problems, a secret among them, and for more text than the place takes.
   */
  public userData(props: StandaloneUserDataProps): string {
    return renderEnvoyUserData(this.node.path, this.resolved.spec, this.certificateFiles(), props);
  }

  /**
   * A Compose file that puts this Envoy beside a service of yours. Give it to Docker Compose after your own file.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public composeFile(props: StandaloneComposeProps): string {
    const content = resolveCompose(this.resolved.spec, props);
    const problems = new Problems();
    checkCompose(problems, content);
    problems.throwIfAny(this.node.path);
    return composeFile(content);
  }
}
