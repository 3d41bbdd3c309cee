import type { CommitRequest, Observation } from '../events/event-log.ts';
import {
  type CreateEndpointInput,
  type EndpointAnswer,
  type EndpointPage,
  FULL_PAGE,
  type ListEndpointsQuery,
} from '../vpcep/endpoint/model.ts';
import { UpstreamError } from '../vpcep/errors/upstream-error.ts';
import type { CallOptions } from '../vpcep/transport/transport.ts';

/** What the watching side needs of the upstream client. */
export interface EndpointUpstream {
  createEndpoint(projectId: string, input: CreateEndpointInput, options: CallOptions): Promise<EndpointAnswer>;
  getEndpoint(projectId: string, id: string, options: CallOptions): Promise<EndpointAnswer>;
  listEndpoints(projectId: string, query: ListEndpointsQuery, options: CallOptions): Promise<EndpointPage>;
  deleteEndpoint(projectId: string, id: string, options: CallOptions): Promise<void>;
}

export type EndpointReads = Pick<EndpointUpstream, 'getEndpoint' | 'listEndpoints'>;

/** The fields are read when they are asked for: of most endpoints that are created they never are. */
class AnswerObservation implements Observation {
  readonly endpointId: string;
  readonly status: string;
  readonly #answer: EndpointAnswer;

  constructor(answer: EndpointAnswer) {
    this.endpointId = answer.id;
    this.status = answer.rawStatus;
    this.#answer = answer;
  }

  get fields(): Observation['fields'] {
    return this.#answer.fields;
  }
}

export function toObservation(answer: EndpointAnswer): Observation {
  return new AnswerObservation(answer);
}

/** Observations of one kind of answer, all from requests sent at or after `asOf`. */
export function observed(
  asOf: number,
  source: CommitRequest['source'],
  observations: readonly Observation[],
): CommitRequest {
  return { asOf, observations, source, firstSight: 'afterBaseline' };
}

/** Only a 404 says that an endpoint is not there; 401, 403, 429, 5xx and silence say nothing about it. */
export function isNotFound(error: unknown): boolean {
  return error instanceof UpstreamError && error.kind === 'not_found';
}

/**
 * Reads every page in creation order, which is the stable one, and hands each on as it comes. Rows can still shift when
 * an endpoint is deleted meanwhile: what the list does not show is a hint, never a deletion.
 */
export async function readAllPages(
  upstream: Pick<EndpointReads, 'listEndpoints'>,
  projectId: string,
  options: CallOptions,
  onAnswer: (page: EndpointPage, isLast: boolean) => Promise<void> | void,
): Promise<void> {
  const shown = new Set<string>();
  let offset = 0;
  let isLast = false;
  while (!isLast) {
    const query = { limit: FULL_PAGE, offset, sortKey: 'create_at', sortDir: 'asc' } as const;
    const page = await upstream.listEndpoints(projectId, query, options);
    offset += page.endpoints.length;
    const before = shown.size;
    for (const { id } of page.endpoints) shown.add(id);
    // Nothing new, such as no row at all, is the end, also where an offset is ignored. A short page alone is no proof, and
    // neither is a count below the rows shown: upstream may give fewer rows than asked for, and may count wrongly.
    const isShort = page.endpoints.length < FULL_PAGE;
    isLast = shown.size === before || (isShort && offset >= page.totalCount) || shown.size === page.totalCount;
    await onAnswer(page, isLast);
  }
}
