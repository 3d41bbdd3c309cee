import { describe, expect, it } from 'vitest';
import { judgeServer } from '../../src/redis/connect.ts';

const info = (version: string, policy = 'noeviction', cluster = 0) =>
  `# Server\r\nredis_version:${version}\r\nmaxmemory_policy:${policy}\r\ncluster_enabled:${cluster}\r\n`;

describe('the look at a server at the start', () => {
  it.each([
    ['6.2.0', false],
    ['7.0.15', false],
    ['10.1.0', false],
    ['6.2.0', true],
    ['8.2.1', true],
  ])('is content with %s (cluster: %s)', (version, isCluster) => {
    expect(judgeServer(info(version, 'noeviction', isCluster ? 1 : 0), isCluster)).toEqual([]);
  });

  it.each([
    ['6.0.16', false, /6\.0\.16 is too old: 6\.2/],
    ['5.0.7', false, /too old/],
    ['6.0.16', true, /too old/],
  ])('warns of %s (cluster: %s)', (version, isCluster, warning) => {
    expect(judgeServer(info(version), isCluster)).toEqual([expect.stringMatching(warning)]);
  });

  it('warns of a policy that may drop keys', () => {
    expect(judgeServer(info('7.0.0', 'allkeys-lru'), false)).toEqual([
      expect.stringMatching(/allkeys-lru.*noeviction/),
    ]);
  });

  it('says nothing of what it cannot see', () => {
    expect(judgeServer('# Server\r\n', false)).toEqual([]);
  });

  it('refuses a node of a Cluster that is not named as one', () => {
    expect(() => judgeServer(info('7.0.0', 'noeviction', 1), false)).toThrow(/comma/);
  });
});
