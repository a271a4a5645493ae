import { CONFIG_MAPS, NAMESPACES } from '../bootstrap-abuses';
import { type Caller, type Impersonator, tokenRequest } from '../bootstrap-access-fixtures';
import { type ControlPlane, Machine } from '../harness';

export interface CredentialedMachineOptions {
  readonly name: string;
  /** Who fetches the files and the token: a credential of the group. */
  readonly caller: Caller;
  readonly group: string;
  /** What becomes of the files before the machine has them. */
  readonly clusterEnv?: (text: string) => string;
  readonly meshYaml?: (text: string) => string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A machine with the files and the token of a group, as its credentials fetch them. */
export async function credentialedMachine(
  controlPlane: ControlPlane,
  impersonator: Impersonator,
  { name, caller, group, env, clusterEnv = (text) => text, meshYaml = (text) => text }: CredentialedMachineOptions,
): Promise<Machine> {
  const data = async (configMap: string) => {
    const { body } = await impersonator.call(caller, 'GET', `${CONFIG_MAPS}/${configMap}`);
    return body.data as Readonly<Record<string, string>>;
  };
  const bundle = await data(`${group}-bootstrap`);
  const root = await data('istio-ca-root-cert');
  const tokens = `${NAMESPACES}/payments/serviceaccounts/${group}/token`;
  const { status } = (await impersonator.call(caller, 'POST', tokens, tokenRequest())).body;
  return await Machine.create(controlPlane, {
    name,
    files: {
      clusterEnv: clusterEnv(bundle['cluster.env']),
      meshYaml: meshYaml(bundle['mesh.yaml']),
      rootCertificate: root['root-cert.pem'],
      token: (status as { readonly token: string }).token,
      hosts: '',
    },
    hosts: controlPlane.istiodHosts(),
    env,
  });
}
