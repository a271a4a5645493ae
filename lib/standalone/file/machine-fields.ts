import { type Problems, rule } from '../../core/problems';
import { GroupNamespace } from '../../machines/group-namespace';
import { GroupServiceAccount } from '../../machines/group-service-account';
import { Mesh } from '../../mesh/mesh';
import type { MeshIdentity } from '../../mesh/mesh-identity';
import { ServiceProtocol } from '../../mesh/service-protocol';
import { type Retries, RetryOn } from '../../traffic/retries';
import type { CertificateFilesOptions } from '../certificate-options';
import { EnvoyCertificates } from '../envoy-certificates';
import type { GrpcJsonTranscoding } from '../grpc-json-transcoding';
import {
  accessLogOf,
  type EnvoyAccessLogData,
  type GatewayAddressData,
  type GrpcJsonTranscodingData,
  gatewaysOf,
  type MeshIdentityData,
  meshIdentityOf,
  type NameResolutionData,
  nameResolutionOf,
  transcodingOf,
} from '../private/from-data';
import type { GatewayFailover, MetricsListener, StandaloneEnvoyProps } from '../standalone-envoy-props';
import { type ServiceLimits, StandaloneService } from '../standalone-service';
import { FileData } from './file-data';
import { type Choices, choice, FileFields, type RefusedChoices, textOf } from './file-fields';
import { readHealthCheck } from './health-check-fields';
import { readInbound } from './inbound-fields';

const RETRY_ON = rule({
  id: 'machine-file/retry-on',
  origin: 'meshvm',
  allowed: 'the conditions of RetryOn, as Envoy names them, or a status of HTTP',
  remedy: 'write one of them, such as connect-failure or 503',
  source: 'Envoy x-envoy-retry-on and x-envoy-retry-grpc-on',
});

const VAULT = rule({
  id: 'machine-file/vault-certificates',
  origin: 'meshvm',
  allowed: 'files',
  remedy:
    'say where the files are: files: { certificateChain: identity.pem, privateKey: identity.pem }; Vault Agent, whose configuration certificateFiles() of a StandaloneEnvoy makes, puts them there',
  source: 'meshvm: the file describes what Envoy reads, not what fetches its certificate',
});
const CERT_MANAGER = rule({
  id: 'machine-file/cert-manager-certificates',
  origin: 'meshvm',
  allowed: 'files',
  remedy:
    'say where the files are: files: { certificateChain: identity.pem, privateKey: identity.pem }; the Certificate in the cluster, and the program that fetches it (certificateFiles()), are made by a StandaloneEnvoy',
  source: 'meshvm: a machine file makes nothing in a cluster',
});

/** The properties of StandaloneEnvoy that a machine file gives. What can't be read gets a stand-in and a problem. */
export function readMachine(problems: Problems, value: unknown): StandaloneEnvoyProps {
  return FileFields.read(problems, '', value, (fields) => {
    const { data } = fields;
    const certificates = fields.optionalChoice('certificates', CERTIFICATES, REFUSED_CERTIFICATES);
    const names = fields.optionalChoice('nameResolution', NAME_RESOLUTION);
    const accessLog = fields.optionalChoice('accessLog', ACCESS_LOG);
    return {
      name: fields.text('name'),
      mesh: fields.optionalMap('mesh', readMesh) ?? meshOf(undefined),
      namespace: GroupNamespace.existing(fields.text('namespace')),
      serviceAccount: serviceAccountOf(fields.optionalText('serviceAccount')),
      gateways: gatewaysOf(data, fields.list('gateways', readGateway)),
      failover: fields.optionalMap('failover', readFailover),
      services: fields.list('services', readService),
      inbound: fields.optionalMap('inbound', readInbound),
      httpPort: fields.optionalNumber('httpPort'),
      certificates: certificates && data.convert('certificates.files', () => EnvoyCertificates.files(certificates)),
      nameResolution: names && nameResolutionOf(data, names),
      accessLog: accessLog && accessLogOf(data, accessLog),
      adminPort: fields.optionalNumber('adminPort'),
      metrics: fields.optionalMap('metrics', readMetrics),
      directory: fields.optionalText('directory'),
    };
  });
}

function readMesh(fields: FileFields): Mesh {
  const trustDomain = fields.optionalText('trustDomain');
  return fields.data.convert('', () => meshOf(trustDomain)) ?? meshOf(undefined);
}

/** Nothing but the trust domain ever gets from a mesh into the files of a machine. */
function meshOf(trustDomain: string | undefined): Mesh {
  return new Mesh({ meshId: 'any', clusterName: 'any', network: 'any', istioVersion: '1.31.0', trustDomain });
}

function serviceAccountOf(name: string | undefined): GroupServiceAccount | undefined {
  return name === undefined ? undefined : GroupServiceAccount.existing(name);
}

function readGateway(problems: Problems, property: string, value: unknown): GatewayAddressData {
  return FileFields.read(problems, property, value, (fields) => ({
    address: fields.text('address'),
    port: fields.optionalNumber('port'),
    locality: fields.optionalMap('locality', (locality) => ({
      region: locality.text('region'),
      zone: locality.optionalText('zone'),
      subzone: locality.optionalText('subzone'),
    })),
    priority: fields.optionalNumber('priority'),
    weight: fields.optionalNumber('weight'),
  }));
}

