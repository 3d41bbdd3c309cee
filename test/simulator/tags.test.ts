import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { call, type JsonBody, PROJECT, type Result, stoppedClock } from './simulator-caller.ts';

const clock = stoppedClock();
let simulator: Simulator;
let ids: readonly string[];

beforeAll(async () => {
  simulator = await startCheckedSimulator({ clock }, { requests: 'unless-refused' });
  ids = simulator.world.seed(3, { tags: [{ key: 'team', value: 'net' }] });
});
afterAll(() => simulator.close());

function search(body: object): Promise<Result> {
  const path = `/v1/${PROJECT}/endpoint/resource_instances/action`;
  return call(simulator.url, 'POST', path, { at: clock.now(), body });
}

async function found(body: object): Promise<readonly unknown[]> {
  const { json } = await search({ action: 'filter', ...body });
  return (json.resources as readonly JsonBody[]).map((row) => row.resource_id);
}

describe('a search by tags', () => {
  it('takes limit and offset as text and as numbers', async () => {
    expect(await found({ limit: '1', offset: '0' })).toEqual(ids.slice(0, 1));
    expect(await found({ limit: 2, offset: 0 })).toEqual(ids.slice(0, 2));
    expect(await found({ offset: 1 })).toEqual(ids.slice(1));
  });

  it.each<[object, string]>([
    [{ limit: 0 }, 'EndPoint.0006'],
    [{ limit: 1.5 }, 'EndPoint.0006'],
    [{ limit: 1001 }, 'EndPoint.0006'],
    [{ offset: -1 }, 'EndPoint.0010'],
    [{ offset: true }, 'EndPoint.0010'],
  ])('refuses %o', async (window, code) => {
    const answer = await search({ action: 'filter', ...window });
    expect([answer.status, answer.json.error_code]).toEqual([400, code]);
  });

  it('trims keys and values', async () => {
    expect(await found({ tags: [{ key: ' team ', values: [' net '] }] })).toEqual(ids);
    const twice = await search({ action: 'filter', tags: [{ key: 'team', values: ['net', ' net'] }] });
    expect([twice.status, twice.json.error_code]).toEqual([400, 'EndPoint.3071']);
  });

  it('matches part of a name, and nothing with an empty one', async () => {
    const [id = ''] = ids;
    const named = (value: string) => found({ matches: [{ key: 'resource_name', value }] });
    expect(await named(id.slice(4, 30).toUpperCase())).toEqual([id]);
    expect(await named('')).toEqual([]);
  });
});
