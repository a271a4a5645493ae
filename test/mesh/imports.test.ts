import { differences, generateImports, IMPORTS_DIR } from '../../projenrc/imports';

test('imports/ is byte for byte what projenrc/imports.ts generates', () => {
  expect(differences(generateImports(), IMPORTS_DIR)).toStrictEqual([]);
});
