import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcJsonTranscoding, StandaloneService } from 'meshvm';
import { Catalog } from './grpc/catalog';
import { eventually } from './harness';
import { type StandaloneMachine, StandaloneMesh } from './machines/standalone';

/** Where clients on the machine find the service. */
const LOCAL = '127.0.0.1:9000';

let folder: string;
let catalog: Catalog;
let mesh: StandaloneMesh;
let machine: StandaloneMachine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-grpc-'));
  catalog = await Catalog.build(folder);
  const [command, ...args] = catalog.server('0.0.0.0:9000');
  const application = `
    require('node:child_process').spawn(${JSON.stringify(command)}, ${JSON.stringify(args)}, { stdio: 'inherit' });
    require('node:http').createServer({ keepAliveTimeout: 0 }, (request, response) => response.end()).listen(Number(process.argv[2]), '0.0.0.0');
  `;
  mesh = await StandaloneMesh.start({ application });
  const gateway = await mesh.startGateway();
  machine = await mesh.machine('batch', {
    gateways: [{ address: gateway.address }],
    services: [
      StandaloneService.group(mesh.group, {
        port: 9000,
        localPort: 9000,
        transcoding: GrpcJsonTranscoding.fromDescriptorSet(catalog.descriptorSet, {
          services: ['shop.v1.Catalog'],
          maxRequestBodyBytes: 1000,
        }),
      }),
    ],
  });
  machine.renew();
  await machine.start();
  await mesh.allow(machine.envoy);
  await eventually(200, async () => (await machine.call(`http://${LOCAL}/v1/items/a`)).status);
});

afterAll(async () => {
  await mesh?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

/** Status and JSON of an answer. */
async function json(path: string, options: readonly string[] = []): Promise<unknown> {
  const { status, body } = await machine.call(`http://${LOCAL}${path}`, options);
  return [status, JSON.parse(body)];
}

const post = (body: string) => ['-H', 'content-type: application/json', '--data', body];

test('fields come from path and query', async () => {
  expect(await json('/v1/items/a%20b?currency=EUR')).toEqual([
    200,
    { id: 'a b', displayName: 'A thing', price: 7, currency: 'EUR' },
  ]);
});

test('and from the body', async () => {
  const item = { id: 'n', displayName: 'New', price: 3 };
  expect(await json('/v1/items', post(JSON.stringify(item)))).toEqual([200, item]);
});

test('messages of a stream are elements of one array', async () => {
  expect(await json('/v1/items?count=3')).toEqual([200, [{ id: '0' }, { id: '1' }, { id: '2' }]]);
});

test('errors of the service are statuses of HTTP', async () => {
  expect(await json('/v1/items/missing')).toEqual([404, { code: 5, message: 'no such item' }]);
  expect(await json('/v1/items/secret')).toEqual([403, { code: 7, message: 'not for you' }]);
});

test('what is not mapped never reaches the service', async () => {
  const status = async (path: string, options: readonly string[] = []) =>
    (await machine.call(`http://${LOCAL}${path}`, options)).status;
  expect(await status('/v1/nothing')).toBe(404);
  expect(await status('/shop.v1.Catalog/DeleteItem', post('{"id":"a"}'))).toBe(404);
  expect(await status('/v1/items/a?colour=red')).toBe(400);
  expect(await status('/v1/items', post('{"id":'))).toBe(400);
  expect(await status('/v1/items', post(JSON.stringify({ id: 'x'.repeat(2000) })))).toBe(413);
});

test('clients that speak gRPC go on as before', async () => {
  const [command, ...args] = catalog.client(LOCAL, 'z');
  expect(await machine.run(command, args)).toBe('z A thing 7 EUR\n');
});
