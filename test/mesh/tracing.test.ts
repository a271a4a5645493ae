import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import {
  ControlPlane,
  ExtensionProvider,
  ServiceEntryProtocol,
  Telemetry,
  type TelemetryTracing,
  TracingTag,
  VmServiceEndpoints,
  VmServiceEntry,
  WorkloadTarget,
} from 'meshvm';
import { waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { GroupPolicies } from './machines/group-policies';
import { MESH, World } from './machines/world';

const HOST = 'otel.acme.example';
const PORT = 4318;
const GRPC_PORT = 4317;
const PROVIDER = ExtensionProvider.openTelemetryTracing('otel', { service: HOST, port: PORT, httpPath: '/v1/traces' });
const GRPC_PROVIDER = ExtensionProvider.openTelemetryTracing('otel-grpc', { service: HOST, port: GRPC_PORT });
const PROVIDERS = [PROVIDER, GRPC_PROVIDER];

let world: World;
let policies: GroupPolicies;
let machine: Computer;
let pod: Computer;
let collector: Server;
let grpcCollector: Http2Server;
/** What the collector was sent: OTLP in protobuf, whose strings stand in it as they are. */
let spans = '';
let calls = 0;

beforeAll(async () => {
  world = await World.start({ extensionProviders: PROVIDERS });
  policies = new GroupPolicies(world);
  machine = await world.machine('vm-1');
  await machine.boot();
  pod = (await world.startPod()).computer;
  collector = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    for await (const chunk of request) spans += String(chunk);
    response.setHeader('content-type', 'application/x-protobuf').end();
  });
  grpcCollector = createHttp2Server();
  grpcCollector.on('stream', (stream) => {
    stream.on('data', (chunk) => {
      spans += String(chunk);
    });
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.on('end', () => stream.end());
  });
  const { hostAddress } = world.controlPlane.lan;
  await new Promise<void>((resolve) => collector.listen(PORT, hostAddress, resolve));
  await new Promise<void>((resolve) => grpcCollector.listen(GRPC_PORT, hostAddress, resolve));
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine), { timeoutSeconds: 90 });
});

afterAll(async () => {
  collector?.closeAllConnections();
  collector?.close();
  grpcCollector?.close();
  await world?.stop();
});

test('the sidecar of a machine sends spans of calls that it takes, with the tags of the Telemetry', async () => {
  await trace({ provider: PROVIDER.name, samplingPercent: 100, tags: { team: TracingTag.literal('of-payments') } });
  await traced('/taken');
  expect(spans).toContain('of-payments');
  expect(spans).toContain('payment-service.payments');
});

test('and of calls that it makes', async () => {
  await waitUntil('a call that it makes is traced', async () => {
    const path = `/made-${++calls}`;
    await machine.run(`curl -s -m 5 http://ledger.ledger.svc.cluster.local${path}`, true);
    return spans.includes(path);
  });
});

test('by gRPC as well', async () => {
  await trace({
    provider: GRPC_PROVIDER.name,
    samplingPercent: 100,
    tags: { team: TracingTag.literal('told-by-grpc') },
  });
  // The first calls may still be traced as before.
  await waitUntil('a span has the tag', async () => {
    await call('/by-grpc');
    return spans.includes('told-by-grpc');
  });
});

test('a sampling of nothing leaves the decision to the caller', async () => {
  await trace({ provider: PROVIDER.name, samplingPercent: 0 });
  const decided = "-H 'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'";
  await waitUntil(
    'a call without a decision leaves no span, where one after it does',
    async () => {
      const undecided = await call('/undecided');
      await traced('/decided', decided);
      return !spans.includes(undecided);
    },
    { timeoutSeconds: 60 },
  );
});

test('nothing is sent where it is disabled', async () => {
  await trace({ disabled: true });
  await waitUntil(
    'calls leave no span',
    async () => {
      const paths = await Promise.all([call('/untraced'), call('/untraced'), call('/untraced')]);
      // Envoy sends spans after five at most, or five seconds.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      return paths.every((path) => !spans.includes(path));
    },
    { timeoutSeconds: 60 },
  );
});

/** Declares how the group is traced, and the collector, which is outside of the mesh. */
function trace(tracing: TelemetryTracing): Promise<void> {
  return policies.apply((group, chart) => {
    const controlPlane = new ControlPlane({ mesh: MESH, extensionProviders: PROVIDERS });
    new Telemetry(chart, 'telemetry', { mesh: MESH, controlPlane, target: WorkloadTarget.group(group), tracing });
    new VmServiceEntry(chart, 'collector', {
      mesh: MESH,
      hosts: [HOST],
      ports: [
        { name: 'http', port: PORT, protocol: ServiceEntryProtocol.HTTP },
        { name: 'grpc', port: GRPC_PORT, protocol: ServiceEntryProtocol.GRPC },
      ],
      endpoints: VmServiceEndpoints.static([{ address: world.controlPlane.lan.hostAddress }]),
    });
  });
}

/** Calls until a call leaves a span. */
function traced(path: string, options = ''): Promise<string> {
  return waitUntil(
    `${path} is traced`,
    async () => {
      const called = await call(path, options);
      return waitUntil('its span is there', async () => (spans.includes(called) ? called : undefined), {
        timeoutSeconds: 7,
      }).catch(() => undefined);
    },
    { timeoutSeconds: 40 },
  );
}

/** Calls the group's Service from the pod, by a path that no other call has. */
async function call(path: string, options = ''): Promise<string> {
  const called = `${path}-${++calls}-`;
  const { clusterIP, ports } = await world.service('payment-service', 'payments');
  const url = `http://${clusterIP}:${ports[0].port}${called}`;
  await pod.run(`curl -s -m 5 -o /dev/null ${options} -H "Host: payment-service.payments" ${url}`, true);
  return called;
}
