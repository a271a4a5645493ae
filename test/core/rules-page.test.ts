import { withRulesPage } from '../../lib/core/rules-page';

const PAGE = '  what stands in [ ] is a rule: see docs/rules.md of the package meshvm';

test('says once where the rules are that problems name', () => {
  const lines = ['a: 1 is not allowed [port/range]\n    fix: b', 'c: 2 is not allowed [port/name]'];
  expect(withRulesPage(lines)).toStrictEqual([...lines, PAGE]);
});

test('says nothing where no rule is named', () => {
  expect(withRulesPage(['ports[0]: it is missing', 'hosts[a/b.c]: odd'])).toStrictEqual([
    'ports[0]: it is missing',
    'hosts[a/b.c]: odd',
  ]);
});
