import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import {
  besideIn,
  choiceOf,
  type Declaration,
  declarationsIn,
  descriptionOf,
  isProperty,
  type Property,
  propsOfValue,
  tag,
} from './lib-types';

/** A file of the library, and the interfaces that are made of its types. */
export interface ArgsFile {
  /** Path below the root, such as `lib/pulumi/traffic/retries-args.ts`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Writes Pulumi's arguments: for each type that a spec is made of an interface with `Input` in its leaves, of a form that Pulumi's schema
 * analyzer takes (no generics, no `readonly T[]`, no unions). Names and documentation are those of the types; what differs between the
 * two faces is said by tags:
 *
 * - `@args Name`: name of the interface, or of the interface of a property whose type is written in place.
 * - `@argsType text`: type of a property; `@argsPlain`: it must be known at once, so no `Input`; `@argsRequired`: it has no default here.
 * - `@argsDoc text`: what the description says here.
 * - `@argsInline`: a type without an interface of its own; its properties stand in those of the types that extend it. So do those of
 *   `Omit<Type, …>`.
 * - `@beside` (no difference between the faces): a field of a choice that is not one of those to choose from, such as a name.
 * - `@choice a, b`: the fields of which exactly one is set, of a class that has others, or of an interface.
 * - `@argsOmit`: not there, be it a property or a type. `@argsExtends Name`: an interface written by hand that has what is there in Pulumi alone.
 *
 * A type of which an interface is written by hand (in `lib/pulumi`, without our header) keeps that.
 */
export class PulumiArgs {
  private readonly checker: ts.TypeChecker;
  private readonly files = new Map<string, FileDraft>();
  private readonly made = new Map<ts.Declaration, string>();

  /**
   * @param handwritten Interfaces that are written by hand, by name, with the file that each stands in.
   * @param root Folder that paths start from.
   */
  public constructor(
    private readonly program: ts.Program,
    private readonly handwritten: ReadonlyMap<string, string>,
    private readonly root: string,
  ) {
    this.checker = program.getTypeChecker();
  }

  /** Adds the arguments that the type stands for, and all that they are made of. */
  public add(type: string): void {
    const declaration = declarationsIn(this.program, this.root).find(({ name }) => name?.text === type);
    if (declaration === undefined) throw new Error(`there is no type ${type} in lib`);
    const apart = ['argsOmit', 'argsInline'].every((name) => tag(declaration, name) === undefined);
    if (apart) this.nameOf(declaration);
  }

  public get written(): readonly ArgsFile[] {
    return [...this.files].map(([path, draft]) => ({ path, text: draft.print(path) }));
  }

  /** The interface that stands for a type; it is written unless there is one already. */
  private nameOf(declaration: Declaration): string {
    const known = this.made.get(declaration);
    if (known !== undefined) return known;
    const own = declaration.name?.text ?? '';
    const name = tag(declaration, 'args') ?? `${own.replace(/(Props|Spelling)$/, '')}Args`;
    this.made.set(declaration, name);
    if (!this.handwritten.has(name)) {
      this.interfaceOf(this.fileOf(declaration), declaration, name);
    } else if (!declaration.getSourceFile().fileName.startsWith(join(this.root, 'lib'))) {
      throw new Error(`${own} is no type of lib`);
    }
    return name;
  }

  private fileOf(declaration: ts.Node): FileDraft {
    const source = relative(this.root, declaration.getSourceFile().fileName);
    const path = source.replace(/^lib\/(?!pulumi\/)/, 'lib/pulumi/').replace(/(-props|-spelling)?\.ts$/, '-args.ts');
    const draft = this.files.get(path) ?? new FileDraft((name) => this.fileWith(name));
    this.files.set(path, draft);
    return draft;
  }

  private fileWith(name: string): string {
    const generated = [...this.files].find(([, { names }]) => names.has(name))?.[0];
    const file = generated ?? this.handwritten.get(name);
    if (file === undefined) throw new Error(`nobody writes ${name}`);
    return file;
  }

  private interfaceOf(file: FileDraft, declaration: Declaration, name: string): void {
    const place = file.reserve(declaration.getStart(), name);
    const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => [...types]);
    const inline = bases.filter((base) => this.isInline(base));
    const inherited = bases
      .filter((base) => !inline.includes(base))
      .map((base) => this.nameOf(this.declarationOf(base.expression) as Declaration));
    const more = tag(declaration, 'argsExtends');
    const all = more === undefined ? inherited : [...inherited, more];
    for (const base of all) file.uses(base);
    const choice = choiceOf(declaration);
    const doc = this.docOf(declaration).replace(/^Properties of /, 'Arguments of ');
    // What a type says again of a property that it inherits counts.
    const said = new Set(declaration.members.map((member) => member.name?.getText()));
    const inlined = inline
      .flatMap((base) => this.checker.getPropertiesOfType(this.checker.getTypeAtLocation(base)))
      .filter((property) => !said.has(property.name))
      .flatMap(({ declarations = [] }) => this.membersOf(file, declarations, choice, name));
    const members = [...this.membersOf(file, declaration.members, choice, name), ...inlined];
    const text = choice === undefined ? doc : doc.replace(/(?=\n\n|$)/, exactlyOne(declaration));
    place.text = `${comment(text, [], '')}export interface ${name}${all.length > 0 ? ` extends ${all.join(', ')}` : ''} {\n${members.join('\n\n')}\n}`;
  }

