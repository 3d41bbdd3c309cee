/** REDIS_URL: reached, version, memory policy, rights, clock. */
import { randomUUID } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import type { RedisNode, RedisTarget } from '../../config/redis.ts';
import { createLogger } from '../../observability/logger.ts';
import { connectRedis, type RedisConnections } from '../../redis/connect.ts';
import { RIGHT_POLICY, readInfo, reasonOf } from '../../redis/redis-health.ts';
import { judgeClock } from './clock-check.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const DOCUMENT = 'docs/operations/redis.md';
const ACL_MEND = `Give the user the ACL of ${DOCUMENT}`;

/** The first that fits a failed connection. */
const CONNECTION_MENDS: readonly (readonly [RegExp, string])[] = [
  [/WRONGPASS|NOAUTH|without any password/, 'Correct user and password in REDIS_URL'],
  [/NOPERM/, ACL_MEND],
  [/certificate|self.signed|altname/i, 'Name the CA in NODE_EXTRA_CA_CERTS, and use a host name of the certificate'],
  [/is a node of a Redis Cluster/, `The forms of REDIS_URL are in ${DOCUMENT}`],
  [/ENOTFOUND|EAI_AGAIN/, 'Correct the host in REDIS_URL, or its DNS entry'],
];
const UNREACHABLE_MEND = 'Start Redis, correct host and port in REDIS_URL, or open the firewall; rediss:// is for TLS';

export async function checkRedis(target: RedisTarget, timeoutMs: number): Promise<readonly Finding[]> {
  let connections: RedisConnections;
  try {
    const times = { connectTimeoutMs: timeoutMs, commandTimeoutMs: timeoutMs };
    connections = await connectRedis({ target, logger: createLogger('silent'), ...times });
  } catch (error) {
    const reason = reasonOf(error);
    const mend = CONNECTION_MENDS.find(([pattern]) => pattern.test(reason))?.[1] ?? UNREACHABLE_MEND;
    return [fail('redis', reason, mend)];
  }
  try {
    const { commands, subscriber } = connections;
    const servers = commands instanceof Cluster ? commands.nodes('master') : [commands];
    const rights = new Rights(subscriber, target);
    return [
      ok('redis', `reached ${nameOf(target, servers.length)}`),
      ...(await infoFindings(servers)),
      ...(await rights.findings(servers)),
      ...(await clockFindings(servers)),
    ];
  } finally {
    await connections.close();
  }
}

function nameOf(target: RedisTarget, primaries: number): string {
  const address = ({ host, port }: RedisNode) => `${host}:${port}`;
  if (target.kind === 'single') return address(target.node);
  if (target.kind === 'sentinel')
    return `the primary of ${target.primary} by ${target.sentinels.map(address).join(', ')}`;
  return `a Cluster of ${primaries} primaries by ${target.nodes.map(address).join(', ')}`;
}

async function infoFindings(servers: readonly Redis[]): Promise<readonly Finding[]> {
  const texts = await Promise.all(servers.map((server) => server.info().catch(() => null)));
  const infos = texts.map((text) => (text === null ? undefined : readInfo(text)));
  const listed = (values: readonly (string | undefined)[]) =>
    [...new Set(values)].map((one) => one ?? 'unknown').join(', ');
  const versions = listed(infos.map((info) => info?.version));
  const policies = listed(infos.map((info) => info?.policy));
  const findings: Finding[] = [];
  if (infos.some((info) => info?.isTooOld)) {
    findings.push(fail('redis version', versions, 'Use Redis 6.2 or newer, or Valkey'));
  } else if (infos.some((info) => info?.version === undefined)) {
    findings.push(warn('redis version', versions, `Make sure that it is 6.2 or newer. The right to INFO shows it`));
  } else findings.push(ok('redis version', versions));
  if (policies === RIGHT_POLICY) findings.push(ok('redis memory policy', policies));
  else {
    const mend = `Set maxmemory-policy ${RIGHT_POLICY}: any other may drop parts of the event log when memory is short`;
    findings.push(warn('redis memory policy', policies, mend));
  }
  return findings;
}

