import { Redis } from 'ioredis';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observability/logger.ts';
import { Secret } from '../../src/shared/secret.ts';

const S = 'hunter2-hunter2';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('trace', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

function circular(): object {
  const one: Record<string, unknown> = { password: S };
  one.self = one;
  return one;
}

function throwing(): object {
  return {
    get url(): string {
      throw new Error(S);
    },
  };
}

const withMembers = (message: string, members: object): Error => Object.assign(new Error(message), members);

const HOSTILE: readonly (readonly [string, object])[] = [
  ['headers', { headers: { Authorization: `Bearer ${S}`, 'X-Auth-Token': S, 'x-security-token': S, cookie: S } }],
  ['headers as names and values', { rawHeaders: ['accept', '*/*', 'X-Auth-Token', S, 'authorization', S] }],
  ['headers as pairs', { headers: [['x-subject-token', S]] }],
  ['a Headers object', { headers: new Headers({ authorization: S }) }],
  ['a Map', { map: new Map([['sk', S]]) }],
  ['names of all kinds', { ak: S, sk: S, security_token: S, secretKey: S, sentinelPassword: S, METRICS_TOKEN: S }],
  ['a secret that lies deep', { a: { b: { c: { d: { e: [{ password: S }] } } } } }],
  ['a Secret', { value: new Secret(S), list: [new Secret(S)] }],
  ['an address', { url: `rediss://me:${S}@cache:6379/0`, error: new URL(`https://${S}@example.com`) }],
  ['a connection_init', { payload: { authorization: `Bearer ${S}` }, text: `{"x-auth-token":"${S}"}` }],
  ['bytes', { body: Buffer.from(S) }],
  ['an object that holds itself', circular()],
  ['an object that cannot be read', throwing()],
  ['a failed command', { err: withMembers('WRONGPASS', { command: { name: 'auth', args: ['me', S] } }) }],
  ['an error with a request', { err: withMembers('failed', { request: { headers: { a: S } }, token: S }) }],
  [
    'a chain of errors',
    { err: new Error('outer', { cause: new Error(`inner redis://:${S}@cache`, { cause: { sk: S } }) }) },
  ],
  ['many errors', { err: new AggregateError([new Error(`password=${S}`), { token: S }], `Bearer ${S}`) }],
  ['a signature', { err: new Error(`SDK-HMAC-SHA256 Access=${S}, SignedHeaders=host, Signature=${S}`) }],
];

describe('no secret is written', () => {
  it.each(HOSTILE)('of %s', (_, object) => {
    const error = 'err' in object && object.err instanceof Error ? object.err : new Error('plain', { cause: object });
    const text = logged((logger) => {
      logger.info(object, 'as an object');
      logger.child(object).info('as bindings');
      logger.error({ err: error });
      logger.error(error);
      logger.error(error, 'an error %s', error.message);
      logger.warn('as arguments %o %s', object, JSON.stringify({ password: S }));
    });
    expect(text).not.toContain(S);
    expect(text.trim().split('\n')).toHaveLength(6);
    for (const line of text.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
  });

  it('of what the libraries throw', async () => {
    const redis = new Redis({ host: '127.0.0.1', port: 9, password: S, lazyConnect: true, retryStrategy: null });
    redis.on('error', () => {});
    const errors = await Promise.all([
      redis.auth('me', S).catch((error: unknown) => error),
      request('http://127.0.0.1:9/', { headers: { authorization: S } }).catch((error: unknown) => error),
      request(`http://me:${S}@127.0.0.1:9/`).catch((error: unknown) => error),
      request('http://127.0.0.1:9/', { headers: { 'x-auth-token': `${S}\n` } }).catch((error: unknown) => error),
    ]);
    redis.disconnect();
    for (const error of errors) expect(error).toBeInstanceOf(Error);
    expect(
      logged((logger) => {
        for (const error of errors) logger.error({ err: error }, 'failed');
      }),
    ).not.toContain(S);
  });
});

it('text without secrets stays readable', () => {
  const error = withMembers('no such endpoint', { kind: 'not_found', status: 404, requestId: 'r-1' });
  const line = logged((logger) =>
    logger.info(
      { err: error, project: 'p1', at: '10:15', url: 'http://127.0.0.1:4000', list: [1, 'two'] },
      'done: all',
    ),
  );
  expect(JSON.parse(line)).toMatchObject({
    msg: 'done: all',
    project: 'p1',
    at: '10:15',
    url: 'http://127.0.0.1:4000',
    list: [1, 'two'],
    err: {
      type: 'Error',
      message: 'no such endpoint',
      kind: 'not_found',
      status: 404,
      requestId: 'r-1',
      stack: expect.stringContaining('logger.test.ts'),
    },
  });
});

it('a client’s text cannot begin a line of its own, nor command a terminal', () => {
  const text = logged((logger) =>
    logger.info({ operation: 'a\n{"level":60,"msg":"forged"}\r\u001b[2J\u009b2J\u2028x\u202e' }, 'operation \n\u009b'),
  );
  expect(text.trimEnd()).toMatch(/^[\u0020-\u007e]+$/);
  expect(JSON.parse(text).operation).toContain('forged');
});

it('huge objects and texts are cut', () => {
  let wide: object = {};
  for (let depth = 0; depth < 9; depth++)
    wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`m${i}`, wide]));
  const text = logged((logger) =>
    logger.info({ wide, long: 'x'.repeat(1_000_000), bearer: `${'a'.repeat(100_000)}://` }, 'cut'),
  );
  expect(text.length).toBeLessThan(500_000);
});
