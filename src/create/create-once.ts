/** Creates once, although upstream's create calls are not idempotent: docs/decisions/0004-create-once.md. */
import { randomUUID } from 'node:crypto';
import type { Logger } from '../observability/logger.ts';
import type { CancelSignal } from '../shared/cancellation.ts';
import type { Sleep } from '../shared/clock.ts';
import { MARK_TAG_KEY, MOST_TAGS } from '../vpcep/core/model.ts';
import { UpstreamError } from '../vpcep/errors/upstream-error.ts';
import { carriedThrough } from '../vpcep/transport/caller.ts';
import type { Created, Creation, CreationCalls, Identified, Taggable } from './creation.ts';
import { KeyInProgressError, KeyReusedError, readStored, UnresolvedCreationError, writeStored } from './creation.ts';
import { alike, type Candidate, LATEST_MS, lookFor, marked, type SearchResult } from './find-lost-creation.ts';
import { keyHash, markOf, valueHash } from './fingerprint.ts';
import type { BeginStep, ClaimCall, CreateClaims, CreateRecords, RecordAttempt, RecordRef } from './records.ts';

export interface CreateOnceDeps {
  readonly records: CreateRecords;
  readonly claims: CreateClaims;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Milliseconds for which a creation without an answer is searched for. */
  readonly lookForMs?: number;
  /** Milliseconds for which a repeat waits for the one before it. */
  readonly waitMs?: number;
}

const LOOK_FOR_MS = 10_000;
const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Milliseconds before each attempt to release a record whose `begin` failed: it may have been written. */
const TAKE_BACK_MS = [0, 1_000, 5_000];
const KNOWN = Promise.resolve(true);

/** A creation on its way. */
interface Sending<Input extends Taggable, Resource extends Identified> {
  readonly creation: Creation<Input>;
  readonly calls: CreationCalls<Input, Resource>;
  /** Null when the resource cannot carry it. */
  readonly mark: string | null;
  /** Null: a mark needs none. A repeat with the same key has the same. */
  readonly claim: ClaimCall | null;
  readonly sentAtMs: number;
}

export class CreateOnce {
  readonly #deps: CreateOnceDeps;
  /** Random, so that no other replica and no other run has it. */
  readonly #name = randomUUID();
  #calls = 0;

  constructor(deps: CreateOnceDeps) {
    this.#deps = deps;
  }

  /**
   * `replayed`: the key was seen before, and this call has sent nothing.
   * @throws UpstreamError when it was refused or never sent, UnresolvedCreationError, KeyReusedError,
   * KeyInProgressError, RecordsUnavailableError (nothing was sent).
   */
  async run<Input extends Taggable, Resource extends Identified>(
    calls: CreationCalls<Input, Resource>,
    creation: Creation<Input>,
  ): Promise<Created<Resource> & { readonly replayed: boolean }> {
    const { projectId, operation, subject, idempotencyKey } = creation;
    if (idempotencyKey === undefined) {
      const claim = claimOf(creation, this.#nextName());
      const sending = { creation, calls, mark: null, claim, sentAtMs: this.#deps.now() };
      return { ...(await this.#send(sending)), replayed: false };
    }
    const ref = { projectId, hash: keyHash({ projectId, subject, operation, idempotencyKey }) };
    const attempt = { input: valueHash(creation.defaulted()), token: this.#nextName() };
    const step = await this.#begin(ref, attempt, creation.options.signal);
    if (step.kind === 'done') {
      const stored = readStored<Resource>(step.answer);
      const found = stored.kind === 'whole' ? stored.created : await this.#find(creation, calls, stored.id);
      return { ...found, replayed: true };
    }
    const mark = (creation.input.tags?.length ?? 0) < MOST_TAGS ? markOf(ref.hash) : null;
    const claim = mark === null ? claimOf(creation, ref.hash) : null;
    const sending = { creation, calls, mark, claim, sentAtMs: step.sentAtMs };
    try {
      const replayed = step.kind === 'reconcile';
      const created = await (replayed ? this.#resume(sending) : this.#send(sending));
      await this.#quietly(this.#deps.records.finish(ref, attempt, writeStored(created)));
      return { ...created, replayed };
    } catch (error) {
      await this.#quietly(this.#settle(ref, attempt.token, error));
      throw error;
    }
  }

  #nextName(): string {
    this.#calls += 1;
    return `${this.#name}.${this.#calls}`;
  }

  /** Waits while another attempt is running. */
  async #begin(
    ref: RecordRef,
    attempt: RecordAttempt,
    signal: CancelSignal | undefined,
  ): Promise<Exclude<BeginStep, { kind: 'pending' | 'otherInput' }>> {
    const { records, now, sleep, waitMs = WAIT_MS } = this.#deps;
    const untilMs = now() + waitMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const step = await records.begin(ref, attempt).catch((error: unknown) => {
        void this.#takeBack(ref, attempt.token);
        throw error;
      });
      if (step.kind === 'otherInput') throw new KeyReusedError();
      if (step.kind !== 'pending') return step;
      if (now() >= untilMs || signal?.aborted === true) throw new KeyInProgressError();
      await sleep(Math.min(pause, untilMs - now()), signal);
    }
  }

  async #send<I extends Taggable, R extends Identified>(sending: Sending<I, R>): Promise<Created<R>> {
    const { creation, calls, mark } = sending;
    const known = this.#open(sending);
    try {
      const created = await calls.send(creation.projectId, withMark(creation.input, mark), creation.options);
      void this.#close(sending, known, created.resource.id);
      return created;
    } catch (error) {
      // Another kind of error is a fault of ours; whether it was sent is not known, so a record stays pending.
      if (!(error instanceof UpstreamError)) throw error;
      if (error.outcome === 'unknown') return await this.#search(sending, known, error);
      void this.#close(sending, known, null);
      throw error;
    }
  }

  async #resume<I extends Taggable, R extends Identified>(sending: Sending<I, R>): Promise<Created<R>> {
    return await this.#search(sending, this.#open(sending), undefined);
  }

  /** @throws UnresolvedCreationError */
  async #search<I extends Taggable, R extends Identified>(
    sending: Sending<I, R>,
    known: Promise<boolean>,
    cause: unknown,
  ): Promise<Created<R>> {
    const { now, sleep, lookForMs = LOOK_FOR_MS, logger } = this.#deps;
    const { creation, calls, mark, claim, sentAtMs } = sending;
    const { projectId, operation, input, idempotencyKey } = creation;
    const hasKey = idempotencyKey !== undefined;
    let failure = cause;
    const result = await lookFor({
      find: (deadlineMs) => calls.list(projectId, input, { ...carriedThrough(creation.options), deadlineMs }),
      judge: async (candidates) => {
        if (claim !== null) return await this.#judgeAlike(claim, sentAtMs, await known, candidates);
        return judgeMarked(candidates, mark);
      },
      // Once the request is old enough, one search is conclusive.
      untilMs: Math.min(now() + lookForMs, sentAtMs + LATEST_MS),
      now,
      sleep,
      onFailure: (error) => {
        failure ??= error;
      },
    });
    const context = { project: projectId, operation };
    if (result.kind === 'open') {
      logger.warn({ ...context, candidates: result.candidates }, 'a creation without an answer stays unresolved');
      throw new UnresolvedCreationError(result.candidates, hasKey, failure);
    }
    try {
      const created = await this.#find(creation, calls, result.id);
      logger.info({ ...context, id: result.id }, 'a creation without an answer was found again');
      return created;
    } catch (error) {
      throw new UnresolvedCreationError([result.id], hasKey, failure ?? error);
    }
  }

