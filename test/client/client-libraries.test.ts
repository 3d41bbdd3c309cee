/** The client helper and real client libraries against whole gateways, with connections that break. */
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { EventSource } from 'eventsource';
import { createClient as createSseClient } from 'graphql-sse';
import type { Client, Sink } from 'graphql-ws/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Gateway } from '../../src/app/gateway.ts';
import { connect, resumable, watch, watchEndpoint, watchProject } from '../../src/client/client.ts';
import {
  CreateVpcEndpointDocument,
  DeleteVpcEndpointDocument,
  EndpointStatusDocument,
} from '../../src/client/generated/documents.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { SIMULATOR_PROJECT_ID } from '../../src/simulator/world/identity.ts';
import { ask } from '../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../support/start-gateway.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const INPUT = {
  endpointServiceId: '51a00000-0000-4000-8000-000000000003',
  vpcId: '4e65f8b1-306d-4522-8ecd-aa374000e2a4',
  subnetId: '5d1c1d71-2613-4274-b34e-d82af550f967',
};
const LIFE = ['null CREATING', 'CREATING ACCEPTED', 'ACCEPTED DELETING', 'DELETING DELETED'];
const WATCH = `subscription Watch($id: ID!, $after: String) {
  endpointStatus(id: $id, after: $after) { cursor previousStatus status } }`;

interface Step {
  readonly previousStatus: string | null;
  readonly status: string;
}
interface Watched {
  readonly endpointStatus: Step & { readonly cursor: string };
}

let simulator: Simulator;
let gateway: Gateway;

beforeEach(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await gateway.close();
  await simulator.close();
});

async function create(): Promise<{ id: string; after: string }> {
  const { createVpcEndpoint } = await ask(gateway.url, CreateVpcEndpointDocument, { input: INPUT });
  return { id: createVpcEndpoint.endpoint.id, after: createVpcEndpoint.statusCursor };
}

const remove = (id: string) => ask(gateway.url, DeleteVpcEndpointDocument, { input: { id } });

const socketClient = (port: number | string) =>
  connect({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: WebSocket });

interface Watching {
  readonly id: string;
  readonly after: string;
  /** Where to connect to. */
  readonly port: number;
  /** To be called with every event. */
  readonly take: (step: Step) => void;
}

/** Each watches one endpoint until its feed is complete. */
const WAYS: Record<string, (watching: Watching) => Promise<void>> = {
  async watchEndpoint({ id, after, port, take }) {
    for await (const event of watchEndpoint(socketClient(port), { id, after })) take(event);
  },

  async watch({ id, after, port, take }) {
    const request = { query: EndpointStatusDocument, variables: { id, after } };
    for await (const event of watch(socketClient(port), request)) take(event);
  },

  async 'Apollo Client'({ id, after, port, take }) {
    const apollo = new ApolloClient({ link: apolloLink(socketClient(port)), cache: new InMemoryCache() });
    const { data } = await apollo.query({ query: gql`{ vpcEndpoints { totalCount } }` });
    expect(data).toMatchObject({ vpcEndpoints: { totalCount: 1 } });
    await new Promise<void>((resolve, reject) => {
      apollo.subscribe<Watched>({ query: gql(WATCH), variables: { id, after } }).subscribe({
        next: ({ data, error }) => (data == null ? reject(error) : take(data.endpointStatus as Step)),
        error: reject,
        complete: resolve,
      });
    });
    apollo.stop();
  },

  async urql({ id, after, port, take }) {
    const client = resumable(socketClient(port));
    const urql = new UrqlClient({
      url: `http://127.0.0.1:${port}/graphql`,
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: ({ query = '', variables = {} }) => ({
            subscribe: (sink) => ({ unsubscribe: client.subscribe({ query, variables }, sink as Sink) }),
          }),
        }),
      ],
    });
    await new Promise<void>((resolve, reject) => {
      urql.subscription<Watched>(WATCH, { id, after }).subscribe(({ data, error, hasNext }) => {
        if (error !== undefined) reject(error);
        else if (!hasNext) resolve();
        else if (data !== undefined) take(data.endpointStatus);
      });
    });
  },

  /** Without a connection that lasts, and without resuming: a program subscribes again, as docs/guides/subscriptions.md says. */
  async 'Apollo Client, multipart'({ id, after, port, take }) {
    const link = new HttpLink({ uri: `http://127.0.0.1:${port}/graphql` });
    const apollo = new ApolloClient({ link, cache: new InMemoryCache() });
    let cursor = after;
    const once = () =>
      new Promise<'complete' | 'broken'>((resolve) => {
        apollo.subscribe<Watched>({ query: gql(WATCH), variables: { id, after: cursor } }).subscribe({
          next: ({ data, error }) => {
            if (error !== undefined) return resolve('broken');
            const event = data?.endpointStatus as Watched['endpointStatus'];
            cursor = event.cursor;
            take(event);
          },
          complete: () => resolve('complete'),
        });
      });
    while ((await once()) === 'broken');
    apollo.stop();
  },

  async EventSource({ id, after, port, take }) {
    const query = new URLSearchParams({ query: WATCH, variables: JSON.stringify({ id, after }) });
    const source = new EventSource(`http://127.0.0.1:${port}/graphql/stream?${query}`);
    await new Promise<void>((resolve) => {
      source.addEventListener('next', ({ data }) => take(JSON.parse(data).data.endpointStatus));
      source.addEventListener('complete', () => resolve());
    });
    source.close();
  },

  async 'graphql-sse'({ id, after, port, take }) {
    const client = createSseClient({ url: `http://127.0.0.1:${port}/graphql/stream`, retryAttempts: 0 });
    for await (const event of watchEndpoint(client, { id, after })) take(event);
    client.dispose();
  },
};

