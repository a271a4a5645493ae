import { allRules } from '../../lib/core/problems';
import { rulesDocument } from '../../projenrc/rules-doc';

describe('the declared rules', () => {
  const rules = allRules();

  test('exist', () => {
    expect(rules.length).toBeGreaterThan(0);
  });

  test('have ids of the form topic/name', () => {
    const odd = rules
      .map((rule) => rule.id)
      .filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id));
    expect(odd).toStrictEqual([]);
  });

  test('say what is allowed, what to do, and where that is written', () => {
    const silent = rules.filter((rule) => [rule.allowed, rule.remedy, rule.source].some((text) => text.trim() === ''));
    expect(silent.map((rule) => rule.id)).toStrictEqual([]);
  });
});

test('rulesDocument groups rules by topic and shows their texts literally', () => {
  const common = { allowed: 'a or b', remedy: 'choose', source: 'a file' };
  const document = rulesDocument([
    { ...common, id: 'name/label', origin: 'kubernetes' },
    { ...common, id: 'port/name', origin: 'ignored', allowed: '<protocol>[-*], such as `grpc_<x>`' },
    { ...common, id: 'port/range', origin: 'istio' },
  ]);
  expect(document.slice(document.indexOf('## name'))).toBe(`## name

### name/label

- Allowed: a or b
- Remedy: choose
- Without meshvm: the API server refuses the object
- Source: a file

## port

### port/name

- Allowed: \\<protocol>\\[-\\*\\], such as \`grpc_<x>\`
- Remedy: choose
- Without meshvm: the object is accepted, and Istio ignores what was asked for or does something else
- Source: a file

### port/range

- Allowed: a or b
- Remedy: choose
- Without meshvm: Istio's validating webhook refuses the object
- Source: a file
`);
});
