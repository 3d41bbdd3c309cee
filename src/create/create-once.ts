/** Creates once, although upstream's create calls are not idempotent: docs/decisions/0004-create-once.md. */
import { randomUUID } from 'node:crypto';
import type { Logger } from '../observability/logger.ts';
import type { Sleep } from '../shared/clock.ts';
import { UpstreamError } from '../vpcep/errors/upstream-error.ts';
import type { Created, Creation } from './creation.ts';
import { KeyInProgressError, KeyReusedError, readStored, UnresolvedCreationError, writeStored } from './creation.ts';
import { alike, type Candidate, LATEST_MS, lookFor, marked, type Verdict } from './find-lost-creation.ts';
import { keyHash, markOf, valueHash } from './fingerprint.ts';
import type { BeginStep, CreateClaims, CreateRecords, RecordAttempt, RecordRef } from './records.ts';

export interface CreateOnceDeps {
  readonly records: CreateRecords;
  readonly claims: CreateClaims;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Milliseconds for which a creation without an answer is looked for. */
  readonly lookForMs?: number;
  /** Milliseconds for which a repeat waits for the one before it. */
  readonly waitMs?: number;
}

const LOOK_FOR_MS = 10_000;
const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Milliseconds between the attempts to take back a step of which it is not known whether it was taken. */
const TAKE_BACK_MS = [0, 1_000, 5_000];

interface Sending {
  readonly mark: string | null;
  /** Name of the call for the claims; a repeat with the same key has the same. */
  readonly call: string;
  readonly hasKey: boolean;
  readonly sentAtMs: number;
}

export class CreateOnce {
  readonly #deps: CreateOnceDeps;

  constructor(deps: CreateOnceDeps) {
    this.#deps = deps;
  }

