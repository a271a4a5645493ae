import { existsSync } from 'node:fs';
import { programsOf, runProgram, typeErrorsOf, withPrograms } from './programs';

const GOOD = `import { Mesh } from 'meshvm';
import { mkdirSync } from 'node:fs';
mkdirSync('dist');
new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc', istioVersion: '1.31.1' });
`;

describe('programs on a page', () => {
  test('are tried inside the repository, and leave nothing behind', () => {
    const seen = withPrograms([GOOD], ([folder]) => {
      expect(runProgram(folder)).toMatchObject({ status: 0, files: [], objects: [] });
      return folder;
    });
    expect(existsSync(seen)).toBe(false);
  });

  test('fail when they do not compile, or throw', () => {
    withPrograms([GOOD, GOOD.replace("'acme'", '7'), GOOD.replace("'vpc'", "'a.b'")], (folders) => {
      expect(typeErrorsOf(folders)).toStrictEqual(["2: Type 'number' is not assignable to type 'string'."]);
      const { status, stderr } = runProgram(folders[2]);
      expect([status, stderr.includes('ValidationError')]).toStrictEqual([1, true]);
    });
  }, 60_000);

  test('of README compile', () => {
    const programs = programsOf('README.md').slice(0, 1);
    expect(programs).toHaveLength(1);
    withPrograms(programs, (folders) => {
      expect(typeErrorsOf(folders)).toStrictEqual([]);
    });
  }, 60_000);
});
