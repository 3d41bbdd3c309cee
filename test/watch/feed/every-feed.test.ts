/** What the feeds of all kinds of resources promise, held against each of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { EVERY_FEED } from '../../support/every-feed.ts';
import { brief } from '../../support/graphql-client.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';
import { startRedis } from '../../support/start-redis.ts';
import { dumpRedis } from '../poll/redis-dump.ts';

const NOWHERE = '11111111-2222-4333-8444-555555555555';
/** Of no log. */
const LOST = '0123456789ab:3';

let simulator: Simulator;
let gateway: Gateway;

beforeAll(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator);
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

describe.concurrent.each(EVERY_FEED)('$name', ({ words, ends, in: make }) => {
  const [first, second, third] = words;

  it('gives the state and then every transition in order, and goes on behind any cursor', async ({ expect }) => {
    const followed = make(simulator.world);
    const feed = followed.follow(gateway.url);
    const snapshot = await feed.next();
    expect(snapshot).toMatchObject({ kind: 'SNAPSHOT', rawStatus: first, previousRawStatus: null, more: false });
    expect(snapshot?.settled).toBe(false);
    followed.move(second);
    const transition = { kind: 'TRANSITION', rawStatus: second, previousRawStatus: first, more: false, settled: true };
    expect(await feed.next()).toMatchObject(transition);
    followed.move(third);
    const last = await feed.next();
    expect(last).toMatchObject({ ...transition, rawStatus: third, previousRawStatus: second });
    const versions = feed.seen.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    await feed.close();

    const whole = followed.follow(gateway.url, { after: snapshot?.cursor ?? '' });
    const again = [await whole.next(), await whole.next()];
    expect(again.map((event) => [event?.kind, event?.rawStatus, event?.version, event?.cursor])).toEqual(
      feed.seen.slice(1).map(({ kind, rawStatus, version, cursor }) => [kind, rawStatus, version, cursor]),
    );
    const end = followed.follow(gateway.url, { after: last?.cursor ?? '' });
    followed.move(first);
    for (const one of [whole, end]) {
      expect(await one.next()).toMatchObject({ kind: 'TRANSITION', rawStatus: first, previousRawStatus: third });
      await one.close();
    }
  });

  it('shows a deletion, with nothing of what is gone', async ({ expect }) => {
    const followed = make(simulator.world);
    const feed = followed.follow(gateway.url);
    await feed.next();
    followed.remove();
    const event = await feed.next();
    expect(event).toMatchObject({ kind: 'TRANSITION', status: 'DELETED', previousRawStatus: first, settled: true });
    expect(Object.values(event ?? {})).toContain(null);
    if (ends) expect(await feed.next()).toBeNull();
    await feed.close();
  });

  it('gives the state as RESYNC behind a cursor that is lost, and goes on', async ({ expect }) => {
    const followed = make(simulator.world);
    const known = followed.follow(gateway.url);
    await known.next();
    const feeds = [LOST, 'restart'].map((after) => followed.follow(gateway.url, { after }));
    for (const feed of feeds) {
      expect(await feed.next()).toMatchObject({ kind: 'RESYNC', rawStatus: first, more: false });
    }
    followed.move(second);
    for (const feed of [known, ...feeds]) {
      expect(await feed.next()).toMatchObject({ kind: 'TRANSITION', rawStatus: second, previousRawStatus: first });
      await feed.close();
    }
  });

  it('refuses what is no cursor', async ({ expect }) => {
    const feed = make(simulator.world).follow(gateway.url, { after: 'yesterday' });
    await expect(feed.next()).rejects.toThrow(/BAD_USER_INPUT/);
    await feed.close();
  });
});

describe.concurrent.each(EVERY_FEED.filter(({ ends }) => ends))('$name', ({ words, in: make }) => {
  const [, second, third] = words;

  it('ends when the state is settled, or else when it is deleted', async ({ expect }) => {
    const followed = make(simulator.world);
    const settled = followed.follow(gateway.url, { until: 'SETTLED' });
    const deleted = followed.follow(gateway.url);
    const start = (await settled.next())?.cursor ?? '';
    await deleted.next();
    followed.move(second);
    expect((await settled.rest()).map(({ rawStatus }) => rawStatus)).toEqual([second]);
    followed.move(third);
    await deleted.until(({ rawStatus }) => rawStatus === third);
    expect((await followed.follow(gateway.url, { until: 'SETTLED' }).rest()).map(({ kind }) => kind)).toEqual([
      'SNAPSHOT',
    ]);
    const late = await followed.follow(gateway.url, { until: 'SETTLED', after: start }).rest();
    expect(late.map(({ kind, rawStatus }) => [kind, rawStatus])).toEqual([
      ['TRANSITION', second],
      ['TRANSITION', third],
    ]);
    followed.remove();
    expect(brief(await deleted.rest())).toEqual(['TRANSITION DELETED']);
  });
});

/** One of a project that does not exist may still come: only these must exist. */
const NEED_ONE = EVERY_FEED.filter(({ ends, kind }) => ends || kind === 'connections');

describe.each([
  ['in this process', false],
  ['in Redis', true],
] as const)('what does not exist, the log %s', (_where, inRedis) => {
  it.each(NEED_ONE)('is NOT_FOUND for $name with any cursor, and leaves nothing behind', async (one) => {
    const redis = inRedis ? await startRedis() : undefined;
    const own = await startTestGateway(simulator, { env: redis === undefined ? {} : { REDIS_URL: redis.url } });
    try {
      for (const more of [{}, { after: 'restart' }, { after: LOST }]) {
        const feed = one.in(simulator.world, NOWHERE).follow(own.url, more);
        await expect(feed.next()).rejects.toThrow(/NOT_FOUND/);
        await feed.close();
      }
      await expect.poll(() => Object.values(own.held()).every((count) => count === 0)).toBe(true);
      const keys = redis === undefined ? [] : await dumpRedis(redis.url);
      expect(keys.filter((key) => key.includes(`/${one.kind}`))).toEqual([]);
    } finally {
      await own.close();
      await redis?.stop();
    }
  });
});