  /**
   * `replayed`: the key was seen before, and this call has sent nothing.
   * @throws UpstreamError when it was refused or never sent, UnresolvedCreationError, KeyReusedError,
   * KeyInProgressError, RecordsUnavailableError (nothing was sent).
   */
  async run<R extends { readonly id: string }>(
    creation: Creation<R>,
  ): Promise<Created<R> & { readonly replayed: boolean }> {
    const { projectId, operation, subject, idempotencyKey } = creation;
    if (idempotencyKey === undefined) {
      const sending = { mark: null, call: randomUUID(), hasKey: false, sentAtMs: this.#deps.now() };
      return { ...(await this.#send(creation, sending)), replayed: false };
    }
    const ref = { projectId, hash: keyHash({ projectId, subject, operation, idempotencyKey }) };
    const attempt = { input: valueHash(creation.input), token: randomUUID() };
    const step = await this.#begin(ref, attempt, creation.signal);
    if (step.kind === 'done') {
      const stored = readStored<R>(step.answer);
      return { ...(stored.kind === 'whole' ? stored.created : await creation.adopt(stored.id)), replayed: true };
    }
    const mark = creation.markable ? markOf(ref.hash) : null;
    const sending = { mark, call: ref.hash, hasKey: true, sentAtMs: step.sentAtMs };
    try {
      const replayed = step.kind === 'reconcile';
      const created = await (replayed ? this.#resume(creation, sending) : this.#send(creation, sending));
      await this.#quietly(this.#deps.records.finish(ref, attempt, writeStored(created)));
      return { ...created, replayed };
    } catch (error) {
      await this.#quietly(this.#settle(ref, attempt.token, error));
      throw error;
    }
  }

  /** Waits while another attempt is at it. */
  async #begin(
    ref: RecordRef,
    attempt: RecordAttempt,
    signal: AbortSignal | undefined,
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

  async #send<R extends { readonly id: string }>(creation: Creation<R>, sending: Sending): Promise<Created<R>> {
    const known = await this.#open(creation, sending);
    try {
      const created = await creation.post(sending.mark);
      this.#close(creation, sending, created.resource.id);
      return created;
    } catch (error) {
      // Another kind of error is a fault of ours; whether it was sent is not known, so a record stays pending.
      if (!(error instanceof UpstreamError)) throw error;
      if (error.outcome === 'unknown') return await this.#search(creation, sending, known, error);
      this.#close(creation, sending, null);
      throw error;
    }
  }

  async #resume<R extends { readonly id: string }>(creation: Creation<R>, sending: Sending): Promise<Created<R>> {
    return await this.#search(creation, sending, await this.#open(creation, sending), undefined);
  }

  /** @throws UnresolvedCreationError */
  async #search<R extends { readonly id: string }>(
    creation: Creation<R>,
    sending: Sending,
    known: boolean,
    cause: unknown,
  ): Promise<Created<R>> {
    const { now, sleep, lookForMs = LOOK_FOR_MS, logger } = this.#deps;
    const { mark, hasKey, sentAtMs } = sending;
    let failure = cause;
    const verdict = await lookFor({
      find: (deadlineMs) => creation.find(deadlineMs),
      judge: (candidates) =>
        mark === null ? this.#judgeAlike(creation, sending, known, candidates) : judgeMarked(candidates, mark),
      // Long after it was sent, what one look does not show is not there.
      untilMs: Math.min(now() + lookForMs, sentAtMs + LATEST_MS),
      now,
      sleep,
      onFailure: (error) => {
        failure ??= error;
      },
    });
    const context = { project: creation.projectId, operation: creation.operation };
    if (verdict.kind === 'open') {
      logger.warn({ ...context, candidates: verdict.candidates }, 'a creation without an answer stays unresolved');
      throw new UnresolvedCreationError(verdict.candidates, hasKey, failure);
    }
    try {
      const created = await creation.adopt(verdict.id);
      logger.info({ ...context, id: verdict.id }, 'a creation without an answer was found again');
      return created;
    } catch (error) {
      throw new UnresolvedCreationError([verdict.id], hasKey, failure ?? error);
    }
  }

  async #judgeAlike<R extends { readonly id: string }>(
    creation: Creation<R>,
    sending: Sending,
    known: boolean,
    candidates: readonly Candidate[],
  ): Promise<Verdict> {
    const ids = alike(candidates, creation.structure, sending.sentAtMs);
    // Without the claims nobody can say that it is not another call's.
    if (ids.length === 0 || !known) return { kind: 'open', candidates: ids };
    const step = await this.#deps.claims.take(claimOf(creation, sending), ids);
    if (step.kind === 'taken') return { kind: 'found', id: step.id };
    return { kind: 'open', candidates: step.kind === 'left' ? step.ids : ids };
  }

  /** False when other calls cannot know of this one. A mark needs no claim. */
  async #open<R extends { readonly id: string }>(creation: Creation<R>, sending: Sending): Promise<boolean> {
    return sending.mark !== null || (await this.#quietly(this.#deps.claims.open(claimOf(creation, sending))));
  }

  /** Not waited for: until it is done others wait, and nothing else. */
  #close<R extends { readonly id: string }>(creation: Creation<R>, sending: Sending, id: string | null): void {
    if (sending.mark === null) void this.#quietly(this.#deps.claims.close(claimOf(creation, sending), id));
  }

  async #settle(ref: RecordRef, token: string, error: unknown): Promise<void> {
    if (error instanceof UpstreamError) await this.#deps.records.release(ref, token);
    if (error instanceof UnresolvedCreationError) await this.#deps.records.markUnknown(ref, token);
  }

  /** Nothing was sent: a record that was begun all the same would only keep its key from being used. */
  async #takeBack(ref: RecordRef, token: string): Promise<void> {
    for (const waitMs of TAKE_BACK_MS) {
      if (waitMs > 0) await this.#deps.sleep(waitMs);
      if (await this.#quietly(this.#deps.records.release(ref, token))) return;
    }
  }

  /** What was answered upstream is answered here, whatever becomes of the records. */
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

async function judgeMarked(candidates: readonly Candidate[], mark: string): Promise<Verdict> {
  const ids = marked(candidates, mark);
  const [id] = ids;
  return id !== undefined && ids.length === 1 ? { kind: 'found', id } : { kind: 'open', candidates: ids };
}

function claimOf<R extends { readonly id: string }>({ projectId, structure }: Creation<R>, { call }: Sending) {
  return { projectId, structure, call };
}
