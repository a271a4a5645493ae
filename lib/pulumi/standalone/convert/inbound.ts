import type * as pulumi from '@pulumi/pulumi';
import { readSpec } from '../../../core/spec/spec';
import type { InboundCalls, InboundPort } from '../../../standalone/inbound-calls';
import { InboundExposure } from '../../../standalone/inbound-exposure';
import { healthCheckOf } from '../../../standalone/private/from-data';
import trafficShapes from '../../../traffic/shapes.json';
import type { InboundTraffic } from '../../../traffic/traffic-settings';
import { type CallerData, callerData, callerOf } from '../../access/convert/targets';
import type { ArgumentProblems } from '../../core/arguments';
import type { InboundCallsArgs, InboundPortArgs } from '../inbound-calls-args';
import type { InboundExposureArgs } from '../inbound-exposure-args';

/** InboundCallsArgs as data of a plan. */
export interface InboundData {
  readonly callers?: readonly CallerData[];
  readonly ports: readonly InboundPortData[];
  readonly options: pulumi.Unwrap<Omit<InboundCallsArgs, 'callers' | 'ports'>>;
}

interface InboundPortData {
  readonly callers?: readonly CallerData[];
  readonly options: Omit<InboundPortArgs, 'callers'>;
}

/** Arguments with what is known of the callers that they refer to; Inputs are leaves of the plan. */
export function inboundData({ callers, ports, ...options }: InboundCallsArgs): InboundData {
  return {
    callers: callers?.map((caller, index) => callerData(caller, `inbound.callers[${index}]`)),
    ports: ports.map(({ callers: ofPort, ...port }, index) => ({
      callers: ofPort?.map((caller, place) => callerData(caller, `inbound.ports[${index}].callers[${place}]`)),
      options: port,
    })),
    options: options as InboundData['options'],
  };
}

/** What the mesh may call, by a component's arguments; of what is wrong, which is noted, something with which the rest can be checked. */
export function inboundOf(problems: ArgumentProblems, { callers, ports, options }: InboundData): InboundCalls {
  const { exposure, traffic, ...others } = options;
  renameProperties(problems, exposure);
  return {
    ...others,
    exposure: exposureOf(problems, exposure),
    callers: callersOf(problems, 'inbound', callers),
    ports: ports.map((port, index) => portOf(problems, `inbound.ports[${index}]`, port)),
    traffic: traffic && problems.convert('inbound.traffic', () => readTraffic(traffic)),
  };
}

function readTraffic(traffic: unknown): InboundTraffic {
  return readSpec('inbound.traffic', traffic as InboundTraffic, trafficShapes, 'InboundTraffic');
}

/** Where the properties of the objects that are made of the calls stand among the arguments. */
function renameProperties(problems: ArgumentProblems, exposure: pulumi.Unwrap<InboundExposureArgs>): void {
  problems.rename('inbound.hosts[0]', 'inbound.host');
  problems.rename('inbound.addresses', 'inbound.virtualAddresses');
  exposure?.direct?.addresses.forEach((_, index) => {
    const place = `inbound.exposure.direct.addresses[${index}]`;
    problems.rename(`inbound.endpoints[${index}].address`, place);
  });
  for (const kind of ['loadBalancer', 'httpsLoadBalancer'] as const) {
    if (exposure?.[kind]) problems.rename('inbound.endpoints[0].address', `inbound.exposure.${kind}.dnsName`);
  }
}

function exposureOf(problems: ArgumentProblems, args: pulumi.Unwrap<InboundExposureArgs>): InboundExposure {
  const exposure = problems.one<pulumi.Unwrap<InboundExposureArgs>, InboundExposure>('inbound.exposure', args, {
    direct: ({ addresses }) => InboundExposure.direct(addresses),
    loadBalancer: ({ dnsName }) => InboundExposure.loadBalancer(dnsName),
    httpsLoadBalancer: ({ dnsName, ...options }) => InboundExposure.httpsLoadBalancer(dnsName, options),
  });
  if (exposure !== undefined) return exposure;
  // Of the same kind, because who may call depends on it.
  if (args?.httpsLoadBalancer === undefined) return InboundExposure.direct(['192.0.2.1']);
  return InboundExposure.httpsLoadBalancer('stand-in.invalid', { sourceRanges: ['192.0.2.0/24'] });
}

function portOf(problems: ArgumentProblems, path: string, { callers, options }: InboundPortData): InboundPort {
  const { healthCheck, ...others } = options;
  return {
    ...others,
    callers: callersOf(problems, path, callers),
    healthCheck: healthCheck && healthCheckOf(problems, `${path}.healthCheck`, healthCheck),
  };
}

function callersOf(problems: ArgumentProblems, path: string, callers: readonly CallerData[] | undefined) {
  return callers?.map((caller, index) => callerOf(problems, `${path}.callers[${index}]`, caller));
}
