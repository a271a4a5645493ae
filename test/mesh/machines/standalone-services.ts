const GRPC = require.resolve('@grpc/grpc-js', { paths: [require.resolve('@pulumi/pulumi')] });

/**
 * Three services that say who asks. HTTP on the first argument's port and gRPC on 9000 answer with the headers that arrive; TCP on 5432
 * greets who has said something: the sidecar asks its policies when the client speaks. `/delay?ms=` waits, `/flaky?id=&failures=` answers 503
 * so often first, `/unhealthy` and `/healthy` set what `/healthz` and gRPC's health service answer.
 */
export const SERVICES = `
const grpc = require(${JSON.stringify(GRPC)});
let healthy = true;
const seen = new Map();
require('node:http').createServer({ keepAliveTimeout: 0 }, async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://services');
  if (pathname === '/healthz' && !healthy) response.statusCode = 503;
  if (pathname === '/healthy' || pathname === '/unhealthy') healthy = pathname === '/healthy';
  if (pathname === '/delay') await new Promise((resolve) => setTimeout(resolve, Number(searchParams.get('ms'))));
  const attempt = (seen.get(request.url) ?? 0) + 1;
  if (pathname === '/flaky') {
    seen.set(request.url, attempt);
    if (attempt <= Number(searchParams.get('failures'))) response.statusCode = 503;
  }
  response.end(JSON.stringify({ ...request.headers, attempt: String(attempt) }));
}).listen(Number(process.argv[2]), '0.0.0.0');

const unary = (path, handle) => ({ call: {
  path, requestStream: false, responseStream: false,
  requestSerialize: (value) => value, requestDeserialize: (value) => value,
  responseSerialize: (value) => value, responseDeserialize: (value) => value,
}, handle });
const server = new grpc.Server();
for (const { call, handle } of [
  unary('/payments.Echo/Headers', (metadata) => Buffer.from(JSON.stringify(metadata))),
  // The field \`status\` of HealthCheckResponse: SERVING or NOT_SERVING.
  unary('/grpc.health.v1.Health/Check', () => Buffer.from([8, healthy ? 1 : 2])),
]) {
  server.addService({ call }, { call: (asked, answer) => answer(null, handle(asked.metadata.getMap())) });
}
server.bindAsync('0.0.0.0:9000', grpc.ServerCredentials.createInsecure(), (error) => { if (error) throw error; });

require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('hello\\n'));
}).listen(5432, '0.0.0.0');
`;

/** A gRPC client: prints the headers that came to the server, or the code of the status. Its argument is the server's address. */
export const GRPC_CLIENT = `
const grpc = require(${JSON.stringify(GRPC)});
const client = new grpc.Client(process.argv[1], grpc.credentials.createInsecure(), { 'grpc.service_config_disable_resolution': 1 });
const same = (value) => value;
const deadline = Date.now() + 10000;
client.makeUnaryRequest('/payments.Echo/Headers', same, same, Buffer.alloc(0), new grpc.Metadata(), { deadline }, (error, answer) => {
  process.stdout.write(error ? String(error.code) : answer.toString());
  client.close();
});
`;
