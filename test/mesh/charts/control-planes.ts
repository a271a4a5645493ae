import { ControlPlane } from '../../../lib/control-plane/control-plane';
import type { ControlPlaneProps } from '../../../lib/control-plane/control-plane-props';
import { ExtensionProvider } from '../../../lib/control-plane/extension-provider';
import { NetworkEndpoints, NetworkGateway } from '../../../lib/control-plane/mesh-network';
import { IstiodExposure } from '../../../lib/gateway/istiod-exposure';
import { LoadBalancer } from '../../../lib/gateway/load-balancer';
import { ServiceExposure } from '../../../lib/gateway/service-exposure';
import { IstiodAccess } from '../../../lib/mesh/istiod-access';
import { Revision } from '../../../lib/mesh/revision';
import { aMesh } from '../../fixtures';
import type { Release } from './istio-charts';

/** Every property set to something other than its default. */
export function everything(): ControlPlane {
  const mesh = aMesh({
    trustDomain: 'acme.example',
    controlPlaneNamespace: 'mesh',
    revision: Revision.tag('prod'),
    istiodAccess: IstiodAccess.dnsName('istiod.mesh.example.com'),
    proxy: {
      holdApplicationUntilProxyStarts: false,
      tracingProvider: 'otel',
      tracingSamplingPercent: 7.5,
      accessLog: true,
      dnsCapture: false,
      proxyMetadata: { MINIMUM_DRAIN_DURATION: '10s' },
    },
  });
  return new ControlPlane({
    mesh,
    revision: '1-31-1',
    revisionTags: ['prod', 'stable'],
    defaultRevision: '1-30-3',
    autoRegistration: false,
    healthChecks: false,
    disconnectGracePeriodSeconds: 30,
    maxServerConnectionAgeSeconds: 600,
    keepaliveIntervalSeconds: 5,
    keepaliveTimeoutSeconds: 4,
    trustDomainAliases: ['old.example'],
    meshNetworks: [
      {
        name: 'dc-1',
        endpoints: [NetworkEndpoints.fromCidr('10.20.0.0/16')],
        gateways: [NetworkGateway.address('gw.dc-1.example.com')],
      },
      {
        name: 'vpc-us',
        endpoints: [NetworkEndpoints.fromRegistry('prod-us')],
        gateways: [NetworkGateway.service('istio-eastwestgateway.mesh.svc.cluster.local')],
      },
    ],
    extensionProviders: [
      ExtensionProvider.openTelemetryTracing('otel', {
        service: 'otel.observability.svc.cluster.local',
        port: 4318,
        httpPath: '/v1/traces',
      }),
      ExtensionProvider.zipkinTracing('zipkin', {
        service: 'mesh/zipkin.mesh.svc.cluster.local',
        port: 9411,
        path: '/spans',
      }),
      ExtensionProvider.fileAccessLog('envoy', { json: { status: '%RESPONSE_CODE%' } }),
      ExtensionProvider.openTelemetryAccessLog('otel-log', {
        service: 'otel.observability.svc.cluster.local',
        port: 4317,
        logName: 'machines',
      }),
      ExtensionProvider.fromMeshConfig('authz', 'envoyExtAuthzGrpc', {
        service: 'authz.mesh.svc.cluster.local',
        port: 9000,
      }),
    ],
    accessLogProviders: ['envoy', 'otel-log'],
    minReplicas: 3,
    maxReplicas: 9,
    istiodEnv: { PILOT_PUSH_THROTTLE: '50' },
    meshConfig: { outboundClusterStatName: '%SERVICE%', defaultConfig: { concurrency: 4 } },
    istiodValues: { resources: { requests: { cpu: '2' } }, global: { logAsJson: true } },
    gateway: {
      name: 'istio-machines',
      namespace: 'machines',
      loadBalancer: LoadBalancer.metalLb({ addresses: ['10.0.0.5'], sourceRanges: ['10.0.0.0/8'] }),
      exposeIstiod: IstiodExposure.istioApis({ webhook: true }),
      exposeServices: ServiceExposure.istioApis(),
      serviceAnnotations: { 'example.com/owner': 'platform' },
      minReplicas: 4,
      maxReplicas: 8,
      drainSeconds: 60,
    },
  });
}

/** The defaults, with a gateway. */
export function plain(props: Partial<ControlPlaneProps> = {}): ControlPlane {
  return new ControlPlane({ mesh: aMesh(), gateway: { loadBalancer: LoadBalancer.awsNlb() }, ...props });
}

/** One of the releases of a control plane. */
export function releaseOf(control: ControlPlane, chart: string): Release {
  const release = control.releases.find((each) => each.chart === chart);
  if (release === undefined) throw new Error(`no release of chart ${chart}`);
  return release;
}
