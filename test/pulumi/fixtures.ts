import * as pulumi from '@pulumi/pulumi';
import type { EastWestGatewayArgs, MeshArgs, MeshVmArgs, MeshVmGroupArgs } from 'meshvm/pulumi';
import { type ProgramOptions, type Registered, runProgram } from './program';

/** The mesh that most tests speak of. */
export function meshArgs(args: Partial<MeshArgs> = {}): MeshArgs {
  return { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1', ...args };
}

/** Good arguments of a group, to change one at a time. */
export function groupArgs(args: Partial<MeshVmGroupArgs> = {}): MeshVmGroupArgs {
  return {
    mesh: meshArgs(),
    namespace: 'payments',
    ports: [{ name: 'http', port: 8080 }],
    network: { flat: { cidrs: ['10.20.0.0/16'] } },
    ...args,
  };
}

/** Good arguments of a group whose machines join by themselves. */
export function joiningArgs(args: Partial<MeshVmGroupArgs> = {}): MeshVmGroupArgs {
  return groupArgs({
    identity: { eks: { cluster: 'prod-eu' } },
    gateway: { serviceName: 'istio-eastwestgateway' },
    ...args,
  });
}

/** Good arguments of a single machine. */
export function vmArgs(args: Partial<MeshVmArgs> = {}): MeshVmArgs {
  return {
    mesh: meshArgs(),
    namespace: 'payments',
    ports: [{ name: 'http', port: 8080 }],
    network: { flat: { cidrs: ['10.20.0.0/16'] } },
    address: '10.20.1.7',
    ...args,
  };
}

/** Good arguments of a gateway. */
export function gatewayArgs(args: Partial<EastWestGatewayArgs> = {}): EastWestGatewayArgs {
  return { mesh: meshArgs(), loadBalancer: { metalLb: {} }, ...args };
}

/** What a program registers. */
export async function registered(program: () => unknown, options?: ProgramOptions): Promise<readonly Registered[]> {
  const { resources } = await runProgram(async () => {
    await program();
  }, options);
  return resources;
}

/** The one resource of a name. */
export function named(resources: readonly Registered[], name: string): Registered {
  const found = resources.filter((resource) => resource.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources ${name} in ${resources.map((r) => r.name)}`);
  return found[0];
}

/** What a component's constructor complains of, as `propertyPath [rule]`; and that it registered nothing. */
export async function refusal(program: () => unknown): Promise<readonly string[]> {
  let complaint: readonly string[] = [];
  const resources = await registered(() => {
    complaint = complaintOf(program);
  });
  if (complaint.length === 0) throw new Error('expected an InputPropertiesError, but nothing was thrown');
  if (resources.length > 0) throw new Error(`registered all the same: ${resources.map(({ name }) => name)}`);
  return complaint;
}

/** The same of what is called in a program; empty where it complains of nothing. */
export function complaintOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    return detailsOf(error);
  }
  return [];
}

/** The same for an error that a test has at hand. */
export function detailsOf(error: unknown): readonly string[] {
  if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
  const details = (error as unknown as { errors?: readonly pulumi.InputPropertyErrorDetails[] }).errors ?? [];
  return details.map(({ propertyPath, reason }) => {
    const id = /\[([-\w]+\/[-\w]+)\]$/.exec(reason)?.[1];
    return id === undefined ? `${propertyPath}: ${reason}` : `${propertyPath} [${id}]`;
  });
}

/** A value that is known once resources are there. */
export function later<T>(value: T): pulumi.Output<T> {
  return pulumi.output(new Promise<T>((resolve) => setImmediate(() => resolve(value)))) as pulumi.Output<T>;
}

/** A value that a preview doesn't know. */
export function unknown<T>(): pulumi.Output<T> {
  const { Output } = pulumi as unknown as { Output: new (...args: unknown[]) => pulumi.Output<T> };
  const no = Promise.resolve(false);
  return new Output(new Set(), Promise.resolve(undefined), no, no, Promise.resolve(new Set()));
}

/** How mocks see a value that a preview doesn't know. */
export const UNKNOWN = { __pulumiUnknown: true };
