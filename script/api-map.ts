/** Where each operation of the contract is found: in the GraphQL schema and in the client. */
import { readFileSync } from 'node:fs';
import { buildSchema, isObjectType } from 'graphql';
import { parse } from 'yaml';
import { readClientMethods } from './client-methods.ts';

export interface MappedField {
  /** Such as `Query.vpcEndpoint`. */
  readonly name: string;
  readonly exists: boolean;
}

export interface MappedOperation {
  readonly id: string;
  readonly tag: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** Upstream is going to withdraw it. */
  readonly deprecated: boolean;
  readonly fields: readonly MappedField[];
  /** Such as `endpoints.getEndpoint`. */
  readonly clientMethods: readonly string[];
}

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ContractOperation>>>>;
}

interface ContractOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly deprecated?: boolean;
}

const read = (file: string): string => readFileSync(new URL(`../schema/${file}`, import.meta.url), 'utf8');

/** schema/operations-map.yaml as it stands: operationId → fields. */
export function readFieldTable(): Readonly<Record<string, readonly string[]>> {
  return parse(read('operations-map.yaml'));
}

/** All operations, in the order of the contract. */
export function readApiMap(): readonly MappedOperation[] {
  const { paths } = parse(read('vpcep.openapi.yaml')) as Contract;
  const fields = readFieldTable();
  const exists = fieldLookup();
  const found = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const methods = readClientMethods(new Set(found.map(({ operation }) => operation.operationId)));
  return found.map(({ path, method, operation: { operationId: id, tags, summary, deprecated = false } }) => ({
    id,
    tag: tags[0] ?? '',
    method,
    path,
    summary,
    deprecated,
    fields: (fields[id] ?? []).map((name) => ({ name, exists: exists(name) })),
    clientMethods: methods.get(id) ?? [],
  }));
}

function fieldLookup(): (name: string) => boolean {
  const schema = buildSchema(read('schema.graphql'));
  return (name) => {
    const [typeName = '', field = ''] = name.split('.');
    const type = schema.getType(typeName);
    return isObjectType(type) && Object.hasOwn(type.getFields(), field);
  };
}
