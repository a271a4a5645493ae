import type { Construct } from 'constructs';
import { readSpec } from '../core/spec/spec';
import { ENVOY_USER } from './envoy/unit';
import { EnvoyWithoutControlPlane } from './envoy-without-control-plane';
import { planStandaloneEnvoy } from './plan-standalone';
import shapes from './shapes.json';
import type { StandaloneComposeProps } from './standalone-compose';
import type { StandaloneEnvoyProps } from './standalone-envoy-props';

/**
 * How what fetches the certificate runs on the machine.
 * @args CertificateProgramArgs
 */
export interface CertificateProgramOptions {
  /**
   * User that Envoy runs as: what fetches the certificate runs as the same one, and the folder of the certificate is theirs, mode 0700.
   * @default 'meshvm-envoy'
   * @argsPlain
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
export class StandaloneEnvoy extends EnvoyWithoutControlPlane {
  public constructor(scope: Construct, id: string, props: StandaloneEnvoyProps) {
    super(scope, id, (place) =>
      planStandaloneEnvoy(readSpec(place.path, props, shapes, 'StandaloneEnvoyProps'), place),
    );
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
    const { user = ENVOY_USER } = readSpec(this.node.path, options, shapes, 'CertificateProgramOptions');
    return this.planned.certificateFiles(user);
  }

  /**
   * The same machine as a file for `meshvm envoy` and `meshvm laptop`: what a developer needs who has neither the program nor the cluster.
   * Groups and machines of the program stand in it as hosts, callers as ServiceAccounts and namespaces.
   *
   * Of `inbound` it has the machine's side. The ServiceEntry and the DestinationRule, by which the mesh calls the machine, are objects of
   * the program. Of a certificate from Vault or cert-manager it has the names of the files; what fetches them is `certificateFiles()`.
   */
  public machineFile(): string {
    return this.planned.machineFile();
  }

  /**
   * A Compose file that puts this Envoy beside a service of yours. Give it to Docker Compose after your own file.
   *
   * @throws ValidationError with every problem of the properties.
   */
  public composeFile(props: StandaloneComposeProps): string {
    const { path } = this.node;
    return this.planned.composeFile(path, readSpec(path, props, shapes, 'StandaloneComposeProps'));
  }
}
