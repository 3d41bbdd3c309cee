import Fastify from 'fastify';
import mercurius from 'mercurius';
import { ready } from '../servers/listen.ts';
import { eventsOf, type Publication } from '../servers/publish.ts';
import { typeDefs } from './subscription-schema.ts';

const endpointStatus = {
  subscribe: (_root: object, { id }: { readonly id: string }, { pubsub }: mercurius.MercuriusContext) =>
    pubsub.subscribe<object>(id),
};
const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers: { Subscription: { endpointStatus } },
  subscription: true,
  jit: 1,
});
app.post('/publish', async (request) => {
  for (const event of eventsOf(request.body as Publication)) {
    app.graphql.pubsub.publish({ topic: event.endpointId, payload: { endpointStatus: event } });
  }
  return {};
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(ready);
