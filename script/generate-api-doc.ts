/** Writes docs/reference/api.md: every REST operation with its GraphQL field and its client method. Same input, same bytes. */
import { writeFileSync } from 'node:fs';
import { type MappedOperation, readApiMap } from './api-map.ts';

const MISSING = 'not yet';

function fieldsOf({ fields }: MappedOperation): string {
  const existing = fields.filter(({ exists }) => exists).map(({ name }) => `\`${name}\``);
  return existing.length === 0 ? MISSING : existing.join('<br>');
}

function methodsOf({ clientMethods }: MappedOperation): string {
  return clientMethods.length === 0 ? MISSING : clientMethods.map((name) => `\`${name}\``).join('<br>');
}

function section(tag: string, operations: readonly MappedOperation[]): readonly string[] {
  const rows = operations.map((operation) => {
    const { id, method, path, summary, deprecated } = operation;
    const text = deprecated ? `${summary} Deprecated upstream.` : summary;
    return `| \`${id}\` | \`${method} ${path}\` | ${fieldsOf(operation)} | ${methodsOf(operation)} | ${text} |`;
  });
  return [
    `## ${tag}`,
    '',
    '| operation | REST | GraphQL | client | what it does |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

const operations = readApiMap();
const reachable = operations.filter(({ fields }) => fields.some(({ exists }) => exists)).length;
const lines = [
  '<!-- Written by script/generate-api-doc.ts from schema/ and src/vpcep. Do not edit. -->',
  '# The REST API through GraphQL',
  '',
  `${reachable} of ${operations.length} operations of \`schema/vpcep.openapi.yaml\` have a GraphQL field. Arguments, types and`,
  'descriptions of the fields: `schema/schema.graphql`. Client methods are those of `VpcepClient` (`src/vpcep/client.ts`).',
  '',
  ...[...new Set(operations.map(({ tag }) => tag))].flatMap((tag) =>
    section(
      tag,
      operations.filter((operation) => operation.tag === tag),
    ),
  ),
];
writeFileSync(new URL('../docs/reference/api.md', import.meta.url), `${lines.join('\n').trimEnd()}\n`);
