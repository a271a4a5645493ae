/** A module of a program: the name by which others import it, and its text. */
export interface PythonModule {
  readonly name: string;
  readonly text: string;
  /** Names of modules that are not in this program: what others import from them, this one defines. */
  readonly standsFor?: readonly string[];
}

/**
 * One program of several modules, which import one another by `from .name import …` at their heads and live in one namespace here. The last is the one
 * that is run: it begins with the program's first line and its docstring. Standard library imports stand together; each module keeps its
 * docstring as a heading.
 *
 * @throws Error when a module imports what no module before it defines, or defines a name that another has.
 */
export function joinModules(modules: readonly PythonModule[]): string {
  const parts = modules.map(parse);
  const owners = new Map<string, Part>();
  for (const part of parts) {
    for (const { from, names } of part.imports) {
      for (const name of names) {
        const owner = owners.get(name);
        if (owner === undefined || (owner.name !== from && !owner.standsFor.includes(from)))
          throw new Error(
            `${part.name}.py imports ${name} of ${from}.py, which does not define it or is not joined before it`,
          );
      }
    }
    for (const name of part.defined) {
      const other = owners.get(name);
      if (other !== undefined) throw new Error(`${part.name}.py defines ${name}, as ${other.name}.py does`);
      owners.set(name, part);
    }
  }
  const main = parts[parts.length - 1];
  const contents = parts.map((part, at) => `${at + 1} ${part.name}`).join(', ');
  const imports = [...new Set(parts.flatMap((part) => part.libraries))].sort();
  const bodies = parts.map((part, at) => {
    const about =
      part === main || part.docstring === '' ? '' : part.docstring.trimEnd().replace(/^/gm, '# ').replace(/ +$/gm, '');
    return [RULE, `# ${at + 1}. ${part.name}`, ...(about === '' ? [] : ['#', about]), RULE, '', part.body].join('\n');
  });
  return [
    `${main.shebang}"""${main.docstring}"""`,
    `# Read it in this order: ${contents}.`.replace(/(.{1,124})(?: |$)/g, '$1\n# ').replace(/\n# $/, ''),
    ...imports,
    '',
    bodies.join('\n\n\n'),
    '',
  ].join('\n');
}

/**
 * A program without its docstrings (a statement of their own, in three double quotes), comments (two spaces before those behind code) and
 * empty lines, but with its first line: what travels in user-data, which is small.
 */
export function withoutComments(program: string): string {
  const [shebang, ...lines] = program.split('\n');
  const code = lines
    .join('\n')
    .replace(/^[ ]*"""[\s\S]*?"""\n/gm, '')
    .replace(/^[ ]*#.*\n/gm, '')
    .replace(/ {2}# .*$/gm, '')
    .replace(/\n{2,}/g, '\n');
  return `${shebang}\n${code.trimEnd()}\n`;
}

const RULE = `# ${'-'.repeat(117)}`;

interface Part {
  readonly name: string;
  readonly standsFor: readonly string[];
  /** With its end of line; empty without one. */
  readonly shebang: string;
  readonly docstring: string;
  /** Imports of the standard library. */
  readonly libraries: readonly string[];
  /** Imports of other modules. */
  readonly imports: readonly { readonly from: string; readonly names: readonly string[] }[];
  readonly body: string;
  /** What it defines for others. */
  readonly defined: readonly string[];
}

function parse({ name, text, standsFor = [] }: PythonModule): Part {
  const [, shebang, docstring, rest] = /^(#!.*\n)?(?:"""([\s\S]*?)"""\n)?([\s\S]*)$/.exec(text) as RegExpExecArray;
  const [head] = /^(?:(?:import .*|from \S+ import (?:\([^)]*\)|.*))?\n)*/.exec(rest) as RegExpExecArray;
  const body = rest.slice(head.length).trim();
  const late = /^\s*from \.\w* import .*$/m.exec(body);
  if (late !== null) throw new Error(`${name}.py imports another module below its head: ${late[0].trim()}`);
  return {
    name,
    standsFor,
    shebang: shebang ?? '',
    docstring: docstring ?? '',
    libraries: head.match(/^(?:import|from [^.\s]\S* import) .*$/gm) ?? [],
    imports: [...head.matchAll(/^from \.(\w+) import (?:\(([^)]*)\)|(.*))$/gm)].map(([, from, several, plain]) => ({
      from,
      names: (several ?? plain)
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    })),
    body,
    defined: [...body.matchAll(/^(?:(?:def|class) (\w+)|(\w+(?:, \w+)*) = )/gm)].flatMap(([, one, several]) =>
      (one ?? several).split(', '),
    ),
  };
}
