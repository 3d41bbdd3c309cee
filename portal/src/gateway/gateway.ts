/** The connection to the gateway: urql with a normalised cache, subscriptions that resume over one socket. */
import { cacheExchange, type KeyGenerator } from '@urql/exchange-graphcache';
import type { Sink } from 'graphql-ws';
import { Client, fetchExchange, makeOperation, mapExchange, type Operation, subscriptionExchange } from 'urql';
import { connect, resumable } from 'vpcep-gateway/client';
import { possibleTypes } from 'vpcep-gateway/documents';
import type { SentCredentials, Session } from '../session/session.ts';
import { LiveState } from './live.ts';
import { Newest } from './newest.ts';

export interface Gateway {
  readonly client: Client;
  readonly live: LiveState;
  close(): void;
}

/** The socket stays while the user goes from one page to another. */
const LINGER_MS = 2_000;
/** After this time, what is shown is read again. */
const LONG_HIDDEN_MS = 60_000;
/** Close code of the gateway for a token that it does not accept (any more). */
const TOKEN_REFUSED = 4403;

const embedded: KeyGenerator = () => null;

/** Types without an identity of their own; all others are identified by `id`. */
const KEYS: Record<string, KeyGenerator> = {
  ConnectedEndpoint: ({ endpointServiceId, endpointId }) => `${endpointServiceId}:${endpointId}`,
  ...Object.fromEntries(
    [
      'Viewer',
      'Quota',
      'Tag',
      'TagValues',
      'UpstreamFault',
      'PolicyStatement',
      'PortMapping',
      'ServicePermissionFailure',
    ]
      .concat(['ConnectionDecisionResult', 'RouteTableFailure', 'WriteFailure', 'EndpointStatusEvent'])
      .concat(['EndpointServiceStatusEvent', 'ServiceConnectionStatusEvent'])
      .map((type) => [type, embedded]),
  ),
};

export function openGateway(session: Session): Gateway {
  const live = new LiveState(Date.now);
  const newest = new Newest();
  const url = new URL('/graphql', location.href).href;
  let sent: SentCredentials = {};
  const queries = new Map<number, Operation>();
  const readAgain = () => {
    for (const query of [...queries.values()]) {
      client.reexecuteOperation(makeOperation('query', query, { ...query.context, requestPolicy: 'network-only' }));
    }
  };
  const socket = connect({
    url,
    connectionParams: () => {
      sent = session.connectionParams();
      return sent;
    },
    lazyCloseTimeout: LINGER_MS,
    on: {
      connected: () => {
        if (live.connected()) readAgain();
      },
      closed: (event) => {
        live.closed();
        if ((event as CloseEvent).code === TOKEN_REFUSED) session.refused(sent);
      },
    },
  });
  const feeds = resumable(socket);
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({ keys: KEYS, possibleTypes }),
      mapExchange({
        onOperation: (operation) => {
          if (operation.kind === 'query') queries.set(operation.key, operation);
          else if (operation.kind === 'teardown') queries.delete(operation.key);
          return makeOperation(operation.kind, operation, {
            ...operation.context,
            events: newest.events,
            fetchOptions: { headers: session.headers() },
          });
        },
        onResult: ({ data, error, operation: { kind, context } }) => {
          if (kind === 'subscription') newest.learn(data);
          else newest.amend(data, context.events as number);
          const { headers } = context.fetchOptions as { readonly headers: SentCredentials };
          if (error === undefined) {
            live.updated();
            session.accepted(headers);
          } else if (error.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) {
            session.refused(headers);
          }
        },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          subscribe: (sink) => ({ unsubscribe: feeds.subscribe({ query, variables }, sink as Sink) }),
        }),
      }),
    ],
  });
  // Browsers slow hidden pages down, and machines sleep.
  let hiddenAt = Date.now();
  const onVisibility = () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt >= LONG_HIDDEN_MS) readAgain();
  };
  document.addEventListener('visibilitychange', onVisibility);
  const close = () => {
    document.removeEventListener('visibilitychange', onVisibility);
    void socket.dispose();
  };
  return { client, live, close };
}
