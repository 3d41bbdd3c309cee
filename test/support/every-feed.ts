/** The feeds of every kind of watched resource, used in one way. */
import { randomUUID } from 'node:crypto';
import {
  EndpointServiceStatusDocument,
  EndpointStatusDocument,
  ProjectEndpointServiceStatusDocument,
  ProjectEndpointStatusDocument,
  ServiceConnectionStatusDocument,
} from '../../src/client/generated/documents.ts';
import { GONE } from '../../src/simulator/world/life.ts';
import type { World } from '../../src/simulator/world/world.ts';
import { Subscription } from './graphql-client.ts';

/** What the events of all feeds have. */
export interface FeedEvent {
  readonly kind: string;
  readonly status: string;
  readonly rawStatus: string;
  readonly previousRawStatus: string | null;
  readonly cursor: string;
  readonly more: boolean;
  readonly settled: boolean;
  readonly version: number;
}

export interface FeedArguments {
  readonly after?: string;
  readonly until?: 'SETTLED' | 'DELETED';
}

/** One resource in the simulator, with the feed that shows it and no other. */
export interface Followed {
  /** A move that the gateway has not ordered. */
  move(word: string): void;
  remove(): void;
  follow(url: string, given?: FeedArguments): Subscription<FeedEvent>;
  /** The field in a document. */
  field(more?: string): string;
}

export interface EveryFeed {
  readonly name: string;
  /** In the names of logs, and in metrics. */
  readonly kind: 'endpoints' | 'services' | 'connections';
  /** Ends by `until`. */
  readonly ends: boolean;
  /** Statuses in upstream's words: of a new resource, and of its moves. Only the first is not settled. */
  readonly words: readonly [string, string, string];
  /** @param id of one that does not exist; else of a new resource. */
  in(world: World, id?: string): Followed;
}

const CONNECTED: EveryFeed['words'] = ['pendingAcceptance', 'accepted', 'rejected'];
const BUILT: EveryFeed['words'] = ['creating', 'available', 'failed'];

const some = (more: string | undefined) => (more === undefined ? '' : `, ${more}`);

function endpointIn(world: World, id = world.seed(1, { status: CONNECTED[0] })[0] ?? '') {
  return { id, move: (word: string) => world.setStatus(id, word), remove: () => world.remove(id) };
}

function serviceIn(world: World, given?: string) {
  const id = given ?? randomUUID();
  if (given === undefined) world.addService({ id, name: 'moving', status: BUILT[0] });
  const move = (word: string) => world.register.setStatus(id, word);
  return { id, move, remove: () => move(GONE) };
}

export const EVERY_FEED: readonly EveryFeed[] = [
  {
    name: 'endpointStatus',
    kind: 'endpoints',
    ends: true,
    words: CONNECTED,
    in(world, given) {
      const { id, ...moves } = endpointIn(world, given);
      return {
        ...moves,
        follow: (url, more) => Subscription.of(url, EndpointStatusDocument, { id, ...more }),
        field: (more) => `endpointStatus(id: "${id}"${some(more)})`,
      };
    },
  },
  {
    name: 'projectEndpointStatus',
    kind: 'endpoints',
    ends: false,
    words: CONNECTED,
    in(world, given) {
      const { id, ...moves } = endpointIn(world, given);
      return {
        ...moves,
        follow: (url, more) => Subscription.of(url, ProjectEndpointStatusDocument, { ids: [id], ...more }),
        field: (more) => `projectEndpointStatus(ids: ["${id}"]${some(more)})`,
      };
    },
  },
  {
    name: 'endpointServiceStatus',
    kind: 'services',
    ends: true,
    words: BUILT,
    in(world, given) {
      const { id, ...moves } = serviceIn(world, given);
      return {
        ...moves,
        follow: (url, more) => Subscription.of(url, EndpointServiceStatusDocument, { id, ...more }),
        field: (more) => `endpointServiceStatus(id: "${id}"${some(more)})`,
      };
    },
  },
  {
    name: 'projectEndpointServiceStatus',
    kind: 'services',
    ends: false,
    words: BUILT,
    in(world, given) {
      const { id, ...moves } = serviceIn(world, given);
      return {
        ...moves,
        follow: (url, more) => Subscription.of(url, ProjectEndpointServiceStatusDocument, { ids: [id], ...more }),
        field: (more) => `projectEndpointServiceStatus(ids: ["${id}"]${some(more)})`,
      };
    },
  },
  {
    name: 'serviceConnectionStatus',
    kind: 'connections',
    ends: false,
    words: CONNECTED,
    in(world, given) {
      const service = serviceIn(world, given);
      if (given === undefined) service.move('available');
      const [id = ''] = given === undefined ? world.seed(1, { serviceId: service.id, status: CONNECTED[0] }) : [];
      return {
        ...endpointIn(world, id),
        follow: (url, more) =>
          Subscription.of(url, ServiceConnectionStatusDocument, { endpointServiceId: service.id, ...more }),
        field: (more) => `serviceConnectionStatus(endpointServiceId: "${service.id}"${some(more)})`,
      };
    },
  },
];
