import { describe, expect, it } from 'vitest';
import { parseConnectionPage, parseConnections } from '../../../src/vpcep/connection/client.ts';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';
import { parsePermissionPage, parsePermissionStrings, parsePermissions } from '../../../src/vpcep/permission/client.ts';

const READ = { method: 'GET', status: 200, projectId: 'p-1' };
const WRITE = { method: 'POST', status: 200, projectId: 'p-1' };
const ROW = {
  id: 'e-1',
  marker_id: 302000001,
  created_at: '2018-09-17T07:28:31Z',
  updated_at: '2018-09-17T07:28:33',
  domain_id: '5fc973eea581490997e82ea11a1df31f',
  error: [],
  status: 'accepted',
  description: 'for the shop',
};

describe('connections', () => {
  it('are read with every digit, and times with and without a zone', () => {
    const body = JSON.stringify({ connections: [ROW], total_count: 7 }).replace('302000001', '422321321312321321');
    expect(parseConnectionPage(body, READ)).toEqual({
      connections: [
        {
          endpointId: 'e-1',
          status: 'ACCEPTED',
          rawStatus: 'accepted',
          markerId: '422321321312321321',
          domainId: '5fc973eea581490997e82ea11a1df31f',
          description: 'for the shop',
          createdAt: '2018-09-17T07:28:31Z',
          updatedAt: '2018-09-17T07:28:33Z',
          faults: [],
        },
      ],
      totalCount: 7,
    });
  });

  it('come with what there is: any field may be missing, null or of another type', () => {
    const odd: readonly unknown[] = [undefined, null, 17, true, {}, [], 'word', [null], ['x'], { error_code: 'E' }];
    for (const field of Object.keys(ROW).filter((name) => name !== 'id')) {
      for (const value of odd) {
        const body = JSON.stringify({ connections: [{ ...ROW, [field]: value }], total_count: '1' });
        const { connections, totalCount } = parseConnectionPage(body, READ);
        expect([connections[0]?.endpointId, totalCount]).toEqual(['e-1', 1]);
        expect(connections[0]?.rawStatus).toMatch(/./);
      }
    }
  });

  it('leave rows out that have no id', () => {
    const body = JSON.stringify({ connections: [null, 'x', {}, { id: ' ' }, ROW] });
    const { connections, totalCount } = parseConnectionPage(body, READ);
    expect([connections.map(({ endpointId }) => endpointId), totalCount]).toEqual([['e-1'], 5]);
  });

  it('are no empty page when the list is missing, but nothing to show after a write', () => {
    expect(() => parseConnectionPage('{"total_count":3}', READ)).toThrow(UpstreamError);
    expect(parseConnectionPage('{"total_count":0}', READ)).toEqual({ connections: [], totalCount: 0 });
    expect(parseConnections('{}', WRITE)).toEqual([]);
    expect(() => parseConnections('done', WRITE)).toThrow(expect.objectContaining({ outcome: 'unknown' }));
  });
});

describe('permissions', () => {
  const permission = { id: 'p-1', permission: 'iam:domain::a', permission_type: 'domainId', description: '' };

  it('come with what there is', () => {
    const full = { ...permission, created_at: '2018-10-18T13:26:40Z' };
    const rows = parsePermissions(JSON.stringify({ permissions: [full, { id: 2 }, {}] }), WRITE);
    expect(rows).toEqual([
      {
        id: 'p-1',
        permission: 'iam:domain::a',
        rawPermissionType: 'domainId',
        description: '',
        createdAt: '2018-10-18T13:26:40Z',
      },
      { id: '2', permission: '', rawPermissionType: null, description: null, createdAt: null },
    ]);
    expect(parsePermissionPage(JSON.stringify({ permissions: [full], total_count: 900 }), READ).totalCount).toBe(900);
  });

  it('are strings in the answer of the older call', () => {
    expect(parsePermissionStrings('{"permissions":["*",null,"iam:domain::a"]}', WRITE)).toEqual(['*', 'iam:domain::a']);
    expect(parsePermissionStrings('{}', WRITE)).toEqual([]);
    expect(() => parsePermissionStrings('[]', WRITE)).toThrow(UpstreamError);
  });
});
