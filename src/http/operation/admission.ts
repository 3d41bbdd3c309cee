/**
 * Whether an operation may run: by its own cost, by what this replica has under way, and by what its caller has left of its
 * minute, counted in Redis for all replicas. The cost is estimated in calls to upstream before it runs (graphql/cost/cost.ts). Refusals are audited. The
 * upstream budget (vpcep/limits/budget.ts) limits all callers together.
 */

import { GraphQLError, type GraphQLSchema, Kind, locatedError } from 'graphql';
import { decodeCursor } from '../../events/cursor.ts';
import { hasFaultyVariables, type RefusedOperation, refusedLines } from '../../graphql/audit/audit.ts';
import type { ContextFactory, OperationStart } from '../../graphql/core/context.ts';
import type { Estimate } from '../../graphql/cost/cost.ts';
import { codeOf } from '../../graphql/errors/format-error.ts';
import type { AuditLog } from '../../observability/audit-log.ts';
import type { Logger } from '../../observability/logger.ts';
import { type RateLimits, RateRefusal, type RateState } from '../limits/caller-rates.ts';
import { type OperationsInFlight, OverloadError } from '../limits/operations-in-flight.ts';
import { tooComplex } from './document-cache.ts';

/** Events of histories in one answer: a page of 100 endpoints with the longest history of each. */
const MAX_HISTORY = 10_000;
/** The same for one event of a subscription: the longest history of its endpoint. */
const MAX_HISTORY_OF_EVENT = 100;

export type OperationCaller = Pick<OperationStart, 'identity' | 'arrival' | 'resumeAfter'>;

export interface Applicant extends Omit<RefusedOperation, 'schema'> {
  readonly estimate: Estimate;
}

export interface AdmissionOptions {
  readonly schema: GraphQLSchema;
  readonly contextFor: ContextFactory;
  /** Null: callers are not limited. */
  readonly rateLimits: RateLimits | null;
  readonly inFlight: OperationsInFlight;
  readonly audit: Pick<AuditLog, 'write'>;
  readonly logger: Logger;
  /** Calls to upstream that one operation may cause, as estimated before it runs. */
  readonly maxCost: number;
}

export class OperationAdmission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Called once for each operation, before it runs and with its caller known.
   * @returns why it may not run: QUERY_TOO_COMPLEX when it can cause more calls, or answer more of histories, than one
   * operation may; RATE_LIMITED when this replica has as much under way as it may, or the cost exceeds the rest of the
   * caller's minute. A promise while that is counted.
   */
  admit(applicant: Applicant, caller: OperationCaller): GraphQLError | null | Promise<GraphQLError | null> {
    const { operation, estimate } = applicant;
    const most = operation.operation === 'subscription' ? MAX_HISTORY_OF_EVENT : MAX_HISTORY;
    const { rateLimits, inFlight, maxCost } = this.#options;
    const excess =
      judgeCost(estimate.calls, maxCost) ??
      judgeHistory(estimate.historyEvents, most) ??
      this.#judgeLoad(applicant, caller);
    if (excess !== null || rateLimits === null) return this.#judged(excess, applicant, caller);
    const { identity, arrival } = caller;
    const admitted = (state: RateState) => {
      arrival.tell?.(headersOf(state));
      return this.#judged(null, applicant, caller);
    };
    const state = rateLimits.take({ identity, address: arrival.address }, estimate.calls);
    if (!(state instanceof Promise)) return admitted(state);
    inFlight.begin();
    return state
      .finally(() => inFlight.end())
      .then(admitted, (error: unknown) => this.#judged(refusalOf(error, arrival), applicant, caller));
  }

  /** What resumes was admitted before, here or by another replica, and needs the log only. */
  #judgeLoad(applicant: Applicant, caller: OperationCaller): GraphQLError | null {
    const error = resumes(applicant, caller) ? null : this.#options.inFlight.refusal();
    return error === null ? null : refusalOf(error, caller.arrival);
  }

  /** Its variables are faulty: it fails before any field that could write an audit line. */
  faulty(applicant: Applicant, caller: OperationCaller): void {
    this.#audit(applicant, caller, 'BAD_USER_INPUT');
  }

  #judged(refusal: GraphQLError | null, applicant: Applicant, caller: OperationCaller): GraphQLError | null {
    const { schema } = this.#options;
    if (refusal !== null) {
      this.#audit(applicant, caller, codeOf(refusal));
    } else if (applicant.operation.operation === 'subscription' && hasFaultyVariables({ schema, ...applicant })) {
      this.faulty(applicant, caller);
    }
    return refusal;
  }

  #audit(applicant: Applicant, { identity, arrival }: OperationCaller, code: string): void {
    const { schema, audit, contextFor, logger } = this.#options;
    const lines = refusedLines({ schema, ...applicant }, contextFor({ identity, arrival, logger }), code);
    for (const line of lines) audit.write(line);
  }
}

function refusalOf(error: unknown, arrival: OperationCaller['arrival']): GraphQLError {
  if (!(error instanceof RateRefusal || error instanceof OverloadError)) return locatedError(error, undefined);
  const isRate = error instanceof RateRefusal;
  arrival.tell?.({ ...(isRate ? headersOf(error.state) : {}), 'retry-after': String(error.retryAfterSeconds) });
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { http: { status: isRate ? 429 : 503 } },
  });
}

/** A subscription behind a cursor: of an event, or of the mutation that its client waits for. `restart` is a place in no log. */
function resumes({ operation, variables }: Applicant, { resumeAfter }: OperationCaller): boolean {
  if (operation.operation !== 'subscription') return false;
  const [field] = operation.selectionSet.selections;
  const after =
    field?.kind === Kind.FIELD ? field.arguments?.find(({ name }) => name.value === 'after')?.value : undefined;
  const given =
    after?.kind === Kind.VARIABLE ? variables[after.name.value] : after?.kind === Kind.STRING && after.value;
  return decodeCursor(String(resumeAfter ?? given))?.kind === 'after';
}

function judgeCost(cost: number, maximum: number): GraphQLError | null {
  if (cost <= maximum) return null;
  const message =
    `This operation can cause ${cost} calls to upstream, and at most ${maximum} are allowed: lower \`first\`, leave ` +
    'out nested relations, or split it into several requests';
  return tooComplex('cost', maximum, message);
}

function judgeHistory(events: number, most: number): GraphQLError | null {
  if (events <= most) return null;
  const message =
    `An answer could hold more than ${most} events of histories, which is the most: lower \`last\` or \`first\`, ` +
    'or leave out histories in histories';
  return tooComplex('history', most, message);
}

/** draft-ietf-httpapi-ratelimit-headers up to version 07, as most clients know them. */
function headersOf({ limit, remaining, resetSeconds }: RateState): Readonly<Record<string, string>> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  };
}
