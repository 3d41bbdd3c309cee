/** Arguments of queries and subscriptions, checked before anything is sent upstream. Pure. */
import { InputCheck, idRule, lengthRule } from './input-check.ts';

export const HISTORY_DEFAULT = 20;
export const HISTORY_MAX = 100;
/** Endpoints that a project feed can name. */
const WATCHED_IDS_MAX = 100;
/** Characters: longer than any cursor of this gateway. */
const CURSOR_MAX = 512;

/** @throws InputError when one of the named IDs is malformed. */
export function checkIds(ids: Readonly<Record<string, string | null | undefined>>): void {
  const check = new InputCheck();
  for (const [path, id] of Object.entries(ids)) {
    check.text(path, id, idRule);
  }
  check.done();
}

/** @throws InputError */
export function checkHistoryLength(last: number): void {
  const check = new InputCheck();
  if (!Number.isInteger(last) || last < 1 || last > HISTORY_MAX) {
    check.report('last', { rule: 'range', message: `must be 1 to ${HISTORY_MAX}` });
  }
  check.done();
}

/** @throws InputError */
export function checkWatch(args: {
  readonly id?: string | null | undefined;
  readonly ids?: readonly string[] | null | undefined;
  readonly projectId?: string | null | undefined;
  readonly after?: string | null | undefined;
}): void {
  const check = new InputCheck();
  check.text('id', args.id, idRule);
  check.text('projectId', args.projectId, idRule);
  check.text('after', args.after, lengthRule(1, CURSOR_MAX));
  const ids = check.texts('ids', args.ids, idRule);
  check.notEmpty('ids', ids);
  if (ids !== undefined && ids.length > WATCHED_IDS_MAX) {
    const message = `may hold at most ${WATCHED_IDS_MAX} IDs: leave it out to watch the whole project`;
    check.report('ids', { rule: 'count', message });
  }
  check.done();
}

/** Description of every `projectId` argument. */
export const PROJECT = 'The project to work in. Defaults to the only (or default) project of the caller.';
