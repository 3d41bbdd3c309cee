/** The schema as a Federation 2 subgraph (docs/guides/federation.md, docs/decisions/0023-federation.md). */
import { extendSchema, type GraphQLSchema, isUnionType, parse, printSchema } from 'graphql';
import type { GatewayContext } from './core/context.ts';
import { InputCheck, idRule } from './core/input-check.ts';
import { MOST_CALLS_TOGETHER } from './core/loaders.ts';
import type { FieldCost } from './cost/cost.ts';

/** Composers that are older than `@oneOf` need its definition. */
const HEAD = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

directive @oneOf on INPUT_OBJECT
`;

/** Every server with pages in Relay's form has a `PageInfo`: one that is not shareable would exclude the others. */
const DIRECTIVES = new Map([
  ['VpcEndpoint', '@key(fields: "projectId id")'],
  ['EndpointService', '@key(fields: "projectId id")'],
  ['PageInfo', '@shareable'],
]);

const FIELDS = `
"""A reference to an entity: \`__typename\`, \`projectId\` and \`id\`."""
scalar _Any

"""What other subgraphs can refer to."""
union _Entity = EndpointService | VpcEndpoint

"""This subgraph."""
type _Service {
  """Its schema, with the directives of Federation."""
  sdl: String!
}

extend type Query {
  """For a federating gateway: what is referred to, in the order of the references. Null where there is no such thing."""
  _entities("""What to read.""" representations: [_Any!]!): [_Entity]!

  """For a federating gateway: the schema of this subgraph."""
  _service: _Service!
}
`;

interface Reference {
  readonly projectId: string;
  readonly id: string;
}

const ENTITIES: Readonly<Record<string, (context: GatewayContext, key: Reference) => Promise<object | null>>> = {
  VpcEndpoint: ({ loaders }, key) => loaders.endpoints.load(key),
  EndpointService: ({ loaders }, key) => loaders.ownServices.load(key),
};

/** A reference that fails has an error of its own, so their number limits the answer. */
const MOST_REFERENCES = 1_000;
/** References to one type in one project are read together (core/loaders.ts). */
const COST: FieldCost = {
  rows: { references: 'representations', together: MOST_CALLS_TOGETHER, most: MOST_REFERENCES },
};

/** @returns a new schema; the one that is given stays as it is. */
export function asSubgraph(schema: GraphQLSchema): GraphQLSchema {
  const subgraph = extendSchema(schema, parse(FIELDS));
  const sdl = sdlOf(schema);
  const { _entities, _service } = subgraph.getQueryType()?.getFields() ?? {};
  const entity = subgraph.getType('_Entity');
  if (_entities === undefined || _service === undefined || !isUnionType(entity))
    throw new Error('No fields were added');
  _service.extensions = { cost: {} };
  _service.resolve = () => ({ sdl });
  _entities.extensions = { cost: COST };
  _entities.resolve = (_root, { representations }: { readonly representations: readonly unknown[] }, context) => {
    const check = new InputCheck();
    check.atMost('representations', representations, MOST_REFERENCES, 'references');
    check.done();
    // Each reference fails alone.
    return representations.map((representation, index) => read(representation, `representations.${index}`, context));
  };
  entity.resolveType = (value: object) => ('view' in value ? 'EndpointService' : 'VpcEndpoint');
  return subgraph;
}

/** graphql-js prints no directives on types, and a composer takes `@shareable` of an extension for its own fields only. */
function sdlOf(schema: GraphQLSchema): string {
  const types = printSchema(schema).replace(/^type (\w+).*(?= \{$)/gm, (head, name: string) => {
    const directive = DIRECTIVES.get(name);
    return directive === undefined ? head : `${head} ${directive}`;
  });
  return `${HEAD}\n${types}\n`;
}

/** @throws InputError, AccessError, UpstreamError */
async function read(representation: unknown, path: string, context: GatewayContext): Promise<object | null> {
  const given = Object(representation) as Readonly<Record<string, unknown>>;
  const textOf = (name: string): string => {
    const value = given[name];
    return typeof value === 'string' ? value : '';
  };
  const type = textOf('__typename');
  const check = new InputCheck();
  if (!Object.hasOwn(ENTITIES, type)) {
    const message = `must be one of ${Object.keys(ENTITIES).join(', ')}`;
    check.report(`${path}.__typename`, { rule: 'entity', message });
  }
  const id = (name: string): string => check.text(`${path}.${name}`, textOf(name), idRule);
  const key = { projectId: id('projectId'), id: id('id') };
  check.done();
  const projectId = context.projects.resolve(key.projectId, 'read');
  return (await ENTITIES[type]?.(context, { projectId, id: key.id })) ?? null;
}