  /** Whether the properties of a base stand in the interface itself: those that `Omit` leaves, too. */
  private isInline({ expression }: ts.ExpressionWithTypeArguments): boolean {
    return expression.getText() === 'Omit' || tag(this.declarationOf(expression), 'argsInline') !== undefined;
  }

  private membersOf(
    file: FileDraft,
    members: readonly ts.Node[],
    choices: readonly string[] | undefined,
    ownerName: string,
  ): readonly string[] {
    return members.filter(isProperty).flatMap((member) => {
      if (tag(member, 'argsOmit') !== undefined) return [];
      const name = (member.name as ts.Identifier).text;
      const choice = choices?.includes(name) === true;
      const optional = member.questionToken !== undefined && tag(member, 'argsRequired') === undefined;
      const type = tag(member, 'argsType') ?? this.typeOf(file, member.type as ts.TypeNode, member);
      for (const word of type.match(/\b[A-Z]\w*\b/g) ?? [])
        if (/Args$/.test(word) || this.handwritten.has(word)) file.uses(word);
      let doc = this.docOf(member);
      if (doc === '') throw new Error(`${ownerName}.${name} has no documentation`);
      const chosen = choice && tag(member, 'beside') === undefined;
      if (chosen && type === 'boolean') doc = `\`true\`: ${doc[0].toLowerCase()}${doc.slice(1)}`;
      const fallback = chosen ? '- another property is set' : (tag(member, 'argsDefault') ?? tag(member, 'default'));
      const tags = optional && fallback !== undefined ? [`@default ${fallback}`] : [];
      return [`${comment(doc, tags, '  ')}  readonly ${name}${optional ? '?' : ''}: ${type};`];
    });
  }

  private typeOf(file: FileDraft, node: ts.TypeNode, member: Property): string {
    const below = (type: ts.TypeNode) => this.typeOf(file, type, member);
    if (node.kind === ts.SyntaxKind.StringKeyword) {
      return tag(member, 'argsPlain') === undefined ? file.input('string') : 'string';
    }
    if (node.kind === ts.SyntaxKind.NumberKeyword || node.kind === ts.SyntaxKind.BooleanKeyword) return node.getText();
    if (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.TrueKeyword) return 'boolean';
    if (ts.isTypeOperatorNode(node) || ts.isParenthesizedTypeNode(node)) return below(node.type);
    if (ts.isArrayTypeNode(node)) return `${below(node.elementType)}[]`;
    if (ts.isTypeLiteralNode(node)) return this.literalOf(file, node, member);
    if (!ts.isTypeReferenceNode(node)) throw new Error(`${member.getText()}: Pulumi has no such type; use @argsType`);
    const name = node.typeName.getText();
    const [first, second] = node.typeArguments ?? [];
    if (name === 'Readonly') return below(first);
    if (name === 'Record') return `Record<string, ${below(second)}>`;
    const declaration = this.declarationOf(node.typeName);
    if (ts.isEnumDeclaration(declaration))
      return file.enum(name, relative(this.root, declaration.getSourceFile().fileName));
    if (ts.isTypeAliasDeclaration(declaration)) return below(declaration.type);
    const props = propsOfValue(declaration);
    const args = this.nameOf(props ? (this.declarationOf(props.typeName) as Declaration) : declaration);
    file.uses(args);
    return args;
  }

  /** The interface of a type that is written in the place of a property. */
  private literalOf(file: FileDraft, node: ts.TypeLiteralNode, member: Property): string {
    const key = (member.name as ts.Identifier).text;
    const name = tag(member, 'args') ?? `${key[0].toUpperCase()}${key.slice(1)}Args`;
    const place = file.reserve(node.getStart(), name);
    const text = this.docOf(member);
    place.text = `${comment(text, [], '')}export interface ${name} {\n${this.membersOf(file, node.members, undefined, name).join('\n\n')}\n}`;
    return name;
  }

  private declarationOf(node: ts.Node): Declaration | ts.EnumDeclaration | ts.TypeAliasDeclaration {
    let symbol = this.checker.getSymbolAtLocation(node);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = this.checker.getAliasedSymbol(symbol);
    const declaration = symbol?.declarations?.[0];
    if (declaration === undefined) throw new Error(`${node.getText()}: its type is unknown`);
    return declaration as Declaration | ts.EnumDeclaration | ts.TypeAliasDeclaration;
  }

