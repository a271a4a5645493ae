import { Caller } from '../../access/caller';
import { type Problems, rule } from '../../core/problems';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { HttpsLoadBalancerOptions, InboundTokens } from '../https-load-balancer-options';
import type { InboundCalls, InboundHealthEndpoint, InboundLimits, InboundPort } from '../inbound-calls';
import { InboundExposure } from '../inbound-exposure';
import { type Choices, choice, FileFields, textOf } from './file-fields';
import { readHealthCheck } from './health-check-fields';

const MESH_SIDE = rule({
  id: 'machine-file/mesh-side',
  origin: 'meshvm',
  allowed: 'what the machine itself needs',
  remedy:
    'remove it: it belongs into the ServiceEntry and the DestinationRule of the machine, which a program with a StandaloneEnvoy makes, or you',
  source: 'meshvm: a machine file makes nothing in a cluster, and nothing would come of it on the machine',
});

/** What the machine takes from the mesh: the machine's side of it. The mesh's side, which no machine shows, has stand-ins. */
export function readInbound(fields: FileFields): InboundCalls {
  fields.refuse(MESH_SIDE, ['host', 'virtualAddresses', 'exportTo', 'traffic']);
  const exposure = fields.choice('exposure', EXPOSURE);
  return {
    host: 'stand-in.invalid',
    exposure: exposureOf(fields, exposure),
    ports: fields.list('ports', readPort).map((port, index) => ({ ...port, ...meshSide(index + 1) })),
    callers: callersIn(fields),
    listenAddress: fields.optionalText('listenAddress'),
    health: fields.optionalMap('health', readHealth),
  };
}

/** Nothing of a port that the mesh sees collides with that of another one. */
function meshSide(number: number): Pick<InboundPort, 'name' | 'port' | 'exposedPort'> {
  return { name: `port-${number}`, port: number, exposedPort: number };
}

/** An InboundExposure as data: one of the three. To the machine the first two are the same. */
interface ExposureData {
  readonly direct?: boolean;
  readonly loadBalancer?: boolean;
  readonly httpsLoadBalancer?: HttpsLoadBalancerOptions;
}

const EXPOSURE: Choices<ExposureData> = {
  direct: (fields) => {
    fields.refuse(MESH_SIDE, ['addresses']);
    return { direct: true };
  },
  loadBalancer: (fields) => {
    fields.refuse(MESH_SIDE, ['dnsName']);
    return { loadBalancer: true };
  },
  httpsLoadBalancer: (fields) => {
    fields.refuse(MESH_SIDE, ['dnsName', 'certificateName', 'caCertificates']);
    return {
      httpsLoadBalancer: {
        sourceRanges: fields.list('sourceRanges', textOf),
        tlsToMachine: fields.optionalFlag('tlsToMachine'),
        tokens: fields.optionalMap('tokens', readTokens),
      },
    };
  },
};

function readTokens(fields: FileFields): InboundTokens {
  return {
    issuer: fields.text('issuer'),
    audiences: fields.list('audiences', textOf),
    jwks: fields.text('jwks'),
  };
}

function exposureOf({ data: problems }: FileFields, data: ExposureData | undefined): InboundExposure {
  const direct = () => InboundExposure.direct(['192.0.2.1']);
  if (data === undefined) return direct();
  const behindHttps = (options: HttpsLoadBalancerOptions) =>
    InboundExposure.httpsLoadBalancer('stand-in.invalid', options);
  const exposure = problems.one<ExposureData, InboundExposure>('exposure', data, {
    direct,
    loadBalancer: () => InboundExposure.loadBalancer('stand-in.invalid'),
    httpsLoadBalancer: behindHttps,
  });
  // What is wrong can only be in the third.
  return exposure ?? behindHttps({ sourceRanges: ['192.0.2.0/24'] });
}

function readPort(problems: Problems, property: string, value: unknown): Omit<InboundPort, 'name' | 'port'> {
  return FileFields.read(problems, property, value, (fields) => {
    fields.refuse(MESH_SIDE, ['name', 'port', 'exposedPort']);
    return {
      listenPort: fields.number('listenPort'),
      // The stand-in never leaves: there is a problem then.
      protocol: fields.word('protocol', Object.values(ServiceProtocol)) ?? ServiceProtocol.HTTP1,
      applicationPort: fields.number('applicationPort'),
      applicationAddress: fields.optionalText('applicationAddress'),
      callers: callersIn(fields),
      connectTimeoutSeconds: fields.optionalNumber('connectTimeoutSeconds'),
      timeoutSeconds: fields.optionalNumber('timeoutSeconds'),
      idleTimeoutSeconds: fields.optionalNumber('idleTimeoutSeconds'),
      limits: fields.optionalMap('limits', readLimits),
      healthCheck: readHealthCheck(fields),
    };
  });
}

function readLimits(fields: FileFields): InboundLimits {
  return {
    maxConnections: fields.optionalNumber('maxConnections'),
    maxRequests: fields.optionalNumber('maxRequests'),
    maxPendingRequests: fields.optionalNumber('maxPendingRequests'),
  };
}

function readHealth(fields: FileFields): InboundHealthEndpoint {
  return { port: fields.number('port'), path: fields.optionalText('path') };
}

/** Groups and machines of a program are ServiceAccounts here. */
const CALLER: Choices<Caller> = {
  serviceAccount: (fields) => Caller.serviceAccount(fields.text('namespace'), fields.text('name')),
  namespace: (fields) => Caller.namespace(fields.text('name')),
  authenticated: () => Caller.authenticated(),
};

function callersIn(fields: FileFields): readonly Caller[] | undefined {
  // In the place of one that can't be read, so that the others keep their numbers.
  return fields.optionalList('callers', (problems, property, value) => {
    return choice(problems, property, value, CALLER) ?? Caller.authenticated();
  });
}