  /** Carried through, as all calls are but the wait for another attempt: a creation goes on after its caller has left. */
  #find<I extends Taggable, R extends Identified>(
    { projectId, options }: Creation<I>,
    calls: CreationCalls<I, R>,
    id: string,
  ): Promise<Created<R>> {
    return calls.find(projectId, id, carriedThrough(options));
  }

  async #judgeAlike(
    claim: ClaimCall,
    sentAtMs: number,
    known: boolean,
    candidates: readonly Candidate[],
  ): Promise<SearchResult> {
    const ids = alike(candidates, claim.structure(), sentAtMs);
    // Without the claims it cannot be told whether another call has made it.
    if (ids.length === 0 || !known) return { kind: 'open', candidates: ids };
    const step = await this.#deps.claims.take(claim, ids);
    if (step.kind === 'taken') return { kind: 'found', id: step.id };
    return { kind: 'open', candidates: step.kind === 'left' ? step.ids : ids };
  }

  /**
   * False: other calls cannot know of this one. Not awaited before it is sent: the command is on its way to the store, and
   * only a search needs the answer.
   */
  #open<I extends Taggable, R extends Identified>({ claim }: Sending<I, R>): Promise<boolean> {
    return claim === null ? KNOWN : this.#quietly(this.#deps.claims.open(claim));
  }

  /** Not awaited: until it is done, only searches of other calls wait for it. */
  async #close<I extends Taggable, R extends Identified>(
    { claim }: Sending<I, R>,
    known: Promise<boolean>,
    id: string | null,
  ): Promise<void> {
    if (claim === null) return;
    // In this order also where the store was slow to take the first.
    await known;
    await this.#quietly(this.#deps.claims.close(claim, id));
  }

  async #settle(ref: RecordRef, token: string, error: unknown): Promise<void> {
    if (error instanceof UpstreamError) await this.#deps.records.release(ref, token);
    if (error instanceof UnresolvedCreationError) await this.#deps.records.markUnknown(ref, token);
  }

  /** Nothing was sent: a record that was written all the same would only block its key. */
  async #takeBack(ref: RecordRef, token: string): Promise<void> {
    for (const waitMs of TAKE_BACK_MS) {
      if (waitMs > 0) await this.#deps.sleep(waitMs);
      if (await this.#quietly(this.#deps.records.release(ref, token))) return;
    }
  }

  /** False on failure: upstream's answer is passed on even when the records are unavailable. */
  async #quietly(step: Promise<void>): Promise<boolean> {
    try {
      await step;
      return true;
    } catch (error) {
      this.#deps.logger.warn({ reason: String(error) }, 'a creation could not be recorded');
      return false;
    }
  }
}

function judgeMarked(candidates: readonly Candidate[], mark: string | null): SearchResult {
  const ids = mark === null ? [] : marked(candidates, mark);
  const [id] = ids;
  return id !== undefined && ids.length === 1 ? { kind: 'found', id } : { kind: 'open', candidates: ids };
}

function claimOf({ projectId, structure, idempotencyKey }: Creation<Taggable>, call: string): ClaimCall {
  return { projectId, structure, call, hasKey: idempotencyKey !== undefined };
}

function withMark<I extends Taggable>(input: I, mark: string | null): I {
  return mark === null ? input : { ...input, tags: [...(input.tags ?? []), { key: MARK_TAG_KEY, value: mark }] };
}
