import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../../core/place';
import { ENVOY_USER } from '../../standalone/envoy/unit';
import { planStandaloneEnvoy } from '../../standalone/plan-standalone';
import type { StandaloneEnvoyProps } from '../../standalone/standalone-envoy-props';
import type { ArgumentProblems } from '../core/arguments';
import { registerObjects } from '../core/register-objects';
import { plannedUserData } from '../join/planned-user-data';
import { TARGETS } from '../join/user-data-spelling';
import { type Face, planComponent } from '../machines/component-plan';
import { ownerSpec } from '../machines/owner-spelling';
import { type PlannedStandalone, plannedStandalone } from './planned-standalone';
import shapes from './shapes.json';
import type { StandaloneEnvoyArgs } from './standalone-envoy-args';
import type { StandaloneEnvoySpelling, StandaloneUserDataSpelling } from './standalone-envoy-spelling';
import type { VaultWrite } from './vault-write';

/**
 * A machine, container or laptop that calls services of the mesh through the east-west gateway alone: Envoy with a static configuration
 * and a certificate rooted in the mesh's trust, as the cdk8s construct of the same name. In the cluster it is a ServiceAccount; what runs
 * on the machine is the output `files`, and `certificateFiles` for what fetches its certificate.
 *
 * With `inbound` the mesh calls the machine too, by a ServiceEntry of fixed addresses or a load balancer.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class StandaloneEnvoy extends pulumi.ComponentResource {
  /** Name of the machine. */
  public readonly envoyName!: pulumi.Output<string>;
  /** Namespace of the identity. */
  public readonly namespace!: pulumi.Output<string>;
  /** ServiceAccount that stands for the machine in the mesh. */
  public readonly serviceAccount!: pulumi.Output<string>;
  /** SPIFFE ID that the machine's certificate must carry. */
  public readonly spiffeId!: pulumi.Output<string>;
  /** The files that Envoy reads, by their names in the folder of the configuration. Nothing in them is secret. */
  public readonly files!: pulumi.Output<Record<string, string>>;

  /**
   * What fetches and renews the certificate on the machine, by the names of the files in the folder of the configuration: for Vault
   * `vault-agent.hcl` and the unit `meshvm-certificate.service`, for cert-manager a program, its settings and the units
   * `meshvm-certificate.service` and `.timer`. Enable the service, or the timer where there is one. Empty for files of one's own. Nothing in
   * them is secret.
   */
  public readonly certificateFiles!: pulumi.Output<Record<string, string>>;
  /**
   * What who rules Vault writes to it for this machine: the PKI role, the policy, and the role of the auth method, in this order; the last is
   * missing where the machine has a token. Empty where the certificate comes from elsewhere.
   */
  public readonly vaultWrites!: pulumi.Output<VaultWrite[]>;
  /**
   * The same machine as a file for `meshvm envoy` and `meshvm laptop`: what a developer needs who has neither the program nor the cluster.
   * Groups and machines of the program stand in it as hosts. Nothing in it is secret.
   */
  public readonly machineFile!: pulumi.Output<string>;
  /**
   * The user-data of a machine with cloud-init and systemd that runs this Envoy; empty unless `userData` was given. What fetches the certificate
   * from Vault or cert-manager is part of it; a certificate of one's own comes to the machine by other means. Envoy starts once it is there.
   * Nothing in it is secret.
   */
  public readonly userData!: pulumi.Output<string>;
  /** A Compose file to give to Docker Compose after your own file; empty unless `compose` was given. */
  public readonly composeFile!: pulumi.Output<string>;

  public constructor(name: string, args: StandaloneEnvoyArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'StandaloneEnvoy',
      type: 'StandaloneEnvoySpelling',
      shapes,
      spelled: ownerSpec<StandaloneEnvoySpelling>,
      plan,
    });
    const { shape } = planned;
    super('meshvm:index:StandaloneEnvoy', name, {}, options);
    registerObjects(this, name, planned, options, args.mesh);

    this.envoyName = pulumi.output(shape.envoyName);
    this.namespace = pulumi.output(shape.namespace);
    this.serviceAccount = pulumi.output(shape.serviceAccount);
    this.spiffeId = pulumi.output(shape.spiffeId);
    this.files = pulumi.output({ ...shape.files });
    this.certificateFiles = pulumi.output({ ...shape.certificateFiles });
    this.vaultWrites = pulumi.output([...shape.vaultWrites]);
    this.machineFile = pulumi.output(shape.machineFile);
    this.userData = pulumi.output(shape.userData);
    this.composeFile = pulumi.output(shape.composeFile);
    this.registerOutputs({
      envoyName: this.envoyName,
      namespace: this.namespace,
      serviceAccount: this.serviceAccount,
      spiffeId: this.spiffeId,
      files: this.files,
      certificateFiles: this.certificateFiles,
      vaultWrites: this.vaultWrites,
      machineFile: this.machineFile,
      userData: this.userData,
      composeFile: this.composeFile,
    });
  }
}

/** The spec of the construct, and what its methods are asked. */
type StandaloneEnvoySpec = StandaloneEnvoyProps &
  Pick<StandaloneEnvoySpelling, 'certificateProgram' | 'userData' | 'compose'>;

/** What only a machine of its own has. */
interface PlannedMachine extends PlannedStandalone {
  readonly certificateFiles: Readonly<Record<string, string>>;
  readonly vaultWrites: readonly VaultWrite[];
  readonly machineFile: string;
  /** Empty without arguments for it, as `composeFile`. */
  readonly userData: string;
  readonly composeFile: string;
}

function plan(spec: StandaloneEnvoySpec, place: Place, face: Face): PlannedMachine {
  const { certificateProgram = {}, userData, compose, ...machine } = spec;
  const { problems } = face;
  const told = userData && toldOf(problems, userData);
  const envoy = planStandaloneEnvoy(machine, place);
  const composed = compose && problems.convert('compose', () => envoy.composeFile('compose', compose));
  return {
    ...plannedStandalone(envoy),
    certificateFiles: envoy.certificateFiles(certificateProgram.user ?? ENVOY_USER),
    vaultWrites: envoy.vaultWrites().map(({ path, data }) => ({ path, dataJson: JSON.stringify(data) })),
    machineFile: envoy.machineFile(),
    userData: told === undefined ? '' : (plannedUserData(face, () => envoy.userData('userData', told)) ?? ''),
    composeFile: composed ?? '',
  };
}

function toldOf(problems: ArgumentProblems, { envoy, target, cloudConfig: yaml }: StandaloneUserDataSpelling) {
  problems.rename('userData.cloudConfig.yaml', 'userData.cloudConfig');
  problems.rename('userData.userData', 'userData');
  return { envoy, target: target && TARGETS[target], cloudConfig: yaml === undefined ? undefined : { yaml } };
}
