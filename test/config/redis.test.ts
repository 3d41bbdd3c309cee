import { describe, expect, it } from 'vitest';
import { RedisUrl } from '../../src/config/redis.ts';
import { revealed } from '../support/revealed.ts';

const open = { username: undefined, password: undefined };
const node = (host: string, port = 6379) => ({ host, port });

describe('REDIS_URL for one server', () => {
  const single = { kind: 'single', node: node('cache'), database: 0, login: open, tls: false };
  it.each([
    ['redis://cache', single],
    ['redis://cache/', single],
    ['rediss://cache', { ...single, tls: true }],
    ['redis://cache:7000/2', { ...single, node: node('cache', 7000), database: 2 }],
    ['redis://:pw@cache', { ...single, login: { username: undefined, password: 'pw' } }],
    ['redis://me:p%40%2C%2F@cache', { ...single, login: { username: 'me', password: 'p@,/' } }],
    ['redis://[::1]:7000', { ...single, node: node('::1', 7000) }],
  ])('%s', (url, target) => {
    expect(revealed(RedisUrl.parse(url))).toEqual(target);
  });
});

describe('REDIS_URL for a Cluster', () => {
  const cluster = { kind: 'cluster', nodes: [node('a', 7000), node('b')], login: open, tls: false };
  it.each([
    ['redis://a:7000,b', cluster],
    ['redis://a:7000, redis://b', cluster],
    ['redis://a:7000,b/0', cluster],
    ['rediss://a:7000,rediss://b', { ...cluster, tls: true }],
    ['redis://me:pw@a:7000,b', { ...cluster, login: { username: 'me', password: 'pw' } }],
    ['redis://me:pw@a:7000,redis://me:pw@b', { ...cluster, login: { username: 'me', password: 'pw' } }],
    ['redis://one,', { ...cluster, nodes: [node('one')] }],
  ])('%s', (url, target) => {
    expect(revealed(RedisUrl.parse(url))).toEqual(target);
  });
});

describe('REDIS_URL for Sentinel', () => {
  const sentinel = {
    kind: 'sentinel',
    sentinels: [node('a', 26_379), node('b', 5000)],
    primary: 'main',
    database: 0,
    login: open,
    sentinelLogin: open,
    tls: false,
  };
  it.each([
    ['redis+sentinel://a,b:5000/main', sentinel],
    ['redis+sentinel://a,redis+sentinel://b:5000/main', sentinel],
    ['redis+sentinel://a/main', { ...sentinel, sentinels: [node('a', 26_379)] }],
    ['rediss+sentinel://a,b:5000/main/3', { ...sentinel, tls: true, database: 3 }],
    [
      'redis+sentinel://me:pw@a,b:5000/main?sentinelUsername=s&sentinelPassword=p%26q',
      { ...sentinel, login: { username: 'me', password: 'pw' }, sentinelLogin: { username: 's', password: 'p&q' } },
    ],
  ])('%s', (url, target) => {
    expect(revealed(RedisUrl.parse(url))).toEqual(target);
  });
});

describe('REDIS_URL that is refused', () => {
  it.each([
    ['http://u:hunter2@cache', /must have the form redis:/],
    ['redis://', /must name each server/],
    ['redis://:hunter2@', /must name each server/],
    ['redis://cache:hunter2', /must name each server/],
    ['redis://u:hunter2%@cache', /must name each server/],
    ['redis://u:hunter2/@cache', /./],
    ['redis://u:hunter2@cache/two', /must have the form/],
    ['redis://u:hunter2@cache?db=2', /must not have a query/],
    ['redis://u:hunter2@cache#x', /must not have a query/],
    ['redis://u:hunter2@a,rediss://b', /must not mix/],
    ['redis://u:hunter2@a,redis+sentinel://b/main', /must not mix/],
    ['redis://u:hunter2@a,u:hunter3@b', /same user and password/],
    ['redis://a,u:hunter2@b', /same user and password/],
    ['redis://u:hunter2@a,b/1', /only database 0/],
    ['redis+sentinel://u:hunter2@a', /primary-name/],
    ['redis+sentinel://u:hunter2@a/main/x', /primary-name/],
    ['redis+sentinel://u:hunter2@a/main?password=hunter2', /must not have a query/],
  ])('%s', (url, rule) => {
    const { error } = RedisUrl.safeParse(url);
    expect(error?.issues).toEqual([expect.objectContaining({ message: expect.stringMatching(rule) })]);
    expect(JSON.stringify(error?.issues)).not.toMatch(/hunter/);
  });

  it.each(['#', '?'])('names %s among the characters to escape in a password', (char) => {
    const { error } = RedisUrl.safeParse(`redis://u:hunter2${char}x@cache`);
    expect(error?.issues[0]?.message).toContain(encodeURIComponent(char));
    expect(revealed(RedisUrl.parse(`redis://u:a${encodeURIComponent(char)}b@cache`))).toMatchObject({
      login: { username: 'u', password: `a${char}b` },
    });
  });
});
