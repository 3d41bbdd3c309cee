/** Selections of every scalar that a type has, so that a field that is added later is covered without being named. */
import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Relations: they cost further upstream calls, and are read by themselves. */
const RELATIONS = new Set(['VpcEndpoint', 'EndpointService', 'EndpointStatusEvent']);

/** `{ … }` of the type of `Parent.field`, relations left out. */
export function everythingOf(schema: GraphQLSchema, parent: string, field: string): string {
  const type = schema.getType(parent);
  const named = isObjectType(type) ? getNamedType(type.getFields()[field]?.type) : undefined;
  if (!isObjectType(named)) throw new Error(`${parent}.${field} is no object`);
  return selection(named);
}

function selection(type: GraphQLObjectType): string {
  const isConnection = isObjectType(type) && 'pageInfo' in type.getFields();
  const members = Object.values(type.getFields()).flatMap((field) => {
    const named: GraphQLNamedType = getNamedType(field.type);
    if (field.args.some((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined)) return [];
    if (isLeafType(named)) return [field.name];
    const isRow = isConnection && field.name === 'nodes';
    if (!isObjectType(named) || (!isRow && isRelation(named)) || field.name === 'edges') return [];
    return [`${field.name} ${selection(named)}`];
  });
  return `{ ${members.join(' ')} }`;
}

function isRelation(type: GraphQLObjectType): boolean {
  return RELATIONS.has(type.name) || 'pageInfo' in type.getFields();
}
