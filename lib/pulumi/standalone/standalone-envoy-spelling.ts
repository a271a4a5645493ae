import type { EnvoyPackage } from '../../standalone/envoy-package';
import type { ProxyClients } from '../../standalone/proxy-clients';
import type { StandaloneComposeProps } from '../../standalone/standalone-compose';
import type { CertificateProgramOptions } from '../../standalone/standalone-envoy';
import type { EnvoyProps, StandaloneEnvoyProps } from '../../standalone/standalone-envoy-props';
import type { UserDataTargetKind } from '../join/user-data-props';
import type { NamespaceSpelling, ServiceAccountSpelling } from '../machines/owner-spelling';

/**
 * What all Envoys without a control plane have in common: who they are, what they call, and how.
 * @args EnvoyArgs
 */
export interface EnvoySpelling
  extends Omit<EnvoyProps, 'namespace' | 'serviceAccount'>,
    NamespaceSpelling,
    Omit<ServiceAccountSpelling, 'shareServiceAccount'> {}

/** Properties of StandaloneEnvoy. */
export interface StandaloneEnvoySpelling extends EnvoySpelling, Omit<StandaloneEnvoyProps, keyof EnvoyProps> {
  /**
   * How what fetches the certificate runs on the machine, for the output `certificateFiles`.
   * @default - see each property of CertificateProgramArgs
   */
  readonly certificateProgram?: CertificateProgramOptions;

  /**
   * What a machine with cloud-init and systemd that runs this Envoy is told at its first boot, for the output `userData`.
   * @default - nothing: the machine gets the files by other means
   */
  readonly userData?: StandaloneUserDataSpelling;

  /**
   * A Compose file that puts this Envoy beside a service of yours, for the output `composeFile`.
   * @default - none
   */
  readonly compose?: StandaloneComposeProps;
}

/**
 * What a new machine with an Envoy of its own is told at its first boot. No secret is among it, nor may one be.
 * @args StandaloneUserDataArgs
 */
export interface StandaloneUserDataSpelling {
  /** Where the machine has the program Envoy from. Never guessed: a machine runs no program that nobody has named. */
  readonly envoy: EnvoyPackage;

  /**
   * Where the text goes: its limit and its encoding.
   * @default UserDataTargetKind.Ec2 which has the lowest limit, 16 KB of plain text
   */
  readonly target?: UserDataTargetKind;

  /**
   * The text of a cloud-config of your own, such as what fetches the certificate. Its lists come together with ours: our files first, then its
   * files; its commands (`runcmd`) once Envoy's user and the folder of its certificates are there, and before Envoy starts. All else is kept as
   * it is.
   * @default - none
   */
  readonly cloudConfig?: string;
}

/**
 * Properties of ForwardingProxyGroup that its Envoys follow from. Services have no `localAddress`: each proxy takes clients on all of its own
 * addresses.
 * @args ForwardingProxyEnvoyArgs
 */
export interface ForwardingProxyGroupSpelling extends EnvoySpelling {
  /** Who may use the proxies. Never guessed: to the mesh all of them are one caller. */
  readonly clients: ProxyClients;

  /** Where proxies have the program Envoy from. Never guessed: a machine runs no program that nobody has named. */
  readonly envoy: EnvoyPackage;

  /**
   * The text of a cloud-config of your own, such as what fetches the certificate and renews it: its commands (`runcmd`) run once Envoy's user
   * and the folder of its certificates are there, and before Envoy starts. No secret may be in it. User-data holds at most 16 KB; more than
   * that is compressed, and what is still more is refused.
   * @default - none: the image brings the certificate, or what fetches it
   */
  readonly cloudConfig?: string;
}
