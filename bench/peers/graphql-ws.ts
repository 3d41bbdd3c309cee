import { setMaxListeners } from 'node:events';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { listen } from '../servers/listen.ts';
import { eventsOf, publishServer } from '../servers/publish.ts';
import { typeDefs } from './subscription-schema.ts';

// Each subscriber is a listener of the pub/sub.
setMaxListeners(0);

const pubSub = createPubSub<{ event: [id: string, event: object] }>();
const endpointStatus = {
  subscribe: (_root: unknown, { id }: { readonly id: string }) => pubSub.subscribe('event', id),
  resolve: (event: object) => event,
};
const schema = createSchema({ typeDefs, resolvers: { Subscription: { endpointStatus } } });
const server = publishServer((publication) => {
  for (const event of eventsOf(publication)) pubSub.publish('event', event.endpointId, event);
});
useServer({ schema }, new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }));
listen(server);
