import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../core/kubernetes-object';
import { certificateFiles, vaultSpec } from '../../standalone/certificate-files';
import { composeFile } from '../../standalone/envoy/compose';
import { envoyFiles } from '../../standalone/envoy/files';
import { machineFile } from '../../standalone/envoy/machine-file';
import { ENVOY_USER } from '../../standalone/envoy/unit';
import { vaultWrites } from '../../standalone/envoy/vault';
import type { SharedProps } from '../../standalone/private/clients';
import { checkCompose, resolveCompose } from '../../standalone/private/compose';
import { checkInboundOwners, claimInbound } from '../../standalone/private/inbound-objects';
import { renderEnvoyUserData } from '../../standalone/render-user-data';
import {
  certificateOwner,
  certificatesOf,
  checkStandalone,
  type ResolvedStandalone,
  resolveStandalone,
  standaloneObjects,
} from '../../standalone/resolve-standalone';
import type { StandaloneEnvoyProps } from '../../standalone/standalone-envoy-props';
import type { StandaloneUserDataProps } from '../../standalone/standalone-user-data';
import { ArgumentProblems } from '../core/arguments';
import { type Plan, plan, type Run } from '../core/plan';
import { ProgramView } from '../machines/program-view';
import { meshOrStandIn } from '../mesh/convert/mesh';
import { type InboundData, inboundData, inboundOf } from './convert/inbound';
import { type StandaloneServiceData, serviceData, standalonePropsOf } from './convert/standalone';
import { standaloneUserDataOf } from './convert/standalone-user-data';
import type { VaultWrite } from './envoy-certificates-args';
import type { StandaloneComposeArgs } from './standalone-compose-args';
import type { EnvoyArgs, StandaloneEnvoyArgs } from './standalone-envoy-args';

/** All that a machine without a control plane consists of. */
export interface PlannedStandalone {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly envoyName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly spiffeId: string;
  readonly files: Readonly<Record<string, string>>;
}

/** What only the machine of a component of its own has. */
export interface PlannedMachine extends PlannedStandalone {
  readonly certificateFiles: Readonly<Record<string, string>>;
  readonly vaultWrites: readonly VaultWrite[];
  readonly machineFile: string;
  /** Empty without arguments for it, as `composeFile`. */
  readonly userData: string;
  readonly composeFile: string;
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planStandaloneEnvoy(name: string, args: StandaloneEnvoyArgs): Plan<PlannedMachine> {
  const { inbound, certificateProgram = {}, userData, compose, ...others } = args;
  const { user = ENVOY_USER } = certificateProgram;
  const more = { inbound: inbound && inboundData(inbound), userData, compose };
  return planEnvoy('StandaloneEnvoy', name, others, more, (known, problems, run) => {
    const calls = known.inbound as InboundData | undefined;
    const told = known.userData && standaloneUserDataOf(problems, known.userData);
    return {
      own: { inbound: calls && inboundOf(problems, calls) },
      finish: (resolved, props) => {
        return {
          certificateFiles: certificateFiles(certificatesOf(props), certificateOwner(resolved), { user }),
          vaultWrites: plannedVaultWrites(resolved, props),
          machineFile: machineFile({ ...resolved, balanced: resolved.inbound?.calls.exposure.balanced }),
          userData: told === undefined ? '' : planUserData(problems, run, resolved, props, told),
          composeFile: known.compose === undefined ? '' : planCompose(problems, resolved, known.compose),
        };
      },
    };
  });
}

/** What Vault needs to know of an Envoy; nothing where its certificate comes from elsewhere. */
function plannedVaultWrites(resolved: ResolvedStandalone, props: StandaloneEnvoyProps): readonly VaultWrite[] {
  const vault = vaultSpec(certificatesOf(props), certificateOwner(resolved));
  const writes = vault === undefined ? [] : vaultWrites(vault);
  return writes.map(({ path, data }) => ({ path, dataJson: JSON.stringify(data) }));
}

function planUserData(
  problems: ArgumentProblems,
  run: Run,
  resolved: ResolvedStandalone,
  props: StandaloneEnvoyProps,
  told: StandaloneUserDataProps,
): string {
  // The unit of the text runs Envoy as its own user, whoever runs it elsewhere.
  const files = certificateFiles(certificatesOf(props), certificateOwner(resolved), { user: ENVOY_USER });
  const render = () => problems.convert('userData', () => renderEnvoyUserData('userData', resolved.spec, files, told));
  // What is wrong whatever the Inputs will be is told before anything is registered.
  if (run.first && run.later !== undefined) render();
  return run.later ?? render() ?? '';
}

function planCompose(
  problems: ArgumentProblems,
  { spec }: ResolvedStandalone,
  compose: pulumi.Unwrap<StandaloneComposeArgs>,
): string {
  const content = resolveCompose(spec, compose);
  checkCompose(problems.problems.at('compose'), content);
  return composeFile(content);
}

/** What a component makes of its Envoy beside what all of them are. */
export interface EnvoyExtension<T> {
  /** Properties of an Envoy that others share. */
  readonly shared?: SharedProps;
  /** Properties of an Envoy of one machine. */
  readonly own?: Pick<StandaloneEnvoyProps, 'inbound'>;
  /** Makes the rest, and notes what is wrong with it. */
  readonly finish: (resolved: ResolvedStandalone, props: StandaloneEnvoyProps) => T;
}

/**
 * @param more Further arguments, with Inputs in the leaves.
 * @param extend Pure, as all that a plan runs.
 * @throws InputPropertiesError with everything that is wrong with the arguments.
 */
export function planEnvoy<More, T>(
  component: string,
  name: string,
  args: EnvoyArgs & Pick<StandaloneEnvoyArgs, 'nameResolution'>,
  more: More,
  extend: (more: pulumi.Unwrap<More>, problems: ArgumentProblems, run: Run) => EnvoyExtension<T>,
): Plan<PlannedStandalone & T> {
  const around = new ProgramView();
  const { services, ...others } = args;
  const data = { others, services: services.map((service, index) => serviceData(service, `services[${index}]`)), more };
  return plan(data, (unwrapped, run): PlannedStandalone & T => {
    const known = unwrapped as {
      readonly others: pulumi.Unwrap<typeof others>;
      readonly services: readonly StandaloneServiceData[];
      readonly more: pulumi.Unwrap<More>;
    };
    const problems = new ArgumentProblems(run);
    const mesh = meshOrStandIn(problems, known.others.mesh);
    const { shared, own, finish } = extend(known.more, problems, run);
    const props = { ...standalonePropsOf(problems, known.others, known.services, mesh, name), ...shared, ...own };
    const references = known.services
      .flatMap(({ group, machine }) => [group, machine])
      .filter((reference) => reference !== undefined);
    const program = around.in(run, references);
    const resolved = resolveStandalone(props, name, '', program);
    checkStandalone(problems.problems, props, resolved, program);
    const { inbound } = resolved;
    if (inbound !== undefined) {
      checkInboundOwners(problems.problems.at('inbound'), program, inbound);
    }
    const rest = finish(resolved, props);
    problems.throwIfAny(`${component} ${name}`);
    if (inbound !== undefined) claimInbound(program, name, inbound);
    return {
      objects: standaloneObjects(props, resolved),
      envoyName: resolved.spec.name,
      namespace: resolved.namespace,
      serviceAccount: resolved.serviceAccount,
      spiffeId: resolved.spec.identity,
      files: envoyFiles(resolved.spec),
      ...rest,
    };
  });
}