  /** What a declaration says of itself; of one that says no more than `{@link Class.factory}`, what the factory says. */
  private docOf(node: ts.Node): string {
    const own = tag(node, 'argsDoc');
    if (own !== undefined) return own;
    const doc = descriptionOf(node);
    const inherited = /^\{@link (\w+)\.(\w+)(?:\.(\w+))?\}$/.exec(doc);
    if (inherited === null) return doc;
    const [, , factory, parameter] = inherited;
    const owner = ts.findAncestor(node, ts.isClassDeclaration);
    const method = owner?.members.find(
      (member) => member.name?.getText() === factory && ts.isMethodDeclaration(member),
    );
    if (method === undefined) throw new Error(`${doc}: there is no such factory`);
    if (parameter === undefined) return this.docOf(method);
    const found = ts.getJSDocParameterTags(
      (method as ts.MethodDeclaration).parameters.find(
        (p) => p.name.getText() === parameter,
      ) as ts.ParameterDeclaration,
    )[0];
    return (ts.getTextOfJSDocComment(found?.comment) ?? '').trim();
  }
}

/** A file while it is written. */
class FileDraft {
  public readonly names = new Set<string>();
  private readonly places: { readonly start: number; text: string }[] = [];
  private readonly used = new Set<string>();
  private readonly enums = new Map<string, string>();
  private inputs = false;

  public constructor(private readonly fileWith: (name: string) => string) {}

  public reserve(start: number, name: string): { text: string } {
    const place = { start, text: '' };
    if (!this.names.has(name)) this.places.push(place);
    this.names.add(name);
    return place;
  }

  public uses(name: string): void {
    this.used.add(name);
  }

  public input(type: string): string {
    this.inputs = true;
    return `pulumi.Input<${type}>`;
  }

  public enum(name: string, file: string): string {
    this.enums.set(name, file);
    return name;
  }

  public print(path: string): string {
    const from = (file: string) => {
      const to = relative(dirname(path), file).replace(/\.ts$/, '');
      return to.startsWith('.') ? to : `./${to}`;
    };
    const modules = new Map<string, string[]>();
    for (const name of this.used) {
      if (this.names.has(name) || this.enums.has(name)) continue;
      const file = from(this.fileWith(name));
      modules.set(file, [...(modules.get(file) ?? []), name]);
    }
    for (const [name, file] of this.enums) modules.set(from(file), [...(modules.get(from(file)) ?? []), name]);
    const text = this.places.sort((a, b) => a.start - b.start).map((place) => place.text);
    const inputs = this.inputs || text.some((part) => part.includes('pulumi.Input'));
    const imports = [...modules]
      .sort(([a], [b]) => (byDepth(a) < byDepth(b) ? -1 : 1))
      .map(([file, names]) => `import type { ${names.sort().join(', ')} } from '${file}';`);
    const head = [...(inputs ? ["import type * as pulumi from '@pulumi/pulumi';"] : []), ...imports];
    const again = [...this.enums].map(([name, file]) => `export { ${name} } from '${from(file)}';`);
    return `${[ARGS_HEADER, ...(head.length > 0 ? [head.join('\n')] : []), ...(again.length > 0 ? [again.join('\n')] : []), ...text].join('\n\n')}\n`;
  }
}

/** First line of each file that is made here. */
export const ARGS_HEADER =
  '// Generated by projenrc/spec from the types of the same name in lib: run `npm run spec`. Do not edit.';

function exactlyOne(choice: Declaration): string {
  // It says so itself, because it has other properties.
  if (tag(choice, 'choice') !== undefined) return '';
  const beside = besideIn(choice).map((name) => ` besides \`${name}\``);
  return ` Exactly one property${beside.join(' and')} must be set.`;
}

/** A comment in the form of the rest of the code: one line if it fits. */
function comment(text: string, tags: readonly string[], indent: string): string {
  const lines = [...text.split('\n'), ...tags.flatMap((each) => each.split('\n'))].map((line) => line.trim());
  const [only] = lines;
  if (lines.length === 1 && only.length + indent.length + 7 <= 140) return `${indent}/** ${only} */\n`;
  const wrapped = wrap(lines, 140 - indent.length - 3);
  return `${indent}/**\n${wrapped.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`;
}

/** What is too much for a line goes on in the next, unless another paragraph, a tag or a list begins there. */
function wrap(lines: readonly string[], width: number): readonly string[] {
  const wrapped: string[] = [];
  let left = '';
  for (const line of lines) {
    const goesOn = left !== '' && line !== '' && !/^[@*-]/.test(line);
    if (left !== '' && !goesOn) wrapped.push(left);
    let rest = goesOn ? `${left} ${line}` : line;
    const tooLong = rest.length > width;
    for (let end = rest.lastIndexOf(' ', width); rest.length > width && end > 0; end = rest.lastIndexOf(' ', width)) {
      wrapped.push(rest.slice(0, end));
      rest = rest.slice(end + 1);
    }
    left = tooLong ? rest : '';
    if (!tooLong) wrapped.push(rest);
  }
  return left === '' ? wrapped : [...wrapped, left];
}

/** As biome sorts: what is further up comes first. */
function byDepth(file: string): string {
  return `${9 - file.split('../').length}${file}`;
}