function readFailover(fields: FileFields): GatewayFailover {
  return {
    consecutiveFailures: fields.optionalNumber('consecutiveFailures'),
    intervalSeconds: fields.optionalNumber('intervalSeconds'),
    baseEjectionSeconds: fields.optionalNumber('baseEjectionSeconds'),
  };
}

function readService(problems: Problems, property: string, value: unknown): StandaloneService {
  return FileFields.read(problems, property, value, (fields) => {
    const identities = fields.list('identities', readIdentity);
    return StandaloneService.fromHost(fields.text('host'), {
      port: fields.number('port'),
      // The stand-in never leaves: there is a problem then.
      protocol: fields.word('protocol', Object.values(ServiceProtocol)) ?? ServiceProtocol.HTTP1,
      identities: identities.filter((identity) => identity !== undefined),
      localPort: fields.optionalNumber('localPort'),
      localAddress: fields.optionalText('localAddress'),
      subset: fields.optionalText('subset'),
      connectTimeoutSeconds: fields.optionalNumber('connectTimeoutSeconds'),
      timeoutSeconds: fields.optionalNumber('timeoutSeconds'),
      retries: fields.optionalMap('retries', readRetries),
      limits: fields.optionalMap('limits', readLimits),
      healthCheck: readHealthCheck(fields),
      transcoding: readTranscoding(fields),
    });
  });
}

const IDENTITY: Choices<MeshIdentityData> = {
  serviceAccount: (fields) => ({ serviceAccount: { namespace: fields.text('namespace'), name: fields.text('name') } }),
  spiffe: (fields) => ({ spiffe: fields.text('uri') }),
};

function readIdentity(problems: Problems, property: string, value: unknown): MeshIdentity | undefined {
  const data = choice(problems, property, value, IDENTITY);
  return data && meshIdentityOf(new FileData(problems), property, data);
}

function readRetries(fields: FileFields): Retries {
  return {
    attempts: fields.number('attempts'),
    perTryTimeoutSeconds: fields.optionalNumber('perTryTimeoutSeconds'),
    retryOn: fields.optionalList('retryOn', readRetryOn)?.filter((condition) => condition !== undefined),
    backoffSeconds: fields.optionalNumber('backoffSeconds'),
    retryRemoteLocalities: fields.optionalFlag('retryRemoteLocalities'),
  };
}

const CONDITIONS = Object.values(RetryOn).filter((value): value is RetryOn => value instanceof RetryOn);

function readRetryOn(problems: Problems, property: string, value: unknown): RetryOn | undefined {
  if (typeof value === 'number') return RetryOn.status(value);
  const found = CONDITIONS.find(({ condition }) => condition === value);
  const allowed = `${CONDITIONS.map(({ condition }) => condition).join(', ')}, or a status of HTTP such as 503`;
  if (found === undefined) problems.add(RETRY_ON, property, value, { allowed });
  return found;
}

function readLimits(fields: FileFields): ServiceLimits {
  return {
    maxConnections: fields.optionalNumber('maxConnections'),
    maxPendingRequests: fields.optionalNumber('maxPendingRequests'),
    maxRequests: fields.optionalNumber('maxRequests'),
    maxRetries: fields.optionalNumber('maxRetries'),
  };
}

function readTranscoding(fields: FileFields): GrpcJsonTranscoding | undefined {
  const data = fields.optionalMap(
    'transcoding',
    (options): GrpcJsonTranscodingData => ({
      descriptorSet: options.text('descriptorSet'),
      services: options.list('services', textOf),
      autoMapping: options.optionalFlag('autoMapping'),
      passUnmapped: options.optionalFlag('passUnmapped'),
      ignoreUnknownQueryParameters: options.optionalFlag('ignoreUnknownQueryParameters'),
      maxRequestBodyBytes: options.optionalNumber('maxRequestBodyBytes'),
      maxResponseBodyBytes: options.optionalNumber('maxResponseBodyBytes'),
      print: options.optionalMap('print', (print) => ({
        whitespace: print.optionalFlag('whitespace'),
        defaults: print.optionalFlag('defaults'),
        enumsAsNumbers: print.optionalFlag('enumsAsNumbers'),
        protoFieldNames: print.optionalFlag('protoFieldNames'),
        newlineDelimitedStreams: print.optionalFlag('newlineDelimitedStreams'),
      })),
    }),
  );
  return data && transcodingOf(fields.data, 'transcoding', data);
}

const CERTIFICATES: Choices<CertificateFilesOptions> = {
  files: (fields) => ({
    directory: fields.optionalText('directory'),
    certificateChain: fields.optionalText('certificateChain'),
    privateKey: fields.optionalText('privateKey'),
    rootCertificates: fields.optionalText('rootCertificates'),
  }),
};
const REFUSED_CERTIFICATES: RefusedChoices = { vault: VAULT, certManager: CERT_MANAGER };

const NAME_RESOLUTION: Choices<NameResolutionData> = {
  hostsBlock: () => ({ hostsBlock: true }),
  dnsFilter: (fields) => ({
    dnsFilter: {
      address: fields.optionalText('address'),
      port: fields.optionalNumber('port'),
      upstreams: fields.optionalList('upstreams', textOf),
    },
  }),
  none: () => ({ none: true }),
};

const ACCESS_LOG: Choices<EnvoyAccessLogData> = {
  stdout: () => ({ stdout: true }),
  file: (fields) => ({ file: fields.text('path') }),
  off: () => ({ off: true }),
};

function readMetrics(fields: FileFields): MetricsListener {
  return { address: fields.text('address'), port: fields.optionalNumber('port') };
}
