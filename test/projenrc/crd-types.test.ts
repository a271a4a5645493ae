import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crdTypes } from '../../projenrc/imports/crd-types';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'meshvm-test-'));
});
afterEach(() => rmSync(work, { recursive: true }));

function definition(kind: string, versions: readonly string[]) {
  const spec = {
    type: 'object',
    description: 'Prose that nobody needs here.',
    properties: {
      description: { type: 'string', description: 'More prose.' },
      mirror_percent: { type: 'integer' },
      location: { type: 'string', enum: ['MESH_INTERNAL'] },
    },
  };
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.toLowerCase()}s.example.com` },
    spec: {
      group: 'example.com',
      names: { kind, plural: `${kind.toLowerCase()}s` },
      scope: 'Namespaced',
      versions: versions.map((name) => ({ name, schema: { openAPIV3Schema } })),
    },
  };
}

function generate(definitions: readonly unknown[], kinds: readonly string[]) {
  writeFileSync(join(work, 'crds.yaml'), definitions.map((each) => JSON.stringify(each)).join('\n---\n'));
  return crdTypes({ module: { path: 'example.com/api', version: 'v1.0.0' }, files: ['crds.yaml'], kinds }, work);
}

describe('crdTypes', () => {
  test('makes one file a group: wanted kinds, version v1, no prose, names as in JSON', () => {
    const files = generate([definition('Thing', ['v1alpha3', 'v1']), definition('Other', ['v1'])], ['Thing']);
    expect([...files.keys()]).toStrictEqual(['example.com.ts']);
    const text = files.get('example.com.ts') as string;
    expect(text).toContain('export class Thing extends ApiObject');
    expect(text).toContain("apiVersion: 'example.com/v1'");
    expect(text).not.toContain('Other');
    expect(text).not.toContain('rose');
    expect(text).toContain('readonly description?: string;');
    expect(text).toContain('readonly mirror_percent?: number;');
    expect(text).toContain("'mirror_percent': obj.mirror_percent,");
    expect(text).not.toContain('mirrorPercent?');
    expect(text).toContain('MESH_INTERNAL = "MESH_INTERNAL"');
  });

  test('refuses a kind that the module does not define, or not in version v1', () => {
    expect(() => generate([definition('Thing', ['v1'])], ['Missing'])).toThrow(
      'example.com/api v1.0.0 defines Missing 0 times, not once',
    );
    expect(() => generate([definition('Thing', ['v1alpha3'])], ['Thing'])).toThrow('Thing has no version v1');
  });
});
