import type { DestinationRuleSpec } from '../../../imports/networking.istio.io';
import { compact, type KubernetesObject, type Plain } from '../../core/kubernetes-object';
import { localityName } from '../../mesh/locality-name';
import type { ConsistentHash, LoadBalancing } from '../load-balancing';
import type { LocalityBalancing } from '../locality-balancing';
import type { ConnectionPool, HttpConnectionPool, TcpConnectionPool, TrafficSettings } from '../traffic-settings';
import type { UpstreamTls } from '../upstream-tls';

/** A DestinationRule as the builder sees it, every default filled in. Lists and keys are plain. */
export interface DestinationRule {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly settings: TrafficSettings;
  readonly ports: readonly PortSettingsSpec[];
  readonly subsets: readonly SubsetSpec[];
}

/** What holds for one port, all of it: Istio lets a port inherit nothing. */
export interface PortSettingsSpec {
  readonly port: number;
  readonly settings: TrafficSettings;
}

/** The endpoints of a host with these labels. */
export interface SubsetSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

type Spec = Plain<DestinationRuleSpec>;
type Policy = NonNullable<Spec['trafficPolicy']>;

/** Builds the DestinationRule that says how callers treat the endpoints of a host. */
export function destinationRule(rule: DestinationRule): KubernetesObject<Spec> {
  const ports = rule.ports.map(({ port, settings }) => ({ port: { number: port }, ...policyOf(settings) }));
  const policy = compact({ ...policyOf(rule.settings), portLevelSettings: ports.length > 0 ? ports : undefined });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: rule.name, namespace: rule.namespace },
    spec: compact<Spec>({
      host: rule.host,
      trafficPolicy: Object.keys(policy).length > 0 ? policy : undefined,
      subsets: rule.subsets.length > 0 ? rule.subsets : undefined,
    }),
  };
}

/** A duration in Istio's form. */
export function seconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}s`;
}

function policyOf(settings: TrafficSettings): Policy {
  return compact<Policy>({
    connectionPool: settings.connectionPool && connectionPool(settings.connectionPool),
    loadBalancer: loadBalancer(settings.loadBalancing, settings.locality),
    outlierDetection: outlierDetection(settings),
    tls: settings.tls && tlsOf(settings.tls),
  });
}

function connectionPool({ tcp, http }: ConnectionPool): Policy['connectionPool'] {
  return compact({ tcp: tcp && tcpPool(tcp), http: http && httpPool(http) });
}

function tcpPool(pool: TcpConnectionPool): NonNullable<Policy['connectionPool']>['tcp'] {
  const { keepAlive } = pool;
  return compact({
    maxConnections: pool.maxConnections,
    connectTimeout: seconds(pool.connectTimeoutSeconds),
    idleTimeout: seconds(pool.idleTimeoutSeconds),
    maxConnectionDuration: seconds(pool.maxConnectionDurationSeconds),
    tcpKeepalive:
      keepAlive &&
      compact({
        time: seconds(keepAlive.timeSeconds),
        interval: seconds(keepAlive.intervalSeconds),
        probes: keepAlive.probes,
      }),
  });
}

function httpPool(pool: HttpConnectionPool): NonNullable<Policy['connectionPool']>['http'] {
  const { http2KeepAlive, protocol } = pool;
  return compact({
    http1MaxPendingRequests: pool.http1MaxPendingRequests,
    http2MaxRequests: pool.http2MaxRequests,
    maxRequestsPerConnection: pool.maxRequestsPerConnection,
    maxRetries: pool.maxRetries,
    maxConcurrentStreams: pool.maxConcurrentStreams,
    idleTimeout: seconds(pool.idleTimeoutSeconds),
    http2KeepAlive: http2KeepAlive && {
      interval: seconds(http2KeepAlive.intervalSeconds),
      timeout: seconds(http2KeepAlive.timeoutSeconds),
    },
    useClientProtocol: protocol === 'CLIENT' ? true : undefined,
    h2UpgradePolicy: protocol === 'CLIENT' ? undefined : (protocol as never),
  });
}

function outlierDetection({ outlierDetection: outlier }: TrafficSettings): Policy['outlierDetection'] {
  if (outlier === undefined) return undefined;
  const { intervalSeconds, baseEjectionTimeSeconds, consecutiveLocalOriginFailures, ...rest } = outlier;
  return compact({
    ...rest,
    consecutiveLocalOriginFailures,
    splitExternalLocalOriginErrors: consecutiveLocalOriginFailures === undefined ? undefined : true,
    interval: seconds(intervalSeconds),
    baseEjectionTime: seconds(baseEjectionTimeSeconds),
  });
}

function loadBalancer(
  balancing: LoadBalancing | undefined,
  locality: LocalityBalancing | undefined,
): Policy['loadBalancer'] {
  if (balancing === undefined && locality === undefined) return undefined;
  const { leastRequest, roundRobin, random, consistentHash } = balancing ?? {};
  const { warmup } = leastRequest ?? roundRobin ?? {};
  return compact({
    simple: ((leastRequest && 'LEAST_REQUEST') ?? (roundRobin && 'ROUND_ROBIN') ?? (random && 'RANDOM')) as never,
    consistentHash: consistentHash && hashOf(consistentHash),
    warmup:
      warmup &&
      compact({
        duration: seconds(warmup.durationSeconds) as string,
        minimumPercent: warmup.minimumPercent,
        aggression: warmup.aggression,
      }),
    localityLbSetting: locality && localityLbSetting(locality),
  });
}

function hashOf({ key, algorithm }: ConsistentHash): NonNullable<Policy['loadBalancer']>['consistentHash'] {
  const { header, queryParameter, sourceIp, cookie } = key;
  const { ringHash = {}, maglev } = algorithm ?? {};
  return compact({
    httpHeaderName: header,
    httpQueryParameterName: queryParameter,
    useSourceIp: sourceIp ? true : undefined,
    httpCookie: cookie && compact({ name: cookie.name, path: cookie.path, ttl: seconds(cookie.ttlSeconds) }),
    ringHash: maglev ? undefined : { minimumRingSize: ringHash.minimumRingSize ?? 1024 },
    maglev: maglev && { tableSize: maglev.tableSize ?? 65537 },
  });
}

function tlsOf({ istioMutual, disable, simple, mutual }: UpstreamTls): Policy['tls'] {
  const mode = (istioMutual && 'ISTIO_MUTUAL') ?? (disable && 'DISABLE') ?? (simple && 'SIMPLE') ?? 'MUTUAL';
  return compact({ ...(istioMutual ?? simple ?? mutual), mode: mode as never });
}

function localityLbSetting(locality: LocalityBalancing): NonNullable<Policy['loadBalancer']>['localityLbSetting'] {
  return compact({
    enabled: !locality.disabled,
    failover: locality.failover?.map(({ from, to }) => ({ from: localityName(from), to: localityName(to) })),
    failoverPriority: locality.failoverPriority,
    distribute: locality.distribute?.map(({ from, to }) => ({
      from: from ? localityName(from) : '*',
      to: Object.fromEntries(to.map(({ locality: place, percent }) => [localityName(place), percent])),
    })),
  });
}
