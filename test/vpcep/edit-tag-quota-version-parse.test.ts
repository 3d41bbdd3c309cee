import { describe, expect, it } from 'vitest';
import { MARK_TAG_KEY } from '../../src/vpcep/core/model.ts';
import { parseEditedEndpoint, parseRouteTables } from '../../src/vpcep/endpoint/parse.ts';
import { UpstreamError } from '../../src/vpcep/errors/upstream-error.ts';
import { parseQuotas } from '../../src/vpcep/quota.ts';
import { parseTaggedResources, parseTagValues, parseTotalCount } from '../../src/vpcep/tag/client.ts';
import { parseVersion } from '../../src/vpcep/version.ts';

const GET = { method: 'GET', status: 200, projectId: 'p-1' };
const PUT = { method: 'PUT', status: 200, projectId: 'p-1' };
const json = (body: unknown): string => JSON.stringify(body);

describe('parseEditedEndpoint', () => {
  it('keeps every digit, takes only what is there, and null for said', () => {
    const body = '{"status":"accepted","marker_id":422321321312321321,"description":null,"enable_whitelist":"true"}';
    const { id, rawStatus, fields } = parseEditedEndpoint(body, 'id-1', PUT) ?? expect.fail('no endpoint');
    expect({ id, rawStatus, fields }).toEqual({
      id: 'id-1',
      rawStatus: 'accepted',
      fields: { markerId: '422321321312321321', description: null, enableWhitelist: true },
    });
  });

  it('says nothing of an endpoint without a status, and calls what is no object a write of which nothing is known', () => {
    expect(parseEditedEndpoint('{"whitelist":[]}', 'id-1', PUT)).toBeNull();
    for (const body of ['', '[]', '<html>']) {
      expect(() => parseEditedEndpoint(body, 'id-1', PUT)).toThrow(
        expect.objectContaining({ name: UpstreamError.name, kind: 'malformed', outcome: 'unknown' }),
      );
    }
  });
});

describe('parseRouteTables', () => {
  it('reads failures in lists and alone, also without an id', () => {
    const error = [
      { bind_failed: [{ id: 'a', error_message: 'no' }, 'x'] },
      { unbind_failed: { error_msg: 'locked' }, bind_failed: null },
    ];
    expect(parseRouteTables(json({ routetables: ['b'], error }), PUT)).toEqual({
      routeTables: ['b'],
      failures: [
        { routeTableId: 'a', action: 'BIND', message: 'no' },
        { routeTableId: null, action: 'UNBIND', message: 'locked' },
      ],
    });
    expect(parseRouteTables('{}', PUT)).toEqual({ routeTables: null, failures: [] });
    expect(parseRouteTables(json({ error: { bind_failed: { id: 'a' } } }), PUT).failures).toHaveLength(1);
  });
});

describe('tags', () => {
  it('are read without the mark, empty values kept, rows without a key left out', () => {
    const tags = [{ key: 'a', values: ['', 'x', 7, null] }, { key: MARK_TAG_KEY, values: ['m'] }, { values: [] }, null];
    expect(parseTagValues(json({ tags }), GET)).toEqual([{ key: 'a', values: ['', 'x', '7'] }]);
    expect(parseTagValues(json({ tags: null }), GET)).toEqual([]);
  });

  it('of resources: rows without an id are left out', () => {
    const resources = [
      { resource_id: 'r1', resource_name: null, resource_detail: null, tags: [{ key: MARK_TAG_KEY, value: 'm' }] },
      { resource_name: 'x' },
    ];
    expect(parseTaggedResources(json({ resources, total_count: '9' }), GET)).toEqual({
      resources: [{ resourceId: 'r1', resourceName: null, tags: [], resourceDetail: null }],
      totalCount: 9,
    });
    expect(parseTaggedResources(json({ total_count: 0 }), GET).resources).toEqual([]);
    expect(() => parseTaggedResources('{}', GET)).toThrow(UpstreamError);
    expect(parseTotalCount('{"total_count":3}', GET)).toBe(3);
    expect(() => parseTotalCount('{"total_count":null}', GET)).toThrow(UpstreamError);
  });
});

describe('quotas and versions', () => {
  it('are read whatever is missing', () => {
    const resources = [{ type: 'endpoint', used: '51', quota: 50 }, { type: 'new_kind', used: -1 }, { quota: 1 }, null];
    expect(parseQuotas(json({ quotas: { resources } }), GET)).toEqual([
      { type: 'ENDPOINT', rawType: 'endpoint', used: 51, limit: 50 },
      { type: 'UNKNOWN', rawType: 'new_kind', used: null, limit: null },
    ]);
    expect(parseQuotas('{"quotas":null}', GET)).toEqual([]);
    expect(parseVersion('{"version":{"id":"v1","status":"BETA","links":null}}', GET)).toEqual({
      id: 'v1',
      status: 'UNKNOWN',
      rawStatus: 'BETA',
      updatedAt: null,
      version: null,
      minVersion: null,
      links: [],
    });
    expect(() => parseVersion('{"version":null}', GET)).toThrow(UpstreamError);
  });
});
