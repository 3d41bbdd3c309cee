/** Events that arrive while a request is under way are newer than its answer, and must not be undone by it. */

interface Resource {
  status: string;
  rawStatus: string;
  [field: string]: unknown;
}

const NAMES: { readonly [type: string]: (resource: Resource) => string } = {
  VpcEndpoint: ({ id }) => String(id),
  EndpointService: ({ id }) => String(id),
  ConnectedEndpoint: ({ endpointServiceId, endpointId }) => `${endpointServiceId}:${endpointId}`,
};

export class Newest {
  #events = 0;
  readonly #last = new Map<string, { readonly event: number; readonly resource: Resource }>();

  /** How many events have arrived; to be kept with each request. */
  get events(): number {
    return this.#events;
  }

  /** @param event the data of a subscription. */
  learn(event: unknown): void {
    this.#events += 1;
    for (const [name, resource] of resourcesIn(event)) this.#last.set(name, { event: this.#events, resource });
  }

  /**
   * Writes the newer statuses into an answer, and fills in what it lacks.
   * @param events those that had arrived when it was asked for.
   */
  amend(answer: unknown, events: number): void {
    for (const [name, resource] of resourcesIn(answer)) {
      const last = this.#last.get(name);
      if (last === undefined || last.event <= events) continue;
      for (const [field, value] of Object.entries(last.resource)) {
        if (field === 'status' || field === 'rawStatus' || resource[field] === null) resource[field] = value;
      }
    }
  }
}

function* resourcesIn(data: unknown): Generator<readonly [name: string, Resource]> {
  if (typeof data !== 'object' || data === null) return;
  const { __typename: type, rawStatus } = data as { readonly __typename?: string; readonly rawStatus?: unknown };
  const nameOf = NAMES[type ?? ''];
  if (nameOf !== undefined && rawStatus !== undefined) yield [`${type}:${nameOf(data as Resource)}`, data as Resource];
  for (const part of Object.values(data)) yield* resourcesIn(part);
}
