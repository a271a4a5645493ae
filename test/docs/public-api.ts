import { sep } from 'node:path';
import ts from 'typescript';

/** What is wrong with the public API of an entry point: `Type.member: complaint`, sorted. */
export interface ApiFindings {
  /** Optional properties without `@default`, required ones with it. */
  readonly defaults: readonly string[];
  /** Types that users cannot write, or that no Pulumi component could take. */
  readonly leaks: readonly string[];
  /** Properties that can be assigned to. */
  readonly writable: readonly string[];
}

/**
 * Reads the public API of an entry point as TypeScript sees it.
 *
 * @param program Holds the entry point.
 * @param entryPoint Path of the file that exports the API.
 * @param allowed Members whose leaks are meant, by `Type.member`.
 */
export function inspectPublicApi(
  program: ts.Program,
  entryPoint: string,
  allowed: readonly string[] = [],
): ApiFindings {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(entryPoint);
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error(`${entryPoint} exports nothing`);
  const findings = { defaults: new Set<string>(), leaks: new Set<string>(), writable: new Set<string>() };
  const members = checker.getExportsOfModule(module).flatMap((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const declarations = (target.declarations ?? []).filter((declaration) => !isHidden(declaration));
    return declarations.flatMap((declaration) => membersOf(symbol.name, declaration));
  });
  for (const member of members) {
    checkDefault(member, findings.defaults);
    if (member.property && !isReadonly(member.node)) findings.writable.add(`${member.name}: not readonly`);
    if (allowed.includes(member.name)) continue;
    for (const leak of leaksOf(checker, member)) findings.leaks.add(`${member.name}: ${leak}`);
  }
  return {
    defaults: [...findings.defaults].sort(),
    leaks: [...findings.leaks].sort(),
    writable: [...findings.writable].sort(),
  };
}

/** Something public with a type: a property, a parameter, what a method returns, what a type stands for. */
interface Member {
  readonly name: string;
  readonly node: ts.Declaration;
  /** Where its type is written, or undefined when it is inferred. */
  readonly type: ts.TypeNode | undefined;
  readonly property: boolean;
}

function membersOf(name: string, declaration: ts.Declaration): readonly Member[] {
  const own: Member[] = typeParametersOf(declaration).map((node) =>
    member(`${name}<${node.name.text}>`, node, undefined),
  );
  if (ts.isTypeAliasDeclaration(declaration)) return [...own, member(name, declaration, declaration.type)];
  if (ts.isVariableDeclaration(declaration)) return [...own, member(name, declaration, declaration.type)];
  if (ts.isFunctionDeclaration(declaration)) return [...own, ...signatureMembers(name, declaration)];
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return own;
  const bases = (declaration.heritageClauses ?? []).flatMap((clause) => clause.types);
  // What `Omit` and `Pick` name are keys, which nobody writes.
  const types = bases.flatMap((base) =>
    /^(Omit|Pick)$/.test(base.expression.getText()) ? (base.typeArguments?.[0] ?? []) : [base],
  );
  own.push(...types.map((type) => ({ ...member(`${name} extends`, declaration, type), node: declaration })));
  for (const each of declaration.members) {
    if (isHidden(each)) continue;
    own.push(...elementMembers(name, each));
  }
  return own;
}

function elementMembers(owner: string, element: ts.ClassElement | ts.TypeElement): readonly Member[] {
  if (ts.isConstructorDeclaration(element)) {
    const properties = element.parameters.filter(
      (each) => ts.isParameterPropertyDeclaration(each, element) && !isHidden(each),
    );
    const named = properties.map((each) => member(`${owner}.${each.name.getText()}`, each, each.type, true));
    const isPrivate = hasModifier(element, ts.SyntaxKind.PrivateKeyword);
    return isPrivate ? named : [...named, ...signatureMembers(`${owner}.constructor`, element)];
  }
  const name = `${owner}.${element.name?.getText() ?? '[index]'}`;
  if (ts.isPropertyDeclaration(element) || ts.isPropertySignature(element)) {
    return [member(name, element, element.type, true)];
  }
  if (ts.isMethodSignature(element)) return [...signatureMembers(name, element)];
  if (ts.isMethodDeclaration(element)) return [...signatureMembers(name, element)];
  if (ts.isGetAccessor(element)) return [member(name, element, element.type)];
  return [];
}

function signatureMembers(name: string, signature: ts.SignatureDeclaration): readonly Member[] {
  const generics = typeParametersOf(signature).map((node) => member(`${name}<${node.name.text}>`, node, undefined));
  const parameters = signature.parameters.map((each) => member(`${name}(${each.name.getText()})`, each, each.type));
  const returns = ts.isConstructorDeclaration(signature) ? [] : [member(`${name}()`, signature, signature.type)];
  return [...generics, ...parameters, ...returns];
}

function member(name: string, node: ts.Declaration, type: ts.TypeNode | undefined, property = false): Member {
  return { name, node, type, property };
}

