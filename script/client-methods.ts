/** Which method of the client performs which operation: read from the code, where each call names its operation. */
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const FOLDER = new URL('../src/vpcep/', import.meta.url);

interface Part {
  readonly name: string;
  readonly isPublicMethod: boolean;
  readonly operations: Set<string>;
  readonly calls: Set<string>;
}

/** By operationId: public methods such as `services.createService`. */
export function readClientMethods(operationIds: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const nouns = readNouns();
  const methods = new Map<string, string[]>();
  for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )) {
    const source = parse(file);
    for (const declaration of source.statements.filter(ts.isClassDeclaration)) {
      const noun = nouns.get(declaration.name?.text ?? '');
      const parts = noun === undefined ? [] : readParts(source, declaration, operationIds);
      for (const { name } of parts.filter(({ isPublicMethod }) => isPublicMethod)) {
        for (const operation of reachable(name, parts)) {
          methods.set(operation, [...(methods.get(operation) ?? []), `${noun}.${name}`]);
        }
      }
    }
  }
  return methods;
}

/** Class name → property of VpcepClient. */
function readNouns(): ReadonlyMap<string, string> {
  const nouns = new Map<string, string>();
  visit(parse('client.ts'), (node) => {
    if (ts.isPropertyDeclaration(node) && node.type !== undefined) nouns.set(node.type.getText(), node.name.getText());
  });
  return nouns;
}

/** The methods of the class and the functions beside it, private ones included: a method may go through them. */
function readParts(source: ts.SourceFile, declaration: ts.ClassDeclaration, ids: ReadonlySet<string>): readonly Part[] {
  const methods = declaration.members.filter(ts.isMethodDeclaration);
  const functions = source.statements.filter(ts.isFunctionDeclaration);
  return [...methods, ...functions].map((node) => {
    const operations = new Set<string>();
    const calls = new Set<string>();
    visit(node, (inner) => {
      if (ts.isStringLiteral(inner) && ids.has(inner.text)) operations.add(inner.text);
      if (ts.isCallExpression(inner)) calls.add(calledName(inner.expression));
    });
    const name = node.name?.getText() ?? '';
    return { name, isPublicMethod: ts.isMethodDeclaration(node) && !name.startsWith('#'), operations, calls };
  });
}

function calledName(callee: ts.Expression): string {
  if (ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword) {
    return callee.name.getText();
  }
  return ts.isIdentifier(callee) ? callee.text : '';
}

function reachable(name: string, parts: readonly Part[], seen = new Set<string>()): ReadonlySet<string> {
  const part = seen.has(name) ? undefined : parts.find((one) => one.name === name);
  seen.add(name);
  return new Set([
    ...(part?.operations ?? []),
    ...[...(part?.calls ?? [])].flatMap((to) => [...reachable(to, parts, seen)]),
  ]);
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(new URL(file, FOLDER), 'utf8'), ts.ScriptTarget.Latest, true);
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}
