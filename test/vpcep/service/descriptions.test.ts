import { beforeEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../../src/vpcep/errors/upstream-error.ts';
import { ServiceDescriptions } from '../../../src/vpcep/service/descriptions.ts';
import type { DescribeServiceQuery, EndpointServiceDescription } from '../../../src/vpcep/service/model.ts';
import { parseServiceDescription } from '../../../src/vpcep/service/parse.ts';
import { upstreamError } from '../../support/fake-upstream.ts';

const description = (id: string) =>
  parseServiceDescription(JSON.stringify({ id }), { method: 'GET', status: 200, projectId: 'p' });

let now: number;
let asked: string[];
let answer: (id: string) => Promise<EndpointServiceDescription>;
let descriptions: ServiceDescriptions;

beforeEach(() => {
  now = 0;
  asked = [];
  answer = (id) => Promise.resolve(description(id));
  const describeService = (projectId: string, by: DescribeServiceQuery) => {
    const id = 'id' in by ? by.id : '';
    asked.push(`${projectId}/${id}`);
    return answer(id);
  };
  descriptions = new ServiceDescriptions({ client: { describeService }, now: () => now });
});

const read = (serviceId: string, projectId = 'p', share = 'me') => descriptions.read({ share, projectId, serviceId });

describe('descriptions', () => {
  test('are asked once a minute for each caller and project', async () => {
    await Promise.all([read('a'), read('a')]);
    now = 59_999;
    expect((await read('a'))?.id).toBe('a');
    expect(asked).toEqual(['p/a']);
    await read('a', 'q');
    await read('a', 'p', 'you');
    expect(asked).toEqual(['p/a', 'q/a', 'p/a']);
    now = 60_000;
    await read('a');
    expect(asked).toHaveLength(4);
  });

  test('are null and cached for what may not be read; another failure is thrown and not cached', async () => {
    answer = () => Promise.reject(upstreamError('not_found'));
    expect([await read('a'), await read('a')]).toEqual([null, null]);
    expect(asked).toHaveLength(1);
    answer = () => Promise.reject(upstreamError('unavailable'));
    await expect(read('b')).rejects.toBeInstanceOf(UpstreamError);
    answer = (id) => Promise.resolve(description(id));
    expect((await read('b'))?.id).toBe('b');
  });

  test('go out 8 at once for a project, in their order, and another project does not wait', async () => {
    const release: (() => void)[] = [];
    answer = (id) => new Promise((resolve) => release.push(() => resolve(description(id))));
    const reads = Array.from({ length: 10 }, (_, number) => read(`s${number}`));
    const other = read('a', 'q');
    expect(asked).toEqual([...Array.from({ length: 8 }, (_, number) => `p/s${number}`), 'q/a']);
    release[0]?.();
    await reads[0];
    await expect.poll(() => asked.at(-1)).toBe('p/s8');
    expect(asked).toHaveLength(10);
    for (let index = 1; index < 11; index += 1) {
      await expect.poll(() => release.length).toBeGreaterThan(index);
      release[index]?.();
    }
    await Promise.all([...reads, other]);
    expect(asked).toHaveLength(11);
  });

  test('are forgotten when there are too many, the least recently used first', async () => {
    await read('first');
    await read('second');
    for (let number = 0; number < 1_998; number += 1) await read(`s${number}`);
    await read('first');
    await read('one more');
    expect(asked).toHaveLength(2_001);
    await read('first');
    expect(asked).toHaveLength(2_001);
    await read('second');
    expect(asked).toHaveLength(2_002);
  });
});
