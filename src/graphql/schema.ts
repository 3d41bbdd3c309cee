import 'reflect-metadata';
import { type GraphQLSchema, getNullableType, isObjectType } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { ApiVersionResolver } from './api-version.resolver.ts';
import { ConnectedEndpointsResolver, ConnectionResolver } from './connection/connection.resolver.ts';
import { withOneOf } from './core/input-type.ts';
import { EndpointEditResolver, EndpointResolver } from './endpoint/endpoint.resolver.ts';
import { ServicePermissionsResolver } from './permission/permission.resolver.ts';
import { ProjectResolver } from './project.resolver.ts';
import { QuotaResolver } from './quota.resolver.ts';
import {
  EndpointServiceRelationResolver,
  ServiceListFieldResolver,
  ServiceMutationResolver,
  ServiceResolver,
} from './service/service.resolver.ts';
import {
  ConnectionEventResolver,
  EndpointEventResolver,
  ServiceEventResolver,
  StatusHistoryResolver,
  StatusResolver,
} from './status/status.resolver.ts';
import { ResourceTagResolver } from './tag/resource-tag.resolver.ts';
import { ViewerResolver } from './viewer.resolver.ts';

/** type-graphql asks for one as soon as a subscription exists; ours bring their own iterators. */
const NO_PUB_SUB: PubSub = {
  publish() {
    throw new Error('The schema has no pub/sub');
  },
  subscribe() {
    throw new Error('The schema has no pub/sub');
  },
};

/** Parameter decorators run from the last to the first: puts arguments back into the order that they are written in. */
function inWrittenOrder(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) && !type.name.startsWith('__')) {
      for (const field of Object.values(type.getFields())) {
        field.args = field.args.toReversed();
      }
    }
  }
  return schema;
}

/** type-graphql has no option for these descriptions. */
function describeRoots(schema: GraphQLSchema): GraphQLSchema {
  const roots = [
    [schema.getQueryType(), 'Reads.'],
    [
      schema.getMutationType(),
      'Changes. The fields of one operation run one after the other, in their order. A field that fails does not stop those behind it.',
    ],
    [schema.getSubscriptionType(), 'Feeds. An operation has one of these fields.'],
  ] as const;
  for (const [type, description] of roots) {
    if (type != null) type.description = description;
  }
  return schema;
}

/** type-graphql takes each argument through a promise; an event needs none of them, and sharing needs it at once. */
function resolveEventsAtOnce(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { read } = field.extensions as { readonly read: (event: object) => unknown };
    field.resolve = (event: object) => read(event);
  }
  return schema;
}

/** A field that fails must not take the results of its siblings along: docs/decisions/0021-nullable-roots.md. */
function withNullableRoots(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      // Nothing in it can fail.
      if (field.name !== 'viewer') field.type = getNullableType(field.type);
    }
  }
  return schema;
}

type Values = Readonly<Record<string, unknown>>;
type Resolver = Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;

/**
 * Calls the methods of root fields with the arguments as graphql-js has coerced them. type-graphql sorts and copies them
 * and takes each through a promise: 3 to 8 µs for a field.
 */
function callDirectly(schema: GraphQLSchema): GraphQLSchema {
  const { queries, mutations } = globalThis.TypeGraphQLMetadataStorage;
  const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
  for (const { target, methodName, schemaName, params = [] } of [...queries, ...mutations]) {
    const field = fields[schemaName];
    if (field === undefined) continue;
    const resolver: Resolver = Reflect.construct(target, []);
    const readers = params.toSorted((a, b) => a.index - b.index).map(readerOf);
    field.resolve = (_root, args: Values, context: unknown) =>
      resolver[methodName]?.(...readers.map((read) => read(args, context)));
  }
  return schema;
}

function readerOf(parameter: { readonly kind: string; readonly name?: string }) {
  const { kind, name = '' } = parameter;
  if (kind === 'context') return (_args: Values, context: unknown) => context;
  if (kind === 'args') return (args: Values) => args;
  if (kind === 'arg') return (args: Values) => args[name];
  throw new Error(`A root field has a parameter of kind ${kind}`);
}

/** No global middleware: one alone makes every field asynchronous and doubles the cost of a list. */
export async function buildGatewaySchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      EndpointResolver,
      EndpointEditResolver,
      EndpointServiceRelationResolver,
      ServiceResolver,
      ServiceMutationResolver,
      ServiceListFieldResolver,
      ResourceTagResolver,
      QuotaResolver,
      ApiVersionResolver,
      ViewerResolver,
      ProjectResolver,
      StatusResolver,
      EndpointEventResolver,
      ServiceEventResolver,
      ConnectionEventResolver,
      StatusHistoryResolver,
      ConnectedEndpointsResolver,
      ConnectionResolver,
      ServicePermissionsResolver,
    ],
    pubSub: NO_PUB_SUB,
    validate: false,
    // An introspection query at every start; the tests run it.
    skipCheck: true,
  });
  return callDirectly(resolveEventsAtOnce(withOneOf(withNullableRoots(inWrittenOrder(describeRoots(schema))))));
}

/** @param federation as a subgraph: docs/guides/federation.md. */
export async function buildServedSchema(federation: boolean): Promise<GraphQLSchema> {
  const schema = await buildGatewaySchema();
  return federation ? (await import('./federation.ts')).asSubgraph(schema) : schema;
}
