import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk8sFace from 'meshvm';
import 'meshvm/pulumi';
import 'meshvm/pulumi/aws';
import { allRules } from '../../lib/core/problems';

const LIB = join(__dirname, '..', '..', 'lib');

/** What a text calls by the name that it has in TypeScript alone: factories and constants of classes. */
function factoriesIn(text: string): readonly string[] {
  const classes = cdk8sFace as unknown as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  return [...text.matchAll(/\b([A-Z]\w*)\.(\w+)/g)]
    .filter(([, name, member]) => classes[name] !== undefined && Object.hasOwn(classes[name], member))
    .map(([called]) => called);
}

describe('texts of rules name properties, since data of Pulumi programs and files has no factories', () => {
  test('whatever a rule says', () => {
    const found = allRules().flatMap(({ id, allowed, remedy }) =>
      factoriesIn(`${allowed}\n${remedy}`).map((called) => `${id}: ${called}`),
    );
    expect(found).toStrictEqual([]);
  });

  test('whatever a case says more exactly', () => {
    const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const found = files.flatMap((name) =>
      readFileSync(join(LIB, name), 'utf8')
        .split('\n')
        .filter((line) => /\b(allowed|remedy):/.test(line))
        .flatMap((line) =>
          [...line.matchAll(/'(?:[^'\\]|\\.)*'|`[^`]*`/g)].flatMap(([text]) => factoriesIn(withoutCode(text))),
        )
        .map((called) => `${name}: ${called}`),
    );
    expect(found).toStrictEqual([]);
  });

  test('finds them', () => {
    expect(factoriesIn('use Network.flat, or svc.Example.org')).toStrictEqual(['Network.flat']);
  });
});

/** A template without what is computed in it. */
function withoutCode(text: string): string {
  return text.replace(/\$\{[^}]*\}/g, '');
}
