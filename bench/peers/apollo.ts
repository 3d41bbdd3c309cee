import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { ready } from '../servers/listen.ts';
import { resolvers, typeDefs } from './schema.ts';

const server = new ApolloServer({ typeDefs, resolvers });
void startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } }).then(({ url }) =>
  ready(url.replace(/\/$/, '')),
);