/** Made by factories alone, and one field is set: but for those beside the choice no field has a default of its own. */
function isChoice(node: ts.Node): boolean {
  if (!ts.isClassDeclaration(node)) return false;
  const has = (member: ts.ClassElement, kind: ts.SyntaxKind) =>
    ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some((modifier) => modifier.kind === kind);
  const fields = node.members.filter(
    (member): member is ts.PropertyDeclaration =>
      ts.isPropertyDeclaration(member) && !has(member, ts.SyntaxKind.StaticKeyword),
  );
  return (
    fields.every((field) => field.questionToken !== undefined || isBeside(field)) &&
    node.members.some((member) => ts.isConstructorDeclaration(member) && has(member, ts.SyntaxKind.PrivateKeyword))
  );
}

function isBeside(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'beside');
}

function checkDefault(of: Member, findings: Set<string>): void {
  if (!of.property || (isChoice(of.node.parent) && !isBeside(of.node))) return;
  const tag = ts.getJSDocTags(of.node).find((each) => each.tagName.text === 'default');
  const text = tag && (ts.getTextOfJSDocComment(tag.comment) ?? '').trim();
  const optional = (of.node as ts.PropertySignature).questionToken !== undefined;
  if (optional && !text) findings.add(`${of.name}: optional, without @default`);
  if (!optional && tag) findings.add(`${of.name}: required, with @default`);
}

function leaksOf(checker: ts.TypeChecker, of: Member): readonly string[] {
  if (ts.isTypeParameterDeclaration(of.node)) return ['generic'];
  const found = new Set<string>();
  walk(of.type ? checker.getTypeFromTypeNode(of.type) : inferred(checker, of.node), new Set());
  return [...found];

  function walk(type: ts.Type, seen: Set<ts.Type>): void {
    if (seen.has(type)) return;
    seen.add(type);
    if (type.flags & ts.TypeFlags.Any) found.add('any');
    if (
      type.isUnion() &&
      type.types.filter((each) => each.isStringLiteral() && !(each.flags & ts.TypeFlags.EnumLiteral)).length > 1
    )
      found.add('union of strings');
    const home = homeOf(checker, type);
    if (type.symbol?.name === 'Function') found.add('function');
    if (home === 'generated') found.add(`generated type ${checker.typeToString(type)}`);
    for (const argument of [...(type.aliasTypeArguments ?? []), ...argumentsOf(checker, type)]) walk(argument, seen);
    if (type.isUnionOrIntersection()) for (const each of type.types) walk(each, seen);
    // What has a name is judged where it is declared; dependencies are not ours to judge.
    if (home !== 'anonymous') return;
    if (type.getCallSignatures().length + type.getConstructSignatures().length > 0) found.add('function');
    for (const info of checker.getIndexInfosOfType(type)) walk(info.type, seen);
    for (const property of checker.getPropertiesOfType(type)) {
      if (property.declarations?.some((each) => isGenerated(each.getSourceFile()))) {
        found.add(`generated property ${property.name}`);
      } else if (type.flags & ts.TypeFlags.Object) walk(checker.getTypeOfSymbol(property), seen);
    }
  }
}

function inferred(checker: ts.TypeChecker, node: ts.Declaration): ts.Type {
  const type = checker.getTypeAtLocation(node);
  return ts.isFunctionLike(node) && !ts.isGetAccessor(node)
    ? (type.getCallSignatures()[0]?.getReturnType() ?? type)
    : type;
}

function argumentsOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const isReference =
    type.flags & ts.TypeFlags.Object && (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}

function homeOf(checker: ts.TypeChecker, type: ts.Type): 'generated' | 'named' | 'anonymous' {
  const declarations = type.symbol?.declarations ?? [];
  if (declarations.some((each) => isGenerated(each.getSourceFile()))) return 'generated';
  const named = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.Enum;
  if (type.symbol && type.symbol.flags & named) return 'named';
  if (checker.isTupleType(type)) return 'named';
  return type.flags & ts.TypeFlags.Object ? 'anonymous' : 'named';
}

function isGenerated(file: ts.SourceFile): boolean {
  return file.fileName.split(/[\\/]/).includes('imports') && !file.fileName.includes(`${sep}node_modules${sep}`);
}

/** Private, protected, or marked `@internal`, which leaves the published declarations. */
function isHidden(node: ts.Node): boolean {
  if (ts.getJSDocTags(node).some((each) => each.tagName.text === 'internal')) return true;
  const name = (node as ts.ClassElement).name;
  const hidden = [
    ts.SyntaxKind.ProtectedKeyword,
    ...(ts.isConstructorDeclaration(node) ? [] : [ts.SyntaxKind.PrivateKeyword]),
  ];
  return hidden.some((kind) => hasModifier(node, kind)) || (name !== undefined && ts.isPrivateIdentifier(name));
}

function isReadonly(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.ReadonlyKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((each) => each.kind === kind);
}

function typeParametersOf(node: ts.Node): readonly ts.TypeParameterDeclaration[] {
  return (node as { readonly typeParameters?: readonly ts.TypeParameterDeclaration[] }).typeParameters ?? [];
}
