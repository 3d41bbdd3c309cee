import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type {
  EndpointStatusSubscription,
  EndpointStatusSubscriptionVariables,
  ProjectEndpointStatusSubscriptionVariables,
  TypedDocument,
} from '../../src/client/generated/documents.ts';
import { EndpointStatusDocument, ProjectEndpointStatusDocument } from '../../src/client/generated/documents.ts';

export interface GraphqlFault {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly retryable?: boolean;
    readonly retryAfterSeconds?: number;
    readonly upstream?: { readonly code?: string; readonly status?: number; readonly requestId?: string };
    readonly issues?: readonly { readonly path: string; readonly rule: string; readonly message: string }[];
  };
}

export interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphqlFault[];
}

/** Sends one operation over HTTP, as any frontend does. */
export async function send<Data, Variables>(
  url: string,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as GraphqlAnswer<Data>;
}

/** Null without an error: there is no such thing. */
type Lookup = 'apiVersion' | 'describeEndpointService' | 'endpointService' | 'vpcEndpoint';

/** Data without errors: other root fields are null beside an error only. */
export type Faultless<Data> = {
  [Field in keyof Data]: Field extends Lookup ? Data[Field] : NonNullable<Data[Field]>;
};

/** The data, or an error that shows the errors. */
export async function ask<Data, Variables>(
  url: string,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
): Promise<Faultless<Data>> {
  const answer = await send(url, document, variables);
  if (answer.errors !== undefined || answer.data == null) throw new Error(JSON.stringify(answer));
  return answer.data as Faultless<Data>;
}

export type StatusEvent = EndpointStatusSubscription['endpointStatus'];

interface AnyEvent {
  readonly kind: string;
  readonly status: string;
}

/** One subscription on a socket of its own, read event by event. */
export class Subscription<Event extends AnyEvent = StatusEvent> {
  readonly #client: ReturnType<typeof createClient>;
  readonly #events: AsyncIterableIterator<{ data?: unknown; errors?: readonly unknown[] | undefined }>;
  readonly seen: Event[] = [];
  /** How many sets had no member. */
  emptySets = 0;

  private constructor(url: string, query: string, variables: Record<string, unknown>) {
    this.#client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    this.#events = this.#client.iterate({ query, variables });
  }

  static of<Data, Variables extends Record<string, unknown>>(
    url: string,
    document: TypedDocument<Data, Variables>,
    variables: Variables,
  ): Subscription<Extract<Data[keyof Data], AnyEvent>> {
    return new Subscription(url, document, variables);
  }

  static endpoint(url: string, variables: EndpointStatusSubscriptionVariables): Subscription {
    return new Subscription(url, EndpointStatusDocument, variables);
  }

  static project(url: string, variables: ProjectEndpointStatusSubscriptionVariables): Subscription {
    return new Subscription(url, ProjectEndpointStatusDocument, variables);
  }

  /** The next event with a member, or null when the feed has completed. @throws when it ends with errors. */
  async next(): Promise<Event | null> {
    for (;;) {
      const { done, value } = await this.#events.next();
      if (done === true) return null;
      if (value.errors !== undefined || value.data == null) throw new Error(JSON.stringify(value));
      const [event] = Object.values(value.data as Record<string, Event | null>);
      if (event === undefined) throw new Error(`no event in ${JSON.stringify(value)}`);
      if (event === null) this.emptySets += 1;
      else {
        this.seen.push(event);
        return event;
      }
    }
  }

  /** Reads until an event fits, and gives all that were read. */
  async until(fits: (event: Event) => boolean): Promise<readonly Event[]> {
    const events: Event[] = [];
    for (;;) {
      const event = await this.next();
      if (event === null)
        throw new Error(`the feed completed after ${JSON.stringify(events.map((one) => one.status))}`);
      events.push(event);
      if (fits(event)) return events;
    }
  }

  /** Reads to the end. */
  async rest(): Promise<readonly Event[]> {
    const events: Event[] = [];
    for (let event = await this.next(); event !== null; event = await this.next()) events.push(event);
    return events;
  }

  async close(): Promise<void> {
    await this.#events.return?.();
    await this.#client.dispose();
  }
}

export function brief(events: readonly AnyEvent[]): string[] {
  return events.map((event) => `${event.kind} ${event.status}`);
}
