import { type Input, output } from '@pulumi/pulumi';
import fc from 'fast-check';
import type { MeshVmGroupArgs } from 'meshvm/pulumi';
import { planGroup } from '../../../lib/pulumi/groups/group-plan';
import { CA } from '../../join/fixtures';
import { joiningArgs, later, meshArgs, refusal } from '../fixtures';
import { runProgram, settled } from '../program';

const ARGS: MeshVmGroupArgs = joiningArgs({
  mesh: meshArgs({ trustDomain: 'acme.example' }),
  serviceAccount: 'pay',
  services: [{ name: 'pay', labels: { team: 'money' }, annotations: { note: 'a "note"' } }],
  network: { behindGateway: { name: 'dc-1', cidrs: ['10.30.0.0/16', 'fd00:20::/64'] } },
  locality: { region: 'eu-west-1', zone: 'eu-west-1a', subzone: 'rack-7' },
  weight: 3,
  labels: { team: 'money' },
  annotations: { 'proxy.istio.io/config': '{"concurrency":2}', note: "it's\nhere" },
  probe: { httpGet: { port: 8080, path: '/x', host: '127.0.0.1', httpHeaders: [{ name: 'X-Probe', value: '$(x)' }] } },
  identity: { eks: { cluster: 'prod-eu', region: 'eu-west-1', kubernetesGroup: 'vms' } },
  gateway: { serviceName: 'edge', namespace: 'gateways' },
  bootstrap: { excludeCidrs: ['10.99.0.0/16'] },
  userData: {
    apiServer: 'https://api.acme.example',
    caCertificate: CA,
    application: {
      files: [{ path: '/etc/app', content: "a: 'b'\n" }],
      commands: ["echo 'x'"],
      cloudConfig: '#cloud-config\npackages: [jq]\n',
    },
  },
});

/** Every place of ARGS where an Input may stand. */
const PLACES = [
  ...['meshId', 'clusterName', 'network', 'trustDomain'].map((key) => `mesh.${key}`),
  'namespace',
  'serviceAccount',
  'services.0.labels.team',
  'services.0.annotations.note',
  'network.behindGateway.name',
  'network.behindGateway.cidrs.0',
  'network.behindGateway.cidrs.1',
  ...['region', 'zone', 'subzone'].map((key) => `locality.${key}`),
  'weight',
  'labels.team',
  'annotations.note',
  'probe.httpGet.path',
  'probe.httpGet.host',
  'probe.httpGet.httpHeaders.0.value',
  ...['cluster', 'region', 'kubernetesGroup'].map((key) => `identity.eks.${key}`),
  'gateway.serviceName',
  'gateway.namespace',
  'bootstrap.excludeCidrs.0',
  ...['apiServer', 'caCertificate', 'application.files.0.content', 'application.commands.0'].map(
    (key) => `userData.${key}`,
  ),
  'userData.application.cloudConfig',
].map((place) => place.split('.'));

function wrapped(value: unknown, places: readonly (readonly string[])[]): unknown {
  if (places.some((place) => place.length === 0)) return later(value);
  if (typeof value !== 'object' || value === null) return value;
  const change = ([key, item]: [string, unknown]) => {
    const below = places.filter(([first]) => first === key).map(([, ...rest]) => rest);
    return [key, wrapped(item, below)] as const;
  };
  const entries = Object.entries(value).map(change);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** What a plan declares once all is known. Each program has its own environment. */
async function declared(args: MeshVmGroupArgs) {
  const { value } = await runProgram(async () => {
    const { shape, result } = planGroup('MeshVmGroup', 'pay', args);
    return { shape: await settled(output(shape as unknown as Input<unknown>)), result: await settled(result) };
  });
  return value;
}

describe('planGroup', () => {
  test('declares the same, whichever arguments are known only later', async () => {
    const plain = await declared(ARGS);
    expect(plain.shape).toStrictEqual(plain.result);
    await fc.assert(
      fc.asyncProperty(fc.subarray(PLACES), async (places) => {
        const { shape, result } = await declared(wrapped(ARGS, places) as MeshVmGroupArgs);
        expect(result).toStrictEqual(plain.result);
        expect(shape).toStrictEqual(plain.shape);
      }),
      { numRuns: 12, examples: [[PLACES], [[]]] },
    );
  }, 60_000);

  test.each(PLACES.map((place) => [place.join('.'), place] as const))(
    'waits for %s where it is needed, and it may come later',
    async (_, place) => {
      const plain = await declared(ARGS);
      const { shape, result } = await declared(wrapped(ARGS, [place]) as MeshVmGroupArgs);
      expect([shape, result]).toStrictEqual([plain.shape, plain.result]);
    },
  );

  test('refuses proxy configuration that is known only later: it is read to make other configuration', async () => {
    const annotations = { 'proxy.istio.io/config': later('{"concurrency":2}') };
    expect(await refusal(() => planGroup('MeshVmGroup', 'pay', { ...ARGS, annotations }))).toStrictEqual([
      'annotations["proxy.istio.io/config"]: it depends on a value that is known only at deployment; give a plain one',
    ]);
  });
});
