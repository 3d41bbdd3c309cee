import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { EndpointResolver } from './endpoint.resolver.ts';
import { StatusHistoryResolver, StatusResolver } from './status.resolver.ts';

/** type-graphql asks for one as soon as a subscription exists; ours bring their own iterators. */
const NO_PUB_SUB: PubSub = {
  publish() {
    throw new Error('The schema has no pub/sub');
  },
  subscribe() {
    throw new Error('The schema has no pub/sub');
  },
};

/** No global middleware: one alone makes every field asynchronous and doubles the cost of a list. */
export function buildGatewaySchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [EndpointResolver, StatusResolver, StatusHistoryResolver],
    pubSub: NO_PUB_SUB,
    validate: false,
  });
}
