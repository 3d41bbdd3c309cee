/** Relay connections over limit and offset. Pure. */
import { ArgsType, type ClassType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { InputError } from '../errors/gateway-errors.ts';
import { SortDirection, SortField } from './scalars.ts';

@ObjectType('PageInfo', {
  simpleResolvers: true,
  description: 'Where a page lies in its list (Relay cursor connections).',
})
class PageInfoType {
  @Field(() => Boolean, { description: 'True when a further page follows: ask for it with `after: endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True when there are rows before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row; null on an empty page.' })
  endCursor!: string | null;
}

/** The type of a list's pages, and of their edges. `moving` is what makes rows shift. */
export function pageOf(
  node: ClassType,
  name: string,
  words: { readonly row: string; readonly rows: string; readonly moving: string },
): ClassType {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: 'A row of a list with its cursor.' })
  class Edge {
    @Field(() => String, { description: 'Give it to `after` to go on behind this row.' })
    cursor!: string;

    @Field(() => node, { description: `The ${words.row}.` })
    node!: object;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: `A page of ${words.rows}. Rows can shift between pages while ${words.moving} come and go.`,
  })
  class Page {
    @Field(() => [Edge], { description: 'Rows with cursors.' })
    edges!: Edge[];

    @Field(() => [node], { description: 'Rows alone.' })
    nodes!: object[];

    @Field(() => PageInfoType, { description: 'Where this page lies.' })
    pageInfo!: PageInfoType;

    @Field(() => Int, { description: 'All matches, paging ignored.' })
    totalCount!: number;
  }
  return Page;
}

@InputType('SortInput', { description: 'Order of a list.' })
export class SortInput {
  @Field(() => SortField, { defaultValue: SortField.CREATED_AT, description: 'What to sort by.' })
  field!: SortField;

  @Field(() => SortDirection, { defaultValue: SortDirection.DESC, description: 'Newest first by default.' })
  direction!: SortDirection;
}

export const DEFAULT_PAGE = 20;
export const MAX_PAGE = 100;

/** Cursors name a row's place in the list: upstream has no cursor of its own, and rows can shift between pages. */
const PREFIX = 'row:';

export function encodeCursor(index: number): string {
  return Buffer.from(`${PREFIX}${index}`).toString('base64url');
}

/** @returns the row's place, or null when this is not a cursor that `encodeCursor` gave out. */
export function decodeCursor(cursor: string): number | null {
  const index = Number(Buffer.from(cursor, 'base64url').toString('latin1').slice(PREFIX.length));
  return Number.isSafeInteger(index) && index >= 0 && encodeCursor(index) === cursor ? index : null;
}

/** Declared from the last to the first: schema.ts turns all arguments around. */
@ArgsType()
export class PageArguments {
  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the row to go on behind: a place in the list as it is now. When rows are inserted or deleted before it meanwhile, a row can come twice or be left out.',
  })
  after?: string | null | undefined;

  @Field(() => Int, { nullable: true, defaultValue: DEFAULT_PAGE, description: 'Rows per page, 1 to 100.' })
  first?: number | null | undefined;
}

@ArgsType()
export class SortedPageArguments extends PageArguments {
  @Field(() => SortInput, { nullable: true, description: 'Newest first by default.' })
  orderBy?: SortInput | null | undefined;
}

interface PageWindow {
  readonly limit: number;
  readonly offset: number;
}

/** @throws InputError when `first` is out of range or `after` is malformed. */
export function pageWindow(page: PageArguments): PageWindow {
  const limit = page.first ?? DEFAULT_PAGE;
  const after = page.after === null || page.after === undefined ? -1 : decodeCursor(page.after);
  const issues = [];
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    const message = `first must be 1 to ${MAX_PAGE}: ask for further rows with after: pageInfo.endCursor`;
    issues.push({ path: 'first', rule: 'range', message });
  }
  if (after === null) {
    const message =
      'after must be a cursor that a list of this gateway gave out: pass it on unchanged, or leave it out';
    issues.push({ path: 'after', rule: 'cursor', message });
  }
  if (issues.length > 0 || after === null) {
    throw new InputError(issues);
  }
  return { limit, offset: after + 1 };
}

/** A page of a list. Edges and cursors are made when they are selected. */
export class Connection<T> {
  readonly nodes: readonly T[];
  readonly totalCount: number;
  readonly #offset: number;

  constructor(nodes: readonly T[], totalCount: number, offset: number) {
    this.nodes = nodes;
    this.totalCount = totalCount;
    this.#offset = offset;
  }

  get edges(): readonly { readonly cursor: string; readonly node: T }[] {
    return this.nodes.map((node, index) => ({ cursor: encodeCursor(this.#offset + index), node }));
  }

  get pageInfo(): PageInfoType {
    const { length } = this.nodes;
    const end = this.#offset + length;
    return {
      // An empty page has no cursor to go on with, whatever the count says (rows were deleted in between).
      hasNextPage: length > 0 && end < this.totalCount,
      hasPreviousPage: this.#offset > 0,
      startCursor: length > 0 ? encodeCursor(this.#offset) : null,
      endCursor: length > 0 ? encodeCursor(end - 1) : null,
    };
  }
}

export function connectionOf<T>(nodes: readonly T[], totalCount: number, offset: number): Connection<T> {
  return new Connection(nodes, totalCount, offset);
}

/** Upstream's words: its keys lack the d, and newest first is its default (docs/upstream/NOTES.md, "Lists"). */
export function sortOf(orderBy: SortInput | null | undefined): {
  readonly sortKey: 'create_at' | 'update_at';
  readonly sortDir: 'asc' | 'desc';
} {
  return {
    sortKey: orderBy?.field === SortField.UPDATED_AT ? 'update_at' : 'create_at',
    sortDir: orderBy?.direction === SortDirection.ASC ? 'asc' : 'desc',
  };
}
