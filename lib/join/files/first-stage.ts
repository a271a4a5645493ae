/**
 * The program that user-data carries: `first_stage.py` with the agent's own code for the machine's identity, without docstring and comments,
 * because user-data is small.
 *
 * @throws Error when one of the programs has no place for the other.
 */
export function composeFirstStage(firstStage: string, agent: string): string {
  const credentials = /^# <credentials>\n([\s\S]*?)^# <\/credentials>$/m.exec(agent)?.[1];
  if (credentials === undefined || !firstStage.includes(PLACE)) {
    throw new Error('the agent or its first stage has lost the mark of the credentials');
  }
  return withoutComments(firstStage.replace(PLACE, () => credentials));
}

const PLACE = '# @credentials';

/**
 * A program without its docstrings (a statement of their own, in three double quotes), lines of comment and empty lines, but with its
 * first line.
 */
export function withoutComments(program: string): string {
  const [shebang, ...lines] = program.split('\n');
  const code = lines
    .join('\n')
    .replace(/^[ ]*"""[\s\S]*?"""\n/gm, '')
    .replace(/^[ ]*#.*\n/gm, '')
    .replace(/\n{2,}/g, '\n');
  return `${shebang}\n${code.trimEnd()}\n`;
}
