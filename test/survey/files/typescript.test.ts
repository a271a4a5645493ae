import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import ts from 'typescript';
import { comment, literal, literals } from '../../../lib/survey/files/typescript';
import { hostileText } from '../hostile';

test('a literal is the text, and plain ASCII', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const written = literal(text);
      expect(written).toMatch(/^'[ -~]*'$/);
      expect(runInNewContext(written)).toBe(text);
    }),
  );
});

test('literals stand in an array', () => {
  expect(literals([])).toBe('[]');
  expect(literals(["it's", 'a\\b\n'])).toBe("['it\\'s', 'a\\\\b\\u000a']");
});

test('a comment is nothing but a comment', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const source = ts.createSourceFile('a.ts', `${comment(text)}\nafter;`, ts.ScriptTarget.ES2022);
      expect(source.statements.map((statement) => statement.getText(source))).toStrictEqual(['after;']);
    }),
  );
});

test('a comment shows what has no shape, and is cut', () => {
  expect(comment('a\u202eb\u2028c\r\nd', '  ')).toBe('  // a\\u{202e}b\\u{2028}c\\u{d}\\u{a}d');
  expect(comment('x'.repeat(1000))).toHaveLength(406);
});
