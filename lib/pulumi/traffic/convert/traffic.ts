import type * as pulumi from '@pulumi/pulumi';
import { Locality } from '../../../mesh/locality';
import { HashAlgorithm, HashKey, LoadBalancing } from '../../../traffic/load-balancing';
import { LocalityBalancing } from '../../../traffic/locality-balancing';
import type { HostTraffic, TrafficSettings } from '../../../traffic/traffic-settings';
import { UpstreamTls } from '../../../traffic/upstream-tls';
import type { ArgumentProblems } from '../../core/arguments';
import type { ConsistentHashArgs, HashAlgorithmArgs, HashKeyArgs, LoadBalancingArgs } from '../load-balancing-args';
import type { LocalityBalancingArgs, TrafficLocalityArgs } from '../locality-balancing-args';
import type { HostTrafficArgs, TrafficSettingsArgs } from '../traffic-settings-args';
import type { UpstreamTlsArgs } from '../upstream-tls-args';

/**
 * How callers treat a host, by a component's arguments. What is wrong is noted, and left out.
 *
 * @param prefix Where the arguments stand: empty, or a path that ends with a dot.
 */
export function hostTrafficOf(
  problems: ArgumentProblems,
  prefix: string,
  args: pulumi.Unwrap<HostTrafficArgs>,
): HostTraffic {
  return {
    ...settingsOf(problems, prefix, args),
    ports: args.ports?.map((port, index) => ({
      ...settingsOf(problems, `${prefix}ports[${index}].`, port),
      port: port.port,
    })),
  };
}

function settingsOf(
  problems: ArgumentProblems,
  prefix: string,
  args: pulumi.Unwrap<TrafficSettingsArgs>,
): TrafficSettings {
  const { connectionPool, outlierDetection, loadBalancing, locality, tls } = args;
  return {
    connectionPool,
    outlierDetection,
    loadBalancing: loadBalancing && loadBalancingOf(problems, `${prefix}loadBalancing`, loadBalancing),
    locality: locality && localityBalancingOf(problems, `${prefix}locality`, locality),
    tls: tls && upstreamTlsOf(problems, `${prefix}tls`, tls),
  };
}

function loadBalancingOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<LoadBalancingArgs>,
): LoadBalancing {
  const balancing = problems.one<pulumi.Unwrap<LoadBalancingArgs>, LoadBalancing>(path, args, {
    leastRequest: (options) => LoadBalancing.leastRequest(options),
    roundRobin: (options) => LoadBalancing.roundRobin(options),
    random: () => LoadBalancing.random(),
    consistentHash: (hash, below) => consistentHashOf(problems, below, hash),
  });
  return balancing ?? LoadBalancing.random();
}

function consistentHashOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<ConsistentHashArgs>,
): LoadBalancing {
  const key = problems.one<pulumi.Unwrap<HashKeyArgs>, HashKey>(`${path}.key`, args.key, {
    header: (name) => HashKey.header(name),
    cookie: ({ name, ...options }) => HashKey.cookie(name, options),
    queryParameter: (name) => HashKey.queryParameter(name),
    sourceIp: () => HashKey.sourceIp(),
  });
  const algorithm =
    args.algorithm &&
    problems.one<pulumi.Unwrap<HashAlgorithmArgs>, HashAlgorithm>(`${path}.algorithm`, args.algorithm, {
      ringHash: ({ minimumRingSize }) => HashAlgorithm.ringHash(minimumRingSize),
      maglev: ({ tableSize }) => HashAlgorithm.maglev(tableSize),
    });
  return LoadBalancing.consistentHash(key ?? HashKey.sourceIp(), algorithm);
}

function localityBalancingOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<LocalityBalancingArgs>,
): LocalityBalancing {
  const at = (below: string, place: pulumi.Unwrap<TrafficLocalityArgs>) =>
    problems.convert(below, () => Locality.of(place.region, place.zone, place.subzone)) ?? STAND_IN;
  // Here a region is a text, and no property of a place.
  const region = (below: string, name: string) => {
    problems.rename(`${below}.region`, below);
    return at(below, { region: name });
  };
  const balancing = problems.one<pulumi.Unwrap<LocalityBalancingArgs>, LocalityBalancing>(path, args, {
    nearest: () => LocalityBalancing.nearest(),
    failover: (regions, below) =>
      LocalityBalancing.failover(
        regions.map(({ from, to }, index) => ({
          from: region(`${below}[${index}].from`, from),
          to: region(`${below}[${index}].to`, to),
        })),
      ),
    failoverPriority: (labels) => LocalityBalancing.failoverPriority(labels),
    distribute: (distributions, below) =>
      LocalityBalancing.distribute(
        distributions.map(({ from, to }, index) => ({
          from: from && at(`${below}[${index}].from`, from),
          to: to.map(({ locality, percent }, position) => ({
            locality: at(`${below}[${index}].to[${position}].locality`, locality),
            percent,
          })),
        })),
      ),
    disabled: () => LocalityBalancing.disabled(),
  });
  return balancing ?? LocalityBalancing.disabled();
}

function upstreamTlsOf(problems: ArgumentProblems, path: string, args: pulumi.Unwrap<UpstreamTlsArgs>): UpstreamTls {
  const tls = problems.one<pulumi.Unwrap<UpstreamTlsArgs>, UpstreamTls>(path, args, {
    istioMutual: () => UpstreamTls.istioMutual(),
    disable: () => UpstreamTls.disable(),
    simple: (server) => UpstreamTls.simple(server),
    mutual: (certificate) => UpstreamTls.mutual(certificate),
  });
  return tls ?? UpstreamTls.simple();
}

const STAND_IN = Locality.of('stand-in');
