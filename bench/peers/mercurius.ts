import Fastify from 'fastify';
import mercurius from 'mercurius';
import { ready } from '../servers/listen.ts';
import { resolvers, typeDefs } from './schema.ts';

const app = Fastify();
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1 });
void app.listen({ port: 0, host: '127.0.0.1' }).then(ready);
