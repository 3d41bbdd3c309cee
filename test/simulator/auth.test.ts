import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { startCheckedSimulator } from '../support/contract/checked-simulator.ts';
import { type CallOptions, call, ENDPOINTS, PROJECT, type Result, stoppedClock } from './simulator-caller.ts';

const CREDENTIALS = [
  { ak: 'ONE', sk: 'sk-one' },
  { ak: 'TEMPORARY', sk: 'sk-two', securityToken: 'temporary-token' },
  { ak: 'ELSEWHERE', sk: 'sk-three', projectIds: ['other'] },
];
const ONE = { ak: 'ONE', sk: 'sk-one' };

let simulator: Simulator;
let clock: ReturnType<typeof stoppedClock>;

beforeEach(async () => {
  clock = stoppedClock();
  const tokens = [
    { token: 'good', projectId: PROJECT },
    { token: 'old', projectId: PROJECT, expiresAt: clock.now() },
    { token: 'other', projectId: 'other' },
  ];
  simulator = await startCheckedSimulator({ clock, credentials: CREDENTIALS, tokens }, { requests: 'unless-refused' });
});
afterEach(() => simulator.close());

function list(options: CallOptions = {}): Promise<Result> {
  return call(simulator.url, 'GET', ENDPOINTS, { at: clock.now(), ...options });
}

async function outcome(options: CallOptions): Promise<string> {
  const answer = await list(options);
  return answer.status === 200 ? '200' : `${answer.status} ${String(answer.json.error_code)}`;
}

describe('signed requests', () => {
  it('are accepted, also with a body hash, an unsigned payload or a project header', async () => {
    const hash = createHash('sha256').update('').digest('hex');
    for (const headers of [
      {},
      { 'x-sdk-content-sha256': hash },
      { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' },
      { 'x-project-id': PROJECT },
    ]) {
      expect(await outcome({ ...ONE, headers })).toBe('200');
    }
  });

  it('are refused in the form of the gateway, with its time and request id', async () => {
    const answer = await list({ ak: 'UNKNOWN' });
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      error_code: 'APIGW.0301',
      error_msg: 'Incorrect IAM authentication information: access key does not exist',
      request_id: answer.headers['x-request-id'],
    });
    expect(answer.headers.date).toBe('Thu, 15 May 2025 08:00:00 GMT');
  });

  it('are refused when any signed part is wrong, missing or changed', async () => {
    const refused: CallOptions[] = [
      { ...ONE, sk: 'wrong' },
      { ...ONE, tamper: { 'x-sdk-date': null } },
      { ...ONE, tamper: { 'content-type': 'text/plain' } },
      { ...ONE, tamper: { authorization: 'SDK-HMAC-SHA256 nonsense' } },
      { ...ONE, tamper: { authorization: null } },
      { ...ONE, headers: { 'x-sdk-content-sha256': '0'.repeat(64) } },
    ];
    for (const options of refused) expect(await outcome(options)).toBe('401 APIGW.0301');
  });

  it('expire 15 minutes off the clock, in either direction', async () => {
    for (const minutes of [-15, 15]) expect(await outcome({ ...ONE, at: clock.now() + minutes * 60_000 })).toBe('200');
    for (const seconds of [-901, 901]) {
      const answer = await list({ ...ONE, at: clock.now() + seconds * 1000 });
      expect([answer.status, answer.json.error_msg]).toEqual([401, expect.stringContaining('signature expired')]);
    }
  });

  it('need the token of a temporary credential', async () => {
    const temporary = { ak: 'TEMPORARY', sk: 'sk-two' };
    expect(await outcome(temporary)).toBe('401 APIGW.0301');
    expect(await outcome({ ...temporary, headers: { 'x-security-token': 'wrong' } })).toBe('401 APIGW.0301');
    expect(await outcome({ ...temporary, headers: { 'x-security-token': 'temporary-token' } })).toBe('200');
  });

  it('are limited to the projects of the credential and of the header', async () => {
    const foreign = await call(simulator.url, 'GET', '/v1/other/vpc-endpoints', { ...ONE, at: clock.now() });
    expect([foreign.status, foreign.json.error_code]).toEqual([403, 'APIGW.0310']);
    expect(await outcome({ ak: 'ELSEWHERE', sk: 'sk-three' })).toBe('403 APIGW.0310');
    expect(await outcome({ ...ONE, headers: { 'x-project-id': 'other' } })).toBe('403 APIGW.0310');
  });

  it('read the versions with any project header, as the official SDKs send one with every call', async () => {
    for (const path of ['/', '/v1']) {
      const answer = await call(simulator.url, 'GET', path, {
        ...ONE,
        at: clock.now(),
        headers: { 'x-project-id': PROJECT },
      });
      expect(answer.status).toBe(200);
    }
  });

  it('lock their key for 5 minutes after more than 5 bad ones in a row', async () => {
    const bad = { ak: 'ONE', sk: 'wrong' };
    for (let count = 0; count < 5; count += 1) await list(bad);
    expect(await outcome(ONE)).toBe('200');
    for (let count = 0; count < 6; count += 1) await list(bad);
    expect((await list(ONE)).json.error_msg).toContain('locked');
    clock.advance(5 * 60_000 - 1);
    expect(await outcome(ONE)).toBe('401 APIGW.0301');
    clock.advance(1);
    expect(await outcome(ONE)).toBe('200');
  });
});

describe('requests with a token', () => {
  it.each([
    ['good', '200'],
    ['unheard-of', '401 APIGW.0301'],
    ['old', '401 APIGW.0307'],
    ['other', '403 APIGW.0302'],
  ])('%s: %s', async (token, expected) => {
    expect(await outcome({ token })).toBe(expected);
  });
});

it('refuses unpublished paths and methods before authentication', async () => {
  for (const [method, path] of [
    ['GET', '/v1/x/nothing'],
    ['PUT', ENDPOINTS],
  ] as const) {
    const answer = await call(simulator.url, method, path, { token: 'unheard-of' });
    expect([answer.status, answer.json.error_code]).toEqual([404, 'APIGW.0101']);
    expect(answer.headers['x-request-id']).toBeDefined();
  }
});
