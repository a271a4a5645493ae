import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { IstiodAccess, MachineIdentity, MeshVmGroup } from 'meshvm';
import { blockYaml } from '../../../lib/core/block-yaml';
import { PROXY_CONFIG_FIELDS } from '../../../lib/join/private/proxy-config-fields';
import { aChart, aMesh, groupProps, problemsOf } from '../../fixtures';

const PATH = 'annotations["proxy.istio.io/config"]';

const group = (config: string) => {
  const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com') });
  const annotations = { 'proxy.istio.io/config': config };
  const identity = MachineIdentity.eks({ cluster: 'c' });
  return new MeshVmGroup(aChart(), 'shop', groupProps({ mesh, annotations, identity }));
};

describe('the ProxyConfig of a group whose machines join by themselves', () => {
  test.each([
    ['binaryPath', 'binaryPath: /tmp/envoy'],
    ['binaryPath', 'binary_path: /tmp/envoy'],
    ['configPath', 'configPath: /tmp'],
    ['customConfigFile', 'customConfigFile: /tmp/envoy.yaml'],
    ['proxyBootstrapTemplatePath', 'proxyBootstrapTemplatePath: /tmp/x'],
    ['caCertificatesPem', 'caCertificatesPem: [x]'],
    ['privateKeyProvider', 'privateKeyProvider: { qat: {} }'],
    ['controlPlaneAuthPolicy', 'controlPlaneAuthPolicy: NONE'],
    ['envoyAccessLogService', 'envoyAccessLogService: { address: "a:1" }'],
    ['tracing', 'tracing: { tlsSettings: { privateKey: /etc/x } }'],
    ['tracing', 'tracing: zipkin'],
    ['concurrency', 'concurrency: -1'],
    ['concurrency', 'concurrency: [1]'],
    ['drainDuration', 'drainDuration: 1d'],
    ['constructor', 'constructor: "function Object { a }"'],
  ])('does not set %s: %s', (field, text) => {
    expect(problemsOf(() => group(text))).toStrictEqual([`${PATH}.${field} [bootstrap/proxy-config-field]`]);
  });

  test('may set what is data', () => {
    expect(() =>
      group(
        'concurrency: 2\ntracing:\n  sampling: 12.5\nproxyStatsMatcher: { inclusionPrefixes: [a] }\ndrain_duration: 12s\nmeshId: null\n',
      ),
    ).not.toThrow();
  });

  test('of machines that get their files by other means is theirs', () => {
    const annotations = { 'proxy.istio.io/config': 'binaryPath: /opt/envoy' };
    expect(() => new MeshVmGroup(aChart(), 'shop', groupProps({ annotations }))).not.toThrow();
  });

  test('has the fields that the agent lets through', () => {
    const forms = JSON.parse(python('print(json.dumps(mesh_text.FIELDS))', ''));
    // Numbers of ports have the same form in both.
    expect(forms).toStrictEqual(PROXY_CONFIG_FIELDS);
  });

  test('is read by the agent as it was written', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('yes', '|', '- a', 'a: b', 'a\nb', 'a\n\nb\n'),
    );
    const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(
          text.filter((key) => key !== '__proto__'),
          tie('tree'),
          { maxKeys: 3, noNullPrototype: true },
        ),
      ),
      leaf: fc.oneof(
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
        fc.boolean(),
        fc.constant(null),
      ),
    }));
    const documents = fc.sample(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      500,
    );
    const plain = JSON.parse(JSON.stringify(documents)) as Readonly<Record<string, unknown>>[];
    const output = python(
      'print(json.dumps([mesh_text.read_block_yaml(text) for text in json.load(sys.stdin)]))',
      JSON.stringify(plain.map((document) => blockYaml(document))),
    );
    expect(JSON.parse(output)).toStrictEqual(plain);
  });
});

function python(script: string, input: string): string {
  const program = [
    'import importlib, json, sys, types',
    "package = types.ModuleType('agent')",
    'package.__path__ = [sys.argv[1]]',
    "sys.modules['agent'] = package",
    "mesh_text = importlib.import_module('agent.mesh_text')",
    script,
  ].join('\n');
  const modules = join(__dirname, '../../../lib/join/agent');
  return execFileSync('python3', ['-B', '-c', program, modules], { encoding: 'utf8', input });
}
