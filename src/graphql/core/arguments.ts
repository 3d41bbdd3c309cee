/** Arguments of queries and subscriptions, checked before anything is sent upstream. Pure. */
import type { ListEndpointsQuery } from '../../vpcep/endpoint/model.ts';
import { InputCheck, idRule, lengthRule, SERVICE_NAME_MAX } from './input-check.ts';

export const HISTORY_DEFAULT = 20;
export const HISTORY_MAX = 100;
/** DESIGN: a project feed watches at most this many named endpoints. */
const WATCHED_IDS_MAX = 100;
/** Longer than any cursor of ours: keeps nonsense away from the log. */
const CURSOR_MAX = 512;

/** @throws InputError when one of the named IDs is malformed. */
export function checkIds(ids: Readonly<Record<string, unknown>>): void {
  const check = new InputCheck();
  for (const [path, id] of Object.entries(ids)) {
    check.text(path, id, idRule);
  }
  check.done();
}

/** @throws InputError */
export function readFilter(filter: unknown): Pick<ListEndpointsQuery, 'id' | 'vpcId' | 'endpointServiceName'> {
  const check = new InputCheck();
  const given = check.object('filter', filter) ?? {};
  const id = check.text('filter.id', given.id, idRule);
  const vpcId = check.text('filter.vpcId', given.vpcId, idRule);
  const name = check.text('filter.endpointServiceName', given.endpointServiceName, lengthRule(1, SERVICE_NAME_MAX));
  check.done();
  return {
    ...(id === undefined ? {} : { id }),
    ...(vpcId === undefined ? {} : { vpcId }),
    ...(name === undefined ? {} : { endpointServiceName: name }),
  };
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
  readonly id?: unknown;
  readonly ids?: unknown;
  readonly projectId?: unknown;
  readonly after?: unknown;
}): void {
  const check = new InputCheck();
  check.text('id', args.id, idRule);
  check.text('projectId', args.projectId, idRule);
  check.text('after', args.after, lengthRule(1, CURSOR_MAX));
  const ids = check.list('ids', args.ids, (path, id) => check.requiredText(path, id, idRule));
  check.notEmpty('ids', ids);
  if (ids !== undefined && ids.length > WATCHED_IDS_MAX) {
    const message = `may hold at most ${WATCHED_IDS_MAX} IDs: leave it out to watch the whole project`;
    check.report('ids', { rule: 'count', message });
  }
  check.done();
}

/** What every `projectId` argument says of itself. */
export const PROJECT = 'The project to work in. Defaults to the only (or default) project of the caller.';
