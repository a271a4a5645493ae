import { join } from 'node:path';
import ts from 'typescript';

export type Declaration = ts.InterfaceDeclaration | ts.ClassDeclaration;

/**
 * The interfaces and classes that files of lib declare.
 *
 * @param isMeant Which files, by their paths below lib.
 */
export function declarationsIn(
  program: ts.Program,
  root: string,
  isMeant: (path: string) => boolean = () => true,
): readonly Declaration[] {
  const lib = join(root, 'lib/');
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(lib) && isMeant(fileName.slice(lib.length)))
    .flatMap((file) => file.statements.filter(isDeclaration));
}

/** The fields of which exactly one is set, by the names of the types that are choices. */
export function choicesIn(program: ts.Program, root: string): ReadonlyMap<string, readonly string[]> {
  // It binds the nodes to their parents, without which they have no tags.
  program.getTypeChecker();
  return new Map(
    declarationsIn(program, root).flatMap((each) => {
      const choice = choiceOf(each);
      return choice === undefined ? [] : [[each.name?.text ?? '', choice] as const];
    }),
  );
}

/**
 * Names of the classes that programs make by `new` and hand on as values, with the names of their properties' types: they check
 * themselves, and have methods.
 */
export function valuesIn(program: ts.Program, root: string): ReadonlyMap<string, string> {
  return new Map(
    declarationsIn(program, root, (path) => !path.startsWith('pulumi/')).flatMap((each) => {
      const props = propsOfValue(each);
      return props === undefined ? [] : [[each.name?.text ?? '', nameOfType(props)] as const];
    }),
  );
}

/** The type of the properties of such a class. */
export function propsOfValue(declaration: ts.Node): ts.TypeReferenceNode | undefined {
  if (!ts.isClassDeclaration(declaration)) return undefined;
  const derived = declaration.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  if (derived) return undefined;
  const parameters = declaration.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  const [type] = parameters.map((parameter) => parameter.type);
  const isProps = parameters.length === 1 && type !== undefined && ts.isTypeReferenceNode(type);
  return isProps && nameOfType(type) === `${declaration.name?.text}Props` ? type : undefined;
}

/**
 * Fields of which exactly one is set: those that `@choice` names, or those of a class that is made by factories alone, with nothing in it
 * that is required but for what stands beside the choice.
 */
export function choiceOf(declaration: Declaration): readonly string[] | undefined {
  const named = tag(declaration, 'choice')?.split(/,\s*/);
  if (named !== undefined || !ts.isClassDeclaration(declaration)) return named;
  const made = declaration.members.some(
    (member) => ts.isConstructorDeclaration(member) && has(member, ts.SyntaxKind.PrivateKeyword),
  );
  const fields = declaration.members.filter(isProperty);
  const beside = besideIn(declaration);
  const names = fields.map((field) => (field.name as ts.Identifier).text);
  const optional = (field: ts.Node, index: number) =>
    (field as Property).questionToken !== undefined || beside.includes(names[index]);
  return made && fields.length > 0 && fields.every(optional)
    ? names.filter((name) => !beside.includes(name))
    : undefined;
}

/** Names of the fields of a choice that stand beside those to choose from. */
export function besideIn(choice: Declaration): readonly string[] {
  return choice.members
    .filter((member) => tag(member, 'beside') !== undefined)
    .map((member) => member.name?.getText() ?? '');
}

export type Property = ts.PropertySignature | ts.PropertyDeclaration;

export function isProperty(node: ts.Node): node is Property {
  if (ts.isPropertySignature(node)) return true;
  return (
    ts.isPropertyDeclaration(node) &&
    !has(node, ts.SyntaxKind.StaticKeyword) &&
    !has(node, ts.SyntaxKind.PrivateKeyword)
  );
}

/** What a tag of its comment says; undefined without such a tag. */
export function tag(node: ts.Node, name: string): string | undefined {
  const found = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name);
  return found && (ts.getTextOfJSDocComment(found.comment) ?? '').trim();
}

/** What the comment of a declaration says before its tags. */
export function descriptionOf(node: ts.Node): string {
  return description((ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.getText() ?? '').trim());
}

/** The text of a comment before its tags, with the lines that it has. */
function description(doc: string): string {
  const lines = doc
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  const end = lines.findIndex((line) => /^\s*@/.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).join('\n').trim();
}

/** Also in files that nobody has bound. */
function nameOfType({ typeName }: ts.TypeReferenceNode): string {
  return ts.isIdentifier(typeName) ? typeName.text : typeName.right.text;
}

function isDeclaration(node: ts.Node): node is Declaration {
  return ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node);
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}
