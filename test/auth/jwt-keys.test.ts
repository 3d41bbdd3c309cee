import type { JSONWebKeySet } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationUnavailableError } from '../../src/auth/authenticator.ts';
import { JwtKeys } from '../../src/auth/jwt-keys.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
const FRESH = { behind: 60_000, wait: 600_000 };
const key = (x: string) => ({ kty: 'OKP', crv: 'Ed25519', x });

let time: number;
let published: JSONWebKeySet | Error;
let asked: number;
let troubles: (string | null)[];
let keys: JwtKeys;

beforeEach(() => {
  time = 1_000;
  published = { keys: [key('one')] };
  asked = 0;
  troubles = [];
  keys = new JwtKeys({
    fetch: async () => {
      asked++;
      if (published instanceof Error) throw published;
      return published;
    },
    elapsed: () => time,
    onTrouble: (error) => void troubles.push(error?.message ?? null),
  });
});

describe('while the issuer answers', () => {
  it('asks when nothing is known, once for all who wait', async () => {
    const [one, two] = await Promise.all([keys.current(FRESH), keys.current(FRESH)]);
    expect(one).toBe(two);
    expect(one.thumbprints.size).toBe(1);
    expect(asked).toBe(1);
  });

  it('asks behind the callers when keys are old, and before them when they are very old', async () => {
    const first = await keys.current(FRESH);
    time += 59_999;
    expect(await keys.current(FRESH)).toBe(first);
    expect(asked).toBe(1);
    time += 1;
    expect(await keys.current(FRESH)).toBe(first);
    await until(async () => (await keys.current(FRESH)) !== first, 'new keys');
    const second = await keys.current(FRESH);
    expect(asked).toBe(2);
    time += 600_000;
    published = { keys: [key('two')] };
    expect((await keys.current(FRESH)).thumbprints).not.toEqual(second.thumbprints);
    expect(asked).toBe(3);
  });

  it('looks for an unknown key at once, but only every 10 s', async () => {
    const first = await keys.current(FRESH);
    const second = await keys.newerThan(first);
    expect(second).not.toBe(first);
    // Somebody else has asked since.
    expect(await keys.newerThan(first)).toBe(second);
    time += 9_999;
    expect(await keys.newerThan(second)).toBe(second);
    expect(asked).toBe(2);
    time += 1;
    expect(await keys.newerThan(second)).not.toBe(second);
    expect(asked).toBe(3);
  });

  it('keeps keys of kinds that nobody knows out, and takes the others', async () => {
    published = { keys: [{ kty: 'XYZ' }, key('one')] };
    expect((await keys.current(FRESH)).thumbprints.size).toBe(1);
  });
});

describe('while the issuer is away', () => {
  beforeEach(() => {
    published = new Error('away');
  });

  it('has no keys to give, and asks again every 10 s only', async () => {
    await expect(keys.current(FRESH)).rejects.toThrow(AuthenticationUnavailableError);
    time += 9_999;
    await expect(keys.current(FRESH)).rejects.toThrow(AuthenticationUnavailableError);
    expect(asked).toBe(1);
    expect(keys.trouble).toMatch(/cannot be fetched/);
    time += 1;
    published = { keys: [key('one')] };
    expect((await keys.current(FRESH)).thumbprints.size).toBe(1);
    expect(keys.trouble).toBeNull();
    expect(troubles).toEqual(['away', null]);
  });

  it('gives the keys it has for 24 hours, and makes nobody wait again', async () => {
    published = { keys: [key('one')] };
    const first = await keys.current(FRESH);
    published = new Error('away');
    // Whoever comes first finds out.
    time += HOUR;
    expect(await keys.current(FRESH)).toBe(first);
    const before = asked;
    time += 10_000;
    expect(await keys.current(FRESH)).toBe(first);
    expect(asked).toBe(before + 1);
    time = 1_000 + 24 * HOUR - 1;
    expect(await keys.current(FRESH)).toBe(first);
    time += 10_000;
    await expect(keys.current(FRESH)).rejects.toThrow(AuthenticationUnavailableError);
    expect(troubles).toEqual(['away']);
  });

  it('cannot tell whether an unknown key is one of its', async () => {
    published = { keys: [key('one')] };
    const first = await keys.current(FRESH);
    published = new Error('away');
    await expect(keys.newerThan(first)).rejects.toThrow(AuthenticationUnavailableError);
    await expect(keys.newerThan(first)).rejects.toThrow(AuthenticationUnavailableError);
    expect(asked).toBe(2);
  });
});
