/** Arguments of operations, checked before anything is sent upstream. */
import { Arg, ID } from 'type-graphql';
import type { Right } from '../../auth/identity.ts';
import type { GatewayContext } from './context.ts';
import { InputCheck, idRule, lengthRule } from './input-check.ts';

export const HISTORY_DEFAULT = 20;
export const HISTORY_MAX = 100;
/** Resources that a project feed can name. */
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
  readonly endpointServiceId?: string | null | undefined;
  readonly projectId?: string | null | undefined;
  readonly after?: string | null | undefined;
}): void {
  const check = new InputCheck();
  check.text('id', args.id, idRule);
  check.text('endpointServiceId', args.endpointServiceId, idRule);
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

/** The argument `projectId` of an operation: `projectFor` or `readIn` gives the project. */
export function ProjectId(
  description = 'The project to work in. Defaults to the only (or default) project of the caller.',
): ReturnType<typeof Arg> {
  return Arg('projectId', () => ID, { nullable: true, description });
}

type Named = string | null | undefined;

/** @throws InputError, AccessError */
export function projectFor(
  { projects }: Pick<GatewayContext, 'projects'>,
  right: Right,
  ids: Readonly<Record<string, Named>> & { readonly projectId: Named },
): string {
  checkIds(ids);
  return projects.resolve(ids.projectId, right);
}

/**
 * The project, and what `read` makes of the other arguments. What is wrong with them is reported before what is wrong
 * with the rights.
 * @throws InputError, AccessError
 */
export function readIn<T>(
  { projects }: Pick<GatewayContext, 'projects'>,
  right: Right,
  projectId: Named,
  read: () => T,
): readonly [project: string, value: T] {
  checkIds({ projectId });
  const value = read();
  return [projects.resolve(projectId, right), value];
}
