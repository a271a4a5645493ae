import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { openInEditor } from './library-service';

const LIB = join(__dirname, '../../lib');
const OPEN = join(LIB, 'open-in-the-editor.ts');

describe('on `new`, an editor', () => {
  const names = ['Mesh', 'EastWestGateway', 'MeshVmGroup', 'MeshVm', 'StandaloneEnvoy'];
  const text = [`import { ${names.join(', ')} } from './index';`, ...names.map((name) => `new ${name}(`)].join('\n');

  test.each(names)("shows the text, the example and the errors of %s's class", (name) => {
    const shown = openInEditor({ [OPEN]: text }).getQuickInfoAtPosition(
      OPEN,
      text.indexOf(`new ${name}(`) + 'new '.length,
    );
    expect(ts.displayPartsToString(shown?.documentation)).toMatch(/^[A-Z][\s\S]+\./);
    expect(shown?.tags?.map((tag) => tag.name).sort()).toStrictEqual(['example', 'throws']);
    const example = shown?.tags?.find((tag) => tag.name === 'example');
    expect(ts.displayPartsToString(example?.text)).toContain(`new ${name}(`);
  });
});

test('no constructor hides the text of its class behind @throws alone', () => {
  const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.filter((file) => hidesItsClass(readFileSync(join(LIB, file), 'utf8')))).toStrictEqual([]);
  expect(hidesItsClass('class A {\n/** @throws Error */ public constructor() {} }')).toBe(true);
  expect(hidesItsClass('class A {\n/** Makes it. @throws Error */ public constructor() {} }')).toBe(false);
});

function hidesItsClass(source: string): boolean {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.ES2022, true);
  const constructors = file.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration));
  return constructors.some((each) => {
    const docs = ts.getJSDocCommentsAndTags(each).filter(ts.isJSDoc);
    const saysNothing = ({ comment, tags }: ts.JSDoc) => comment === undefined && !tags?.some(ts.isJSDocParameterTag);
    return docs.length > 0 && docs.every(saysNothing);
  });
}
