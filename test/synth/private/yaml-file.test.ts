import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { YamlFile } from '../../../lib/synth/private/yaml-file';

describe('YamlFile', () => {
  test('writes documents as Yaml.save of cdk8s does, however long and in any alphabet', () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshvm-'));
    try {
      const documents = [{ a: 1 }, { text: '🚀日本語'.repeat(200_000) }, {}, { b: ['ä'] }];
      const [ours, theirs] = [join(folder, 'ours.yaml'), join(folder, 'theirs.yaml')];
      const file = new YamlFile();
      for (const count of [0, 1, documents.length, 2]) {
        for (const document of documents.slice(0, count)) file.add(Yaml.stringify(document));
        expect(file.toString()).toBe(Yaml.stringify(...documents.slice(0, count)));
        file.save(ours);
        Yaml.save(theirs, documents.slice(0, count));
        expect(readFileSync(ours).equals(readFileSync(theirs))).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
