import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { type Place, placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { Mesh } from '../mesh/mesh';
import type { PlannedEnvoy } from './plan-standalone';
import shapes from './shapes.json';
import type { StandaloneUserDataProps } from './standalone-user-data';
import type { VaultWrite } from './vault-auth';

/** What a StandaloneEnvoy and a ForwardingProxyGroup have in common: an identity in the cluster, and the files of machines that have it. */
export abstract class EnvoyWithoutControlPlane extends Construct {
  /** The mesh whose services are called. */
  public readonly mesh: Mesh;
  /** Name of the machine, or of the group. */
  public readonly envoyName: string;
  /** Namespace of the identity. */
  public readonly namespace: string;
  /** ServiceAccount that stands for the machine in the mesh: with proxies that others share for all of their clients. */
  public readonly serviceAccount: string;

  /** @internal */
  protected readonly planned: PlannedEnvoy;

  /**
   * Plans and emits what the two have in common.
   * @internal
   */
  protected constructor(scope: Construct, id: string, plan: (place: Place) => PlannedEnvoy) {
    super(scope, id);
    this.planned = plan(placeOf(this));
    this.mesh = this.planned.mesh;
    this.envoyName = this.planned.spec.name;
    this.namespace = this.planned.namespace;
    this.serviceAccount = this.planned.serviceAccount;
    emitAll(this, this.planned.objects);
  }

  /** SPIFFE ID that the certificate of each machine must carry. */
  public get spiffeId(): string {
    return this.planned.spec.identity;
  }

  /**
   * The files that Envoy reads, by their names in the folder of the configuration: `envoy.yaml`, `certificate.yaml` and `roots.yaml`, and
   * `hosts` where names resolve by a hosts block. Always the same text for the same properties, and nothing secret.
   */
  public files(): Readonly<Record<string, string>> {
    return this.planned.files();
  }

  /**
   * What who rules Vault writes to it for this machine: the PKI role, the policy, and the role of the auth method. Nothing where the
   * certificate comes from elsewhere.
   */
  public vaultWrites(): readonly VaultWrite[] {
    return this.planned.vaultWrites();
  }

  /**
   * The user-data of a machine with cloud-init and systemd that runs this Envoy: a cloud-config. What fetches the certificate from
   * Vault or cert-manager is part of it; a certificate of one's own comes to the machine by other means. Envoy starts once it is there. Nothing in
   * the text is secret.
   *
   * @throws ValidationError for properties with problems, a secret among them, and for more text than the place takes.
   */
  public userData(props: StandaloneUserDataProps): string {
    const { path } = this.node;
    return this.planned.userData(path, readSpec(path, props, shapes, 'StandaloneUserDataProps'));
  }
}
