import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { IstiodAccess, MachineIdentity, MeshVmGroup, type ProxyDefaults } from 'meshvm';
import { COMPUTED, PROXY_METADATA } from '../../../lib/join/private/proxy-metadata';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../../fixtures';

const group = (proxy: ProxyDefaults, config?: string) => {
  const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com'), proxy });
  const annotations: Record<string, string> = config === undefined ? {} : { 'proxy.istio.io/config': config };
  const identity = MachineIdentity.eks({ cluster: 'c' });
  return new MeshVmGroup(aChart(), 'shop', groupProps({ mesh, annotations, identity }));
};

const problemsOfGroup = (action: () => unknown) =>
  errorOf(action).problems.map(({ property, remedy }) => [property, remedy]);

describe('proxyMetadata of a group whose machines join by themselves', () => {
  test.each([
    ...['LD_PRELOAD', 'LD_LIBRARY_PATH', 'PATH', 'BASH_ENV', 'ENV', 'EXEC_USER', 'ISTIO_BIN_BASE'],
    ...['ISTIO_INBOUND_INTERCEPTION_MODE', 'ISTIO_LOG_DIR', 'OUTPUT_CERTS', 'ENVOY_PATH', 'PROXY_CONFIG'],
    ...['__proto__', 'constructor'],
  ])('does not set %s, for root reads it on the machine', (name) => {
    expect(problemsOf(() => group({ proxyMetadata: { [name]: 'b' } }))).toStrictEqual([
      `mesh.proxy.proxyMetadata.${name} [bootstrap/proxy-metadata-name]`,
    ]);
    expect(problemsOf(() => group({}, `proxyMetadata: {${name}: b}`))).toStrictEqual([
      `annotations["proxy.istio.io/config"].proxyMetadata.${name} [bootstrap/proxy-metadata-name]`,
    ]);
  });

  test.each(Object.entries(COMPUTED))('does not set %s, which comes from %s', (name, property) => {
    const computed = problemsOfGroup(() => group({}, `proxyMetadata: {${name}: x}`));
    expect(computed).toStrictEqual([
      [`annotations["proxy.istio.io/config"].proxyMetadata.${name}`, `remove it and set ${property}`],
    ]);
    expect(problemsOf(() => group({ proxyMetadata: { [name]: 'x' } }))).toHaveLength(1);
  });

  test('has values that Istio reads', () => {
    expect(
      problemsOf(() => group({ proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'yes', SECRET_TTL: '1d' } })),
    ).toStrictEqual([
      'mesh.proxy.proxyMetadata.PROXY_CONFIG_XDS_AGENT [bootstrap/proxy-metadata-value]',
      'mesh.proxy.proxyMetadata.SECRET_TTL [bootstrap/proxy-metadata-value]',
    ]);
    const proxyMetadata = { PROXY_CONFIG_XDS_AGENT: 'true', SECRET_TTL: '12h0m0s', ISTIO_META_TEAM: 'pay; $(x)' };
    expect(() => group({ proxyMetadata })).not.toThrow();
  });

  test('is what the agent lets through', () => {
    const python = [
      'import importlib, json, sys, types',
      "package = types.ModuleType('agent')",
      'package.__path__ = [sys.argv[1]]',
      "sys.modules['agent'] = package",
      "print(json.dumps(importlib.import_module('agent.environment').METADATA))",
    ].join('\n');
    const modules = join(__dirname, '../../../lib/join/agent');
    const output = execFileSync('python3', ['-B', '-c', python, modules], { encoding: 'utf8' });
    expect(JSON.parse(output)).toStrictEqual(PROXY_METADATA);
  });
});
