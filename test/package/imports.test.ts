import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKSUMS_FILE, type Checksums, moduleName, sha256, wantedKinds } from '../../projenrc/imports/checksums';
import { cdk8sCliVersion } from '../../projenrc/imports/crd-types';
import { GATEWAY_API, type GoModule, ISTIO_API, KUBERNETES } from '../../projenrc/imports/sources';

const root = join(__dirname, '../..');
const importsDir = join(root, 'imports');
const recorded = JSON.parse(readFileSync(join(importsDir, CHECKSUMS_FILE), 'utf8')) as Checksums;

// Generating again needs Go and the module proxy: `npm run imports:check` does. What needs neither is here.
describe('imports/', () => {
  test('holds exactly the generated files, unedited', () => {
    const files = readdirSync(importsDir).filter((name) => name !== CHECKSUMS_FILE);
    const present = files.sort().map((name) => [name, sha256(readFileSync(join(importsDir, name), 'utf8'))]);
    expect(Object.fromEntries(present)).toStrictEqual(recorded.files);
  });

  test('was generated from the pinned modules, for the kinds asked for, with the installed cdk8s-cli', () => {
    expect(Object.keys(recorded.modules).sort()).toStrictEqual(
      [ISTIO_API, KUBERNETES, GATEWAY_API].map(moduleName).sort(),
    );
    expect(recorded.kinds).toStrictEqual(wantedKinds());
    expect(recorded.generator).toBe(`cdk8s-cli@${cdk8sCliVersion()}`);
  });

  test.each<readonly [string, GoModule, string]>([
    [ISTIO_API.path, ISTIO_API, 'istio'],
    [GATEWAY_API.path, GATEWAY_API, 'istio'],
    [KUBERNETES.path, KUBERNETES, 'kubernetes'],
  ])('%s has the version that the test control plane is built with', (_path, module, tool) => {
    const goMod = readFileSync(join(root, 'test/mesh/tools', tool, 'go.mod'), 'utf8');
    const versions = [...goMod.matchAll(/^\s*(?:require )?(\S+) (v\S+)/gm)].filter(([, path]) => path === module.path);
    expect(versions.map(([, , version]) => version)).toStrictEqual([module.version]);
  });

  test('is imported for types alone, so that no program loads it', () => {
    const loading = sourcesIn(join(root, 'lib')).flatMap((file) => {
      const statements = readFileSync(file, 'utf8').matchAll(
        /^(?:import|export) (?!type )[^;]*?'[./]+\/imports\/[^']+'/gm,
      );
      return [...statements].map(([statement]) => `${file}: ${statement}`);
    });
    expect(loading).toStrictEqual([]);
  });
});

function sourcesIn(dir: string): readonly string[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(dir, name));
}
