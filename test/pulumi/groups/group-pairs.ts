import type { Chart } from 'cdk8s';
import {
  EastWestGateway,
  GroupNamespace,
  GroupServiceAccount,
  IstiodAccess,
  IstiodExposure,
  KubernetesSubject,
  Locality,
  MachineIdentity,
  Mesh,
  type MeshVmGroupProps,
  Network,
  Probe,
  Revision,
  SidecarPackage,
  TargetPort,
} from 'meshvm';
import type { MeshVmGroupArgs } from 'meshvm/pulumi';
import { aMesh, groupProps } from '../../fixtures';
import { groupArgs, joiningArgs, meshArgs } from '../fixtures';

/** The same of both faces. */
export interface Pair<Props, Args> {
  readonly is: string;
  /** A function, because a chart holds what its constructs refer to. */
  readonly props: (chart: Chart) => Props;
  readonly args: Args;
  /** Services over machines. */
  readonly services?: readonly string[];
}

const payments = GroupNamespace.create('payments');
const GUID = '01234567-89ab-cdef-0123-456789abcdef';
const sharedMesh = aMesh();
const SHA256 = '0123456789abcdef'.repeat(4);

/** Groups of machines. */
export const groups: readonly Pair<MeshVmGroupProps, MeshVmGroupArgs>[] = [
  {
    is: 'with nothing but what it must say',
    props: () => groupProps({ namespace: payments }),
    args: groupArgs(),
    services: ['payment-service'],
  },
  {
    is: 'that only calls others, in a namespace and with an identity that are there',
    props: () =>
      groupProps({
        namespace: GroupNamespace.existing('payments'),
        serviceAccount: GroupServiceAccount.existing('payment-service'),
        ports: [],
      }),
    args: groupArgs({ createNamespace: false, createServiceAccount: false, ports: [] }),
  },
  {
    is: 'whose machines join through the gateway',
    props: (chart) =>
      groupProps({
        namespace: payments,
        identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
        gateway: EastWestGateway.fromHelmRelease(chart, 'gateway', {
          mesh: sharedMesh,
          releaseName: 'istio-eastwestgateway',
          exposeIstiod: IstiodExposure.none(),
        }),
        mesh: sharedMesh,
      }),
    args: joiningArgs(),
    services: ['payment-service'],
  },
  {
    is: 'that says everything it can',
    props: () => ({
      mesh: new Mesh({
        meshId: 'acme',
        clusterName: 'prod-eu',
        network: 'vpc-prod',
        istioVersion: '1.31.1',
        trustDomain: 'acme.example',
        controlPlaneNamespace: 'istio-control',
        revision: Revision.tag('prod'),
        istiodAccess: IstiodAccess.dnsName('istiod.acme.example'),
        proxy: {
          holdApplicationUntilProxyStarts: false,
          tracingSamplingPercent: 25,
          tracingProvider: 'otel',
          accessLog: true,
          dnsCapture: true,
          dnsAutoAllocate: false,
          proxyMetadata: { EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true' },
        },
      }),
      name: 'payments-v2',
      namespace: GroupNamespace.createWithoutInjection('payments'),
      serviceAccount: GroupServiceAccount.create('pay'),
      canonicalService: 'payments',
      version: 'v2',
      ports: [
        { name: 'http', port: 8080 },
        { name: 'admin', port: 9000, appProtocol: 'http2' },
      ],
      services: [
        {
          name: 'payments',
          ports: [
            { name: 'http', port: 80, targetPort: TargetPort.named('http') },
            { name: 'grpc-admin', port: 90, targetPort: TargetPort.number(9000), appProtocol: 'grpc' },
          ],
          labels: { team: 'money' },
          annotations: { owner: 'money@acme.example' },
        },
        { name: 'legacy' },
      ],
      network: Network.behindGateway('dc-1', ['10.30.0.0/16', 'fd00:20::/64']),
      locality: Locality.of('eu-west-1', 'eu-west-1a', 'rack-7'),
      weight: 3,
      labels: { team: 'money' },
      annotations: { 'proxy.istio.io/config': '{"concurrency":2}' },
      probe: Probe.fromKubernetes({
        httpGet: {
          path: '/healthz',
          port: 8080,
          scheme: 'HTTPS',
          httpHeaders: [{ name: 'X-Probe', value: 'it\'s "me"' }],
        },
        initialDelaySeconds: 1,
        timeoutSeconds: 2,
        periodSeconds: 3,
        successThreshold: 4,
        failureThreshold: 5,
      }),
      identity: MachineIdentity.tokenFile({
        path: '/run/token',
        subject: KubernetesSubject.serviceAccount('machines', 'joiner'),
      }),
      bootstrap: {
        refreshIntervalSeconds: 60,
        restartJitterSeconds: 0,
        minimumRestartIntervalSeconds: 0,
        absenceSeconds: 20,
        deadManSeconds: 60,
        tokenLifetimeSeconds: 600,
        sidecarPackage: SidecarPackage.pinned({ debAmd64: SHA256, rpmArm64: SHA256 }, 'https://mirror.acme.example'),
        excludeCidrs: ['10.99.0.0/16'],
        editors: [
          KubernetesSubject.serviceAccount('flux-system', 'kustomize-controller'),
          KubernetesSubject.group('sre'),
        ],
      },
    }),
    args: {
      mesh: meshArgs({
        trustDomain: 'acme.example',
        controlPlaneNamespace: 'istio-control',
        revision: { tag: 'prod' },
        istiodAccess: { dnsName: 'istiod.acme.example' },
        proxy: {
          holdApplicationUntilProxyStarts: false,
          tracingSamplingPercent: 25,
          tracingProvider: 'otel',
          accessLog: true,
          dnsCapture: true,
          dnsAutoAllocate: false,
          proxyMetadata: { EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true' },
        },
      }),
      name: 'payments-v2',
      namespace: 'payments',
      injectPods: false,
      serviceAccount: 'pay',
      canonicalService: 'payments',
      version: 'v2',
      ports: [
        { name: 'http', port: 8080 },
        { name: 'admin', port: 9000, appProtocol: 'http2' },
      ],
      services: [
        {
          name: 'payments',
          ports: [
            { name: 'http', port: 80, targetPort: { named: 'http' } },
            { name: 'grpc-admin', port: 90, targetPort: { number: 9000 }, appProtocol: 'grpc' },
          ],
          labels: { team: 'money' },
          annotations: { owner: 'money@acme.example' },
        },
        { name: 'legacy' },
      ],
      network: { behindGateway: { name: 'dc-1', cidrs: ['10.30.0.0/16', 'fd00:20::/64'] } },
      locality: { region: 'eu-west-1', zone: 'eu-west-1a', subzone: 'rack-7' },
      weight: 3,
      labels: { team: 'money' },
      annotations: { 'proxy.istio.io/config': '{"concurrency":2}' },
      probe: {
        httpGet: {
          path: '/healthz',
          port: 8080,
          scheme: 'HTTPS',
          httpHeaders: [{ name: 'X-Probe', value: 'it\'s "me"' }],
        },
        initialDelaySeconds: 1,
        timeoutSeconds: 2,
        periodSeconds: 3,
        successThreshold: 4,
        failureThreshold: 5,
      },
      identity: {
        tokenFile: { path: '/run/token', subject: { serviceAccount: { namespace: 'machines', name: 'joiner' } } },
      },
      bootstrap: {
        refreshIntervalSeconds: 60,
        restartJitterSeconds: 0,
        minimumRestartIntervalSeconds: 0,
        absenceSeconds: 20,
        deadManSeconds: 60,
        tokenLifetimeSeconds: 600,
        sidecarPackage: {
          pinned: { debAmd64: SHA256, rpmArm64: SHA256, baseUrl: 'https://mirror.acme.example' },
        },
        excludeCidrs: ['10.99.0.0/16'],
        editors: [{ serviceAccount: { namespace: 'flux-system', name: 'kustomize-controller' } }, { group: 'sre' }],
      },
    },
    services: ['payments', 'legacy'],
  },
  ...(
    [
      [
        'gke',
        MachineIdentity.gke({ serviceAccountEmail: 'pay@acme.iam.gserviceaccount.com' }),
        {
          gke: { serviceAccountEmail: 'pay@acme.iam.gserviceaccount.com' },
        },
      ],
      ['aks', MachineIdentity.aks({ objectId: GUID, clientId: GUID }), { aks: { objectId: GUID, clientId: GUID } }],
      [
        'kubeconfig',
        MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', context: 'c', subject: KubernetesSubject.user('vm') }),
        { kubeconfig: { path: '/etc/kubeconfig', context: 'c', subject: { user: 'vm' } } },
      ],
      [
        'a token of a group',
        MachineIdentity.tokenFile({ path: '/run/token', subject: KubernetesSubject.group('vms') }),
        { tokenFile: { path: '/run/token', subject: { group: 'vms' } } },
      ],
    ] as const
  ).map(([is, identity, args]): (typeof groups)[number] => ({
    is: `with the identity ${is}, TCP probe and preinstalled package`,
    props: () =>
      groupProps({
        namespace: payments,
        mesh: aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.acme.example'), revision: Revision.named('1-31') }),
        identity,
        probe: Probe.tcpSocket(8080),
        bootstrap: { sidecarPackage: SidecarPackage.preinstalled() },
      }),
    args: groupArgs({
      mesh: meshArgs({ istiodAccess: { dnsName: 'istiod.acme.example' }, revision: { named: '1-31' } }),
      identity: args,
      probe: { tcpSocket: { port: 8080 } },
      bootstrap: { sidecarPackage: { preinstalled: true } },
    }),
    services: ['payment-service'],
  })),
];
