/** A hosts file that holds the beginning of a block without its end, or two of them: nobody can tell which lines are whose. */
export class BrokenHostsBlock extends Error {}

/**
 * A hosts file with the block of a machine: in the place of the one that it had, or at its end. Without a block the file is as it was before
 * there was one. Every other byte stays.
 *
 * @param content The file.
 * @param name Name of the machine.
 * @param block What hostsBlock makes, or undefined to take it out.
 * @throws BrokenHostsBlock where the old block can't be told from the lines of others.
 */
export function withHostsBlock(content: string, name: string, block: string | undefined): string {
  const begin = `# meshvm-envoy ${name} begin`;
  const end = `# meshvm-envoy ${name} end`;
  const lines = content.split(/(?<=\n)/);
  const places = (mark: string) => lines.flatMap((line, index) => (line.trimEnd() === mark ? [index] : []));
  const [begins, ends] = [places(begin), places(end)];
  if (begins.length === 0 && ends.length === 0) return block === undefined ? content : appended(content, block);
  const [first, last] = [begins[0], ends[0]];
  if (begins.length !== 1 || ends.length !== 1 || last < first) {
    throw new BrokenHostsBlock(
      `its lines "${begin}" and "${end}" are not one pair; remove them, and what belongs between them`,
    );
  }
  return [...lines.slice(0, first), block ?? '', ...lines.slice(last + 1)].join('');
}

function appended(content: string, block: string): string {
  return content === '' || content.endsWith('\n') ? content + block : `${content}\n${block}`;
}
