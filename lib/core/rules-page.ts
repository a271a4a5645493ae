/** Lines about problems, and where to read more when one of them names its rule as `[topic/name]`: the page travels in the package. */
export function withRulesPage(lines: readonly string[]): readonly string[] {
  const namesRule = lines.some((line) => /\[[a-z\d-]+\/[a-z\d-]+\]/.test(line));
  return namesRule ? [...lines, '  what stands in [ ] is a rule: see docs/rules.md of the package meshvm'] : lines;
}
