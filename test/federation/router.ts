/**
 * A federating gateway in a process of its own: fetches the schema of the subgraph, composes it with a second one by two
 * composers, and serves both as one. Arguments: the subgraph's address, its token, and how subscriptions reach it.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices as composeByApollo } from '@apollo/composition';
import { createGatewayRuntime, getGraphQLWSOptions } from '@graphql-hive/gateway-runtime';
import { composeServices as composeByGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { COST_CENTERS, createCostCenters } from './cost-centers.ts';

const [subgraph = '', token = '', link = 'ws'] = process.argv.slice(2);

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sdlOf(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: token };
  const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{ _service { sdl } }"}' });
  const { data } = (await response.json()) as { readonly data: { readonly _service: { readonly sdl: string } } };
  return data._service.sdl;
}

/** The client's own, from a header or from the payload of `connection_init`. */
const AUTHORIZATION = '{context.headers.authorization}';

const services = [
  { name: 'vpcep', url: subgraph, typeDefs: parse(await sdlOf(subgraph)) },
  { name: 'cost-centers', url: await listen(createCostCenters()), typeDefs: parse(COST_CENTERS) },
];
const guild = composeByGuild(services);
const apollo = composeByApollo(services);
const supergraph = guild.supergraphSdl ?? '';

// docs/guides/federation.md shows these settings.
const gateway = createGatewayRuntime({
  supergraph,
  logging: false,
  transportEntries: {
    vpcep: {
      headers: [['authorization', AUTHORIZATION]],
      options: {
        subscriptions:
          link === 'ws'
            ? {
                kind: 'ws',
                location: '/graphql',
                options: { connectionParams: { authorization: AUTHORIZATION } },
              }
            : { kind: 'http', location: '/graphql/stream' },
      },
    },
  },
});
const server = createServer((request, response) => void gateway(request, response));
useServer(
  getGraphQLWSOptions(gateway, () => ({})),
  new WebSocketServer({ server, path: '/graphql' }),
);
const url = await listen(server);
// It loads the supergraph at its first request over HTTP, and until then fails over WebSocket.
await (await fetch(`${url}/graphql?query={__typename}`)).text();
const told = {
  url,
  guild: { errors: guild.errors?.map(({ message }) => message) ?? [] },
  apollo: {
    errors: apollo.errors?.map(({ message }) => message) ?? [],
    hints: apollo.hints?.map(({ message }) => message) ?? [],
  },
  supergraph,
};
process.stdout.write(`${JSON.stringify(told)}\n`);
