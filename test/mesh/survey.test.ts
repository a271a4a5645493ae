import { join } from 'node:path';
import { fleetProgram } from '../../lib/survey/files/fleet-program';
import type { MachineSurvey } from '../../lib/survey/machine-survey';
import { surveyProgram } from '../../lib/survey/program';
import { readSurveys } from '../../lib/survey/read-survey';
import { runProgram, withPrograms } from '../docs/programs';
import { ControlPlane, describeObject, type KubernetesObject, objectsInFile } from './harness';
import { Computer } from './machines/computer';
import { type DebianServerName, startServer } from './machines/debian-servers';

/**
 * Machines with real servers, the survey of each, the program that their answers come to, and what it synthesizes on a real API server
 * with istiod's webhook.
 */
let controlPlane: ControlPlane;
let surveys: readonly MachineSurvey[];
let objects: readonly KubernetesObject[];
let web: Computer;
let database: Computer;

beforeAll(async () => {
  controlPlane = await ControlPlane.start({ lan: true });
  web = await machine('web-1', ['nginx', 'tomcat', 'apache']);
  database = await machine('db-1', ['mariadb', 'postgresql', 'redis']);
  // A connection from the one to the other, and one to somebody outside the fleet, as a pool would hold them.
  const outside = controlPlane.lan.hostAddress;
  await hold(web, database.address, 3306);
  await hold(web, outside, controlPlane.apiServer.port);
  const answers: (readonly [string, string])[] = [];
  for (const each of [web, database]) {
    answers.push([
      `${each.name}.json`,
      await each.output('python3 /usr/local/bin/survey.py --json --ask-http --for 2s'),
    ]);
  }
  const read = readSurveys(answers);
  expect(read.problems).toStrictEqual([]);
  surveys = read.surveys;
  objects = withPrograms([fleetProgram(surveys)], ([folder]) => {
    const { status, stderr, files } = runProgram(folder);
    expect([status, stderr]).toStrictEqual([0, '']);
    return files.flatMap((file) => objectsInFile(join(folder, 'dist', file)));
  });
});

afterAll(async () => {
  await controlPlane?.stop();
});

test('what listens alike is a group, with the ports that were found', () => {
  const groups = objects.filter(({ kind }) => kind === 'WorkloadGroup');
  expect(
    groups.map(({ metadata, spec }) => [
      metadata.name,
      (spec as { readonly template: { readonly ports: object } }).template.ports,
    ]),
  ).toStrictEqual([
    ['db', { 'tcp-mysql': 3306, 'tcp-postgresql': 5432, 'tcp-redis': 6379 }],
    ['web', { http: 80, 'http-8080': 8080, 'http-8081': 8081 }],
  ]);
});

test('what the machines call is in their scope', () => {
  const entry = objects.find(({ kind }) => kind === 'ServiceEntry');
  expect(entry?.spec).toMatchObject({ addresses: [controlPlane.lan.hostAddress], resolution: 'NONE' });
  const scope = objects.find(({ kind }) => kind === 'Sidecar');
  expect(scope?.spec).toMatchObject({
    egress: [{ hosts: expect.arrayContaining(['db/db.db.svc.cluster.local']) }],
    workloadSelector: { labels: { app: 'web' } },
  });
});

test('the program tells what will matter', () => {
  const program = fleetProgram(surveys);
  expect(program).toContain('//   - port 3306 (mariadbd) (db-1)\n');
  expect(program).toMatch(
    /\/\/ {3}- \/etc\/apache2\/mods-enabled\/status\.conf line \d+: apache trusts the loopback range \(web-1\)\n/,
  );
});

test('is taken whole by the API server and by istiod, without a warning', async () => {
  for (const object of objects) {
    const [outcome] = await controlPlane.client.apply(object);
    expect([describeObject(object), outcome]).toEqual([
      describeObject(object),
      expect.objectContaining({ outcome: 'accepted', warnings: [] }),
    ]);
  }
});

/** A machine of no mesh, with servers. */
async function machine(name: string, servers: readonly DebianServerName[]): Promise<Computer> {
  const computer = await Computer.create(controlPlane, {
    name,
    script: 'exec sleep infinity',
    nameserver: controlPlane.lan.hostAddress,
  });
  computer.write('/usr/local/bin/survey.py', surveyProgram());
  await computer.boot();
  for (const server of servers) await startServer(computer, server);
  return computer;
}

async function hold(from: Computer, address: string, port: number): Promise<void> {
  await from.run(`setsid python3 -c '${HOLD}' ${address} ${port} >/dev/null 2>&1 </dev/null &`);
  await from.process.waitUntil(
    `it is connected to port ${port}`,
    async () => (await from.output(`ss -Htn state connected "dst ${address}:${port}"`)) !== '',
  );
}

/** Connects again and again: servers end connections on which nobody speaks, or whose caller they do not know. */
const HOLD = `
import socket, sys, time
while True:
    connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    time.sleep(2)
    connection.close()
`;