function apolloLink(client: Client): GraphQLWsLink {
  // It needs the constants of the browser's class, which Node.js 20 does not have.
  vi.stubGlobal('WebSocket', WebSocket);
  return new GraphQLWsLink(resumable(client));
}

it('every client sees every transition once and in order, over connections that break at each', async () => {
  const { id, after } = await create();
  const accepted: Promise<void>[] = [];
  const lives = Object.entries(WAYS).map(async ([name, way]) => {
    const proxy = await startTcpProxy(Number(new URL(gateway.url).port));
    const seen: string[] = [];
    let accept = (): void => {};
    accepted.push(
      new Promise((resolve) => {
        accept = resolve;
      }),
    );
    const take = ({ previousStatus, status }: Step): void => {
      seen.push(`${previousStatus} ${status}`);
      proxy.cut();
      if (status === 'ACCEPTED') accept();
    };
    await way({ id, after, port: proxy.port, take });
    await proxy.close();
    return [name, seen] as const;
  });
  await expect.poll(() => accepted.length).toBe(lives.length);
  await Promise.race([Promise.all(accepted), Promise.all(lives)]);
  await remove(id);
  expect(Object.fromEntries(await Promise.all(lives))).toEqual(
    Object.fromEntries(Object.keys(WAYS).map((name) => [name, LIFE])),
  );
});

it('Apollo Client gets the errors that end a feed', async () => {
  const apollo = new ApolloClient({
    link: apolloLink(socketClient(new URL(gateway.url).port)),
    cache: new InMemoryCache(),
  });
  const error = await new Promise((resolve) => {
    apollo
      .subscribe({ query: gql(WATCH), variables: { id: 'x', after: 'no cursor' } })
      .subscribe((result) => resolve(result.error));
  });
  expect(error).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  apollo.stop();
});

describe('a gateway that starts again at the same address', () => {
  let redis: RedisServer | undefined;
  let proxy: TcpProxy;
  let client: Client;

  beforeEach(async () => {
    proxy = await startTcpProxy(Number(new URL(gateway.url).port));
    client = socketClient(proxy.port);
  });
  afterEach(async () => {
    await proxy.close();
    await redis?.stop();
  });

  async function startAgain(env: Record<string, string>): Promise<void> {
    const { port } = new URL(gateway.url);
    await gateway.close();
    gateway = await startTestGateway(simulator, { env: { ...env, PORT: port } });
  }

  it('with Redis: no event is lost or repeated', async () => {
    redis = await startRedis();
    const env = { REDIS_URL: redis.url };
    await startAgain(env);
    const { id, after } = await create();
    const seen: string[] = [];
    for await (const { previousStatus, status } of watchEndpoint(client, { id, after })) {
      seen.push(`${previousStatus} ${status}`);
      if (status === 'CREATING') await startAgain(env);
      if (status === 'ACCEPTED') await remove(id);
    }
    expect(seen).toEqual(LIFE);
  });

  it('in memory: the log is a new one, and the subscriber gets RESYNC', async () => {
    const ids = [...simulator.world.seed(3, { projectId: SIMULATOR_PROJECT_ID, status: 'accepted' })].sort();
    const events = watchProject(client);
    const read = async () => {
      const set = [await events.next(), await events.next(), await events.next()].map(({ value }) => value);
      return { kinds: set.map((one) => one.kind), ids: set.map((one) => one.endpointId).sort(), last: set[2].more };
    };
    expect(await read()).toEqual({ kinds: Array(3).fill('SNAPSHOT'), ids, last: false });
    await startAgain({});
    expect(await read()).toEqual({ kinds: Array(3).fill('RESYNC'), ids, last: false });
    await events.return?.();
  });
});
