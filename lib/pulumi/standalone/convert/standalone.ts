import type * as pulumi from '@pulumi/pulumi';
import { readSpec } from '../../../core/spec/spec';
import type { Mesh } from '../../../mesh/mesh';
import {
  accessLogOf,
  gatewaysOf,
  healthCheckOf,
  meshIdentityOf,
  nameResolutionOf,
  transcodingOf,
} from '../../../standalone/private/from-data';
import type { StandaloneEnvoyProps } from '../../../standalone/standalone-envoy-props';
import { type StandaloneHostOptions, StandaloneService } from '../../../standalone/standalone-service';
import type { Retries } from '../../../traffic/retries';
import trafficShapes from '../../../traffic/shapes.json';
import type { ArgumentProblems } from '../../core/arguments';
import { namespaceSpec, serviceAccountSpec } from '../../machines/owner-spelling';
import { groupOf, groupReference, type MemberReference, machineOf, machineReference } from '../../machines/references';
import type { EnvoyArgs, StandaloneEnvoyArgs } from '../standalone-envoy-args';
import type { StandaloneServiceArgs } from '../standalone-service-args';
import { certificatesOf } from './envoy-certificates';

/** StandaloneServiceArgs as data of a plan. */
export interface StandaloneServiceData {
  readonly group?: MemberReference;
  readonly machine?: MemberReference;
  readonly options: pulumi.Unwrap<Omit<StandaloneServiceArgs, 'group' | 'machine'>>;
}

/** Arguments with what is known of the machines that they refer to; Inputs are leaves of the plan. */
export function serviceData(args: StandaloneServiceArgs, path: string): StandaloneServiceData {
  const { group, machine, ...options } = args;
  return {
    group: group && groupReference(group, `${path}.group`),
    machine: machine && machineReference(machine, `${path}.machine`),
    options: options as StandaloneServiceData['options'],
  };
}

/** Properties by a component's arguments. What is wrong is noted, and replaced by something with which the rest can be checked. */
export function standalonePropsOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<Omit<EnvoyArgs, 'services'> & Pick<StandaloneEnvoyArgs, 'nameResolution'>>,
  services: readonly StandaloneServiceData[],
  mesh: Mesh,
  name: string,
): StandaloneEnvoyProps {
  const { certificates, nameResolution, accessLog } = args;
  const { failover, httpPort, adminPort, metrics, directory } = args;
  return {
    mesh,
    name: args.name,
    namespace: namespaceSpec(problems, args),
    serviceAccount: serviceAccountSpec(problems, args, args.name ?? name),
    gateways: gatewaysOf(problems, args.gateways),
    services: services.map((service, index) => serviceOf(problems, `services[${index}]`, service)),
    certificates: certificates && certificatesOf(problems, certificates),
    nameResolution: nameResolution && nameResolutionOf(problems, nameResolution),
    accessLog: accessLog && accessLogOf(problems, accessLog),
    ...{ failover, httpPort, adminPort, metrics, directory },
  };
}

function readRetries(retries: unknown): Retries {
  return readSpec('retries', retries as Retries, trafficShapes, 'Retries');
}

/** What tells services apart, of which there must be one. */
interface Called {
  readonly group?: MemberReference;
  readonly machine?: MemberReference;
  readonly host?: string;
}

function serviceOf(problems: ArgumentProblems, path: string, data: StandaloneServiceData): StandaloneService {
  const { host, identities, retries, healthCheck, transcoding, ...others } = data.options;
  if (identities !== undefined && host === undefined) {
    problems.add(`${path}.identities`, 'it needs host; of a group or machine it is known who answers');
  }
  const options = {
    ...others,
    retries: retries && problems.convert(`${path}.retries`, () => readRetries(retries)),
    healthCheck: healthCheck && healthCheckOf(problems, `${path}.healthCheck`, healthCheck),
    transcoding: transcoding && transcodingOf(problems, `${path}.transcoding`, transcoding),
  };
  const known = (identities ?? []).map((identity, index) =>
    meshIdentityOf(problems, `${path}.identities[${index}]`, identity),
  );
  // What a host needs besides is missed by the checks.
  const byHost = (name: string) =>
    StandaloneService.fromHost(name, { ...options, identities: known } as StandaloneHostOptions);
  const { group, machine } = data;
  const called = { group, machine, host };
  const service = problems.one<Called, StandaloneService>(path, called, {
    group: (reference) => StandaloneService.group(groupOf(problems, reference), options),
    machine: (reference) => StandaloneService.machine(machineOf(problems, reference), options),
    host: byHost,
  });
  return service ?? byHost('stand-in.invalid');
}