async function clockFindings(servers: readonly Redis[]): Promise<readonly Finding[]> {
  const offsets = await Promise.all(
    servers.map(async (server) => {
      const begun = Date.now();
      // Refused: the rights say so.
      const time = await server.time().catch(() => null);
      return time === null ? [] : [(begun + Date.now()) / 2 - (Number(time[0]) * 1000 + Number(time[1]) / 1000)];
    }),
  );
  const [worst] = offsets.flat().sort((a, b) => Math.abs(b) - Math.abs(a));
  return worst === undefined ? [] : [judgeClock('Redis', worst)];
}

/**
 * Sends every command of docs/operations/redis.md once, because asking with ACL DRYRUN would need a right that the gateway
 * does not need. Redis checks rights before types and slots, so one key that lives for some seconds is enough: all other errors mean
 * that the command is allowed.
 */
class Rights {
  readonly #subscriber: Redis;
  readonly #commands: readonly (readonly [name: string, ...args: string[]])[];
  readonly #key = `vpcep-gateway:check:${randomUUID()}`;
  /** As an ACL names them. */
  readonly #refused = new Set<string>();
  readonly #writeFaults = new Set<string>();

  constructor(subscriber: Redis, target: RedisTarget) {
    this.#subscriber = subscriber;
    const key = this.#key;
    this.#commands = [
      ['ping'],
      ['info'],
      ['time'],
      ['set', key, '1', 'PX', '10000'],
      ['get', key],
      ['incrby', key, '1'],
      ['expire', key, '10'],
      ['pexpire', key, '10000'],
      ['pttl', key],
      ['eval', 'return 1', '1', key],
      ['evalsha', '0'.repeat(40), '1', key],
      ['hget', key, 'f'],
      ['hset', key, 'f', '1'],
      ['hmget', key, 'f'],
      ['hgetall', key],
      ['hdel', key, 'f'],
      ['xadd', key, 'NOMKSTREAM', '*', 'f', '1'],
      ['xrange', key, '-', '+', 'COUNT', '1'],
      ['xrevrange', key, '+', '-', 'COUNT', '1'],
      ['zadd', key, '1', 'm'],
      ['zrange', key, '0', '0'],
      ['zrem', key, 'm'],
      ['zremrangebyscore', key, '0', '0'],
      ['publish', key, ''],
      ...(target.kind === 'cluster'
        ? ([['readonly'], ['readwrite'], ['asking']] as const)
        : ([['select', String(target.database)]] as const)),
      ['del', key],
    ];
  }

  async findings(servers: readonly Redis[]): Promise<readonly Finding[]> {
    for (const server of servers) {
      const sent = this.#commands.map(([name, ...args]) => this.#note(name, server.call(name, ...args)));
      await Promise.all(sent);
    }
    await this.#note('subscribe', this.#subscriber.subscribe(this.#key));
    await this.#note('unsubscribe', this.#subscriber.unsubscribe(this.#key));
    const findings = [...this.#writeFaults].map((fault) =>
      fail(
        'redis writes',
        fault,
        'Name the primary in REDIS_URL, or the Sentinels that know it; or give Redis memory and disk',
      ),
    );
    if (this.#refused.size === 0) return [...findings, ok('redis rights', 'all that the gateway needs')];
    return [...findings, fail('redis rights', `without ${[...this.#refused].join(' ')}`, ACL_MEND)];
  }

  async #note(name: string, sent: Promise<unknown>): Promise<void> {
    try {
      await sent;
    } catch (error) {
      const reason = reasonOf(error);
      if (!reason.startsWith('NOPERM')) {
        if (name === 'set' && /^(?:READONLY|OOM|MISCONF|NOREPLICAS)/.test(reason)) this.#writeFaults.add(reason);
      } else if (/\bchannels?\b/.test(reason)) this.#refused.add('&vpcep-gateway:*');
      else if (/\bkeys?\b/.test(reason)) this.#refused.add('~vpcep-gateway:*');
      else this.#refused.add(`+${name}`);
    }
  }
}
