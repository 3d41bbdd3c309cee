/** schema/vpcep.openapi.yaml as the checks read it: its operations, found by method and path. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Schema = { readonly [keyword: string]: unknown };

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Body {
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly template: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body | null;
  /** By status word (`200`, `default`); null: no body is declared. */
  readonly answers: ReadonlyMap<string, Schema | null>;
  /** Further success statuses, from `x-also-accept`; they have no body of their own. */
  readonly alsoAccepted: readonly number[];
  /** One of these lists of headers has to be there in full; lower case. */
  readonly security: readonly (readonly string[])[];
  /** Exactly one of these query parameters has to be there, from `x-one-of-query`. */
  readonly oneOfQuery: readonly string[];
}

interface Node {
  readonly [key: string]: unknown;
}

const document: Node = parse(readFileSync(new URL('../../../schema/vpcep.openapi.yaml', import.meta.url), 'utf8'));
const METHODS = ['get', 'post', 'put', 'delete', 'patch'];

export const SCHEMAS = nodeAt(document, 'components', 'schemas');

/** Lower-case codes with the statuses under which they are published (`x-error-codes`). */
export const PUBLISHED_CODES: ReadonlyMap<string, ReadonlySet<number>> = readCodes();

export const OPERATIONS: readonly Operation[] = Object.entries(nodeAt(document, 'paths')).flatMap(([template, item]) =>
  Object.entries(item as Node)
    .filter(([method]) => METHODS.includes(method))
    .map(([method, operation]) => readOperation(method, template, operation as Node)),
);

export interface Match {
  readonly operation: Operation;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** A path whose words fit wins over one whose templates do: `/public` is no service id. */
export function findOperation(method: string, path: string): Match | null {
  const given = path === '/' ? [''] : path.replace(/\/$/, '').split('/').slice(1);
  let best: (Match & { readonly templates: number }) | null = null;
  for (const operation of OPERATIONS) {
    const segments = operation.template.split('/').slice(1);
    if (operation.method !== method || segments.length !== given.length) continue;
    const names = segments.map((segment) => /^\{(\w+)\}$/.exec(segment)?.[1]);
    if (segments.some((segment, at) => names[at] === undefined && segment !== given[at])) continue;
    const pairs = names.flatMap((name, at) => (name === undefined ? [] : [[name, decode(given[at] ?? '')] as const]));
    if (best === null || pairs.length < best.templates) {
      best = { operation, params: Object.fromEntries(pairs), templates: pairs.length };
    }
  }
  return best;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function nodeAt(root: Node, ...keys: readonly string[]): Node {
  return keys.reduce<Node>((node, key) => {
    const next = node[key];
    if (typeof next !== 'object' || next === null) throw new Error(`the contract has no ${keys.join('.')}`);
    return next as Node;
  }, root);
}

/** Follows `$ref`s outside schemas; those within schemas are the validator's. */
function follow(value: unknown): Node {
  const { $ref } = value as { $ref?: string };
  return $ref === undefined ? (value as Node) : follow(nodeAt(document, ...$ref.replace('#/', '').split('/')));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readOperation(method: string, template: string, node: Node): Operation {
  return {
    id: String(node.operationId),
    method: method.toUpperCase(),
    template,
    summary: String(node.summary),
    parameters: listOf(node.parameters).map((parameter) => follow(parameter) as unknown as Parameter),
    body: node.requestBody === undefined ? null : readBody(follow(node.requestBody)),
    answers: new Map(
      Object.entries(node.responses as Node).map(([status, answer]) => [status, schemaOf(follow(answer))]),
    ),
    alsoAccepted: listOf(node['x-also-accept']).map(Number),
    security: listOf(node.security ?? document.security).map((choice) => Object.keys(choice as Node).map(headerOf)),
    oneOfQuery: listOf(node['x-one-of-query']).map(String),
  };
}

function readBody(node: Node): Body {
  const schema = schemaOf(node);
  if (schema === null) throw new Error('a request body without a schema');
  return { required: node.required === true, schema };
}

function schemaOf(node: Node): Schema | null {
  return node.content === undefined ? null : (nodeAt(node, 'content', 'application/json').schema as Schema);
}

function headerOf(scheme: string): string {
  return String(nodeAt(document, 'components', 'securitySchemes', scheme).name).toLowerCase();
}

function readCodes(): ReadonlyMap<string, ReadonlySet<number>> {
  const codes = new Map<string, Set<number>>();
  for (const row of listOf(nodeAt(document, 'x-error-codes').codes)) {
    const { code, status } = row as { code: string; status: number };
    const key = code.toLowerCase();
    codes.set(key, (codes.get(key) ?? new Set()).add(status));
  }
  return codes;
}
