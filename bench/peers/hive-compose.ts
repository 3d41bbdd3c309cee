/** Writes the supergraph that Hive Gateway serves: the three operations of our OpenAPI description as one subgraph. */
import { readFileSync, writeFileSync } from 'node:fs';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { DefaultLogger } from '@graphql-mesh/utils';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { parse } from 'yaml';

const [description = '', origin = '', outfile = ''] = process.argv.slice(2);
const COLLECTION = '/v1/{project_id}/vpc-endpoints';
const ONE = `${COLLECTION}/{vpc_endpoint_id}`;

interface Operation {
  readonly responses: Readonly<Record<string, object>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const whole = parse(readFileSync(description, 'utf8')) as Description;

/** Only its success: with the errors, each answer is a union of twenty types. */
function reduced(path: string, method: string): Operation {
  const operation = whole.paths[path]?.[method];
  if (operation === undefined) throw new Error(`${description} has no ${method} ${path}`);
  return { ...operation, responses: { 200: operation.responses['200'] ?? {} } };
}

const paths = {
  [COLLECTION]: { post: reduced(COLLECTION, 'post'), get: reduced(COLLECTION, 'get') },
  [ONE]: { get: reduced(ONE, 'get') },
};
const source = `${outfile}.openapi.json`;
// Lengths and formats become scalars of their own, which check and rewrite values; `minLength: 0` stops the composition.
const plain = (key: string, value: unknown): unknown => (/^((min|max)Length|format)$/.test(key) ? undefined : value);
writeFileSync(source, JSON.stringify({ ...whole, paths, servers: [{ url: origin }] }, plain));
const subgraph = loadOpenAPISubgraph('vpcep', { source, endpoint: origin, ignoreErrorResponses: true });
void getComposedSchemaFromConfig({ subgraphs: [{ sourceHandler: subgraph }] }, new DefaultLogger()).then((text) =>
  writeFileSync(outfile, text),
);
