import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionOf, decodeCursor, encodeCursor, pageWindow } from '../../../src/graphql/core/pagination.ts';
import { InputError } from '../../../src/graphql/errors/gateway-errors.ts';

describe('cursors', () => {
  it('come back as they went out', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (index) => {
        expect(decodeCursor(encodeCursor(index))).toBe(index);
      }),
    );
  });

  it('are taken only as they were given out', () => {
    const same = (cursor: string) =>
      decodeCursor(cursor) === null || encodeCursor(decodeCursor(cursor) ?? -1) === cursor;
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), same));
    for (const text of ['row:-1', 'row:1.5', 'row:01', 'row:', 'row: 1', 'row:1e3', 'row:9007199254740993', 'xow:1']) {
      expect(decodeCursor(Buffer.from(text).toString('base64url'))).toBeNull();
    }
    expect(decodeCursor(`${encodeCursor(7)}=`)).toBeNull();
    expect(decodeCursor('')).toBeNull();
  });
});

describe('pageWindow', () => {
  it('starts at the top with 20 rows', () => {
    expect(pageWindow({})).toEqual({ limit: 20, offset: 0 });
    expect(pageWindow({ first: null, after: null })).toEqual({ limit: 20, offset: 0 });
  });

  it('goes on behind the cursor', () => {
    expect(pageWindow({ first: 100, after: encodeCursor(41) })).toEqual({ limit: 100, offset: 42 });
  });

  it('reports every fault', () => {
    expect.assertions(2);
    try {
      pageWindow({ first: 101, after: 'nonsense' });
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({
        issues: [
          { path: 'first', rule: 'range' },
          { path: 'after', rule: 'cursor' },
        ],
      });
    }
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses first: %d', (first) => {
    expect(() => pageWindow({ first })).toThrow(InputError);
  });
});

describe('connectionOf', () => {
  it('walks a list of any length in pages of any size, each row once', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 100 }), (total, first) => {
        const rows = Array.from({ length: total }, (_, index) => index);
        const seen: number[] = [];
        let after: string | null = null;
        let more = true;
        while (more) {
          const { limit, offset } = pageWindow({ first, after });
          const page = connectionOf(rows.slice(offset, offset + limit), total, offset);
          expect(page.edges.map((edge) => edge.node)).toEqual(page.nodes);
          expect(page.pageInfo.hasPreviousPage).toBe(offset > 0);
          seen.push(...page.nodes);
          after = page.pageInfo.endCursor;
          more = page.pageInfo.hasNextPage;
        }
        expect(seen).toEqual(rows);
      }),
    );
  });

  it('ends on an empty page, whatever the count says', () => {
    const { edges, nodes, pageInfo, totalCount } = connectionOf([], 10, 5);
    expect({ edges, nodes, pageInfo, totalCount }).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
      totalCount: 10,
    });
  });
});
