/** The servers of the fan-out: how clients subscribe, and how an event comes about. */
import { bundle } from './bundle.ts';
import { startGateway } from './gateway.ts';
import { send } from './load.ts';
import { OTHER_CORE, type ServerProcess, startServer } from './process.ts';
import { ONE, type Operation } from './sample.ts';

export interface Publisher {
  readonly name: string;
  readonly server: ServerProcess;
  /** Null: a bare WebSocket. */
  readonly query: string | null;
  /** Whether a subscription begins with an event. */
  readonly greets: boolean;
  /** Makes one event for each endpoint. @param text of an event of the first endpoint, as the gateway sends it */
  publish(ids: readonly string[], text: string): Promise<void>;
  stop(): Promise<void>;
}

const QUERY = `subscription($id: ID!) { endpointStatus(id: $id) {
  kind endpointId projectId status rawStatus previousStatus version cursor more settled observedAt
} }`;
const SOCKETS = '20000';
const PAGE_LENGTH = 100;

interface PageAnswer {
  readonly data: { readonly vpcEndpoints: { readonly pageInfo: { readonly endCursor: string | null } } };
}

function pageAfter(after: string | null): Operation {
  const query = `query($after: String) {
    vpcEndpoints(first: ${PAGE_LENGTH}, after: $after) { pageInfo { endCursor } }
  }`;
  return { name: 'list', body: JSON.stringify({ query, variables: { after } }) };
}

export const PEERS = [
  ['graphql-ws with a pub/sub', 'graphql-ws'],
  ['Mercurius subscriptions', 'mercurius-ws'],
] as const;

export async function startFloor(probe: readonly string[]): Promise<Publisher> {
  const server = await startServer(await bundle('servers', 'floor-ws'), { nodeArgs: probe });
  return { name: 'floor: `ws`', query: null, ...posting(server) };
}

export async function startPeer(name: string, file: string, probe: readonly string[]): Promise<Publisher> {
  const server = await startServer(await bundle('peers', file), { nodeArgs: probe });
  return { name, query: QUERY, ...posting(server) };
}

function posting(server: ServerProcess): Omit<Publisher, 'name' | 'query'> {
  const publish = async (ids: readonly string[], text: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ids, text });
    await (await fetch(`${server.url}/publish`, { method: 'POST', headers, body })).text();
  };
  return { server, greets: false, publish, stop: () => server.stop() };
}

/** A read through the gateway is an observation as well: no need to wait for the next poll. */
export async function startOurs(probe: readonly string[], endpoints: number): Promise<Publisher> {
  const stub = await startServer(await bundle('servers', 'stub'), { core: OTHER_CORE });
  const control = async (query: string): Promise<void> =>
    void (await (await fetch(`${stub.url}/control?${query}`)).text());
  const more = { MAX_SOCKETS_PER_CALLER: SOCKETS, MAX_SOCKETS_PER_ADDRESS: SOCKETS };
  const server = await startGateway(stub.url, more, probe);
  const target = { url: `${server.url}/graphql` };
  let round = 0;
  await control(`endpoints=${endpoints}`);
  return {
    name: 'this gateway',
    server,
    query: QUERY,
    greets: true,
    publish: async ({ length }) => {
      round += 1;
      await control(`status=${round % 2 === 0 ? 'creating' : 'pendingAcceptance'}`);
      if (length === 1) await send(target, ONE);
      let after: string | null = null;
      for (let n = 0; length > 1 && n < length; n += PAGE_LENGTH) {
        const { data }: PageAnswer = JSON.parse(await send(target, pageAfter(after)));
        after = data.vpcEndpoints.pageInfo.endCursor;
      }
    },
    stop: async () => {
      await server.stop();
      await stub.stop();
    },
  };
}
