import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRecordsContract } from '../create/records.contract.ts';
import { eventLogContract } from '../events/event-log.contract.ts';
import { followContract } from '../events/follow/follower.contract.ts';
import { redisStores } from '../support/create-stores.ts';
import { ACL_LOGIN, ACL_PASSWORD, ACL_USER, applyDocumentedAcl } from '../support/documented-acl.ts';
import { redisLog } from '../support/event-logs.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedisSentinels } from '../support/redis-sentinels.ts';
import { type RedisServer, startRedis } from '../support/start-redis.ts';

let opened = 0;
const prefix = () => `vpcep-gateway:acl-${opened++}`;
const withLogin = (url: string) => url.replace('://', `://${ACL_LOGIN}@`);

describe('the documented user of one server', () => {
  let server: RedisServer;
  let operator: Redis;
  beforeAll(async () => {
    server = await startRedis();
    operator = new Redis(server.url);
    await applyDocumentedAcl(operator, 'server');
  });
  afterAll(async () => {
    operator.disconnect();
    await server.stop();
  });

  eventLogContract('redis, few rights', (clock) => redisLog(withLogin(server.url), clock, prefix()));
  followContract('redis, few rights', () => redisLog(withLogin(server.url), undefined, prefix()));
  createRecordsContract('redis, few rights', (now) => redisStores(withLogin(server.url), prefix(), now));

  it('may do nothing else', async () => {
    const user = new Redis(server.port, { username: ACL_USER, password: ACL_PASSWORD });
    await operator.set('foreign-key', 'secret');
    await expect(user.get('foreign-key')).rejects.toThrow(/NOPERM/);
    await expect(user.publish('foreign-key', 'x')).rejects.toThrow(/NOPERM/);
    await expect(user.subscribe('foreign-key')).rejects.toThrow(/NOPERM/);
    // The first wording is that of Redis up to 7.0, the second that of later ones and of Valkey.
    const refusal = /can.t access .*keys|No permissions to access a key/;
    await expect(user.eval("return redis.call('GET', 'foreign-key')", 0)).rejects.toThrow(refusal);
    for (const command of ['KEYS *', 'FLUSHALL', 'CONFIG GET *', 'ACL LIST', 'CLIENT LIST']) {
      const [name = '', ...args] = command.split(' ');
      await expect(user.call(name, ...args)).rejects.toThrow(/NOPERM/);
    }
    user.disconnect();
  });
});

it('the documented user of a Cluster can follow a log', async () => {
  const cluster = await startRedisCluster();
  onTestFinished(() => cluster.stop());
  for (const { operator } of cluster.nodes) await applyDocumentedAcl(operator, 'cluster');
  await expectBell(withLogin(cluster.url));
});

it('the documented users of Sentinels and their servers can follow a log', async () => {
  const redis = await startRedisSentinels();
  onTestFinished(() => redis.stop());
  for (const { operator } of redis.servers) await applyDocumentedAcl(operator, 'server');
  for (const { operator } of redis.sentinels) await applyDocumentedAcl(operator, 'sentinel');
  const sentinel = new URLSearchParams({ sentinelUsername: ACL_USER, sentinelPassword: ACL_PASSWORD });
  await expectBell(`${withLogin(redis.url)}?${sentinel}`, async () => {
    const clients = String(await redis.sentinels[0]?.operator.client('LIST')).split('\n');
    // A refusal by the Sentinels is silent, and would only delay the switch from an old primary.
    expect(clients.filter((client) => client.includes(' sub=1 ') && client.includes(`user=${ACL_USER}`))).toHaveLength(
      4,
    );
  });
});

/** A commit by one replica notifies another. */
async function expectBell(url: string, meanwhile?: () => Promise<void>): Promise<void> {
  const name = prefix();
  const [here, there] = [await redisLog(url, undefined, name), await redisLog(url, undefined, name)];
  onTestFinished(async () => {
    await Promise.all([here.close(), there.close()]);
  });
  const heard = new Promise<string>((resolve) => {
    void there.log
      .listen('p', (notification) => resolve(notification.kind))
      .then(async () => {
        const observations = [{ id: 'e1', status: 'creating', fields: {} }];
        await here.log.commit('p', { asOf: 1, observations, source: 'read', firstSight: 'transition' });
      });
  });
  expect(await heard).toBe('moved');
  await meanwhile?.();
}
