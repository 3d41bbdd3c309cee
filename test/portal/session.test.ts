import { describe, expect, it } from 'vitest';
import { createSession, type Grant, type Session } from '../../portal/src/session/session.ts';
import { FakeTime } from '../support/fake-time.ts';

const MINUTE = 60_000;

/** A session with a grant of ten minutes, whose refresh gives `next`. */
function signedIn(
  time: FakeTime,
  next: () => Promise<Grant>,
): { session: Session; grant: Grant; refreshed: () => number } {
  let refreshed = 0;
  const refresh = (): Promise<Grant> => {
    refreshed += 1;
    return next();
  };
  const grant = { token: 'first', expiresAt: time.now() + 10 * MINUTE, refresh };
  const session = createSession({ authMode: 'jwt' }, time);
  session.signIn(grant);
  return { session, grant, refreshed: () => refreshed };
}

const failing = (): Promise<Grant> => Promise.reject(new Error('the provider is down'));
const without = (grant: Partial<Grant>): Grant => ({ token: 'second', expiresAt: null, refresh: null, ...grant });

describe('the session of the portal', () => {
  it('is open without authentication, and sends nothing', () => {
    const session = createSession({ authMode: 'none' });
    session.signIn('t');
    session.signOut();
    expect(session.snapshot()).toEqual({ kind: 'open' });
    expect(session.headers()).toEqual({});
  });

  it('sends a token as the mode wants it, over HTTP and WebSocket', () => {
    const jwt = createSession({ authMode: 'jwt' });
    expect(jwt.snapshot()).toEqual({ kind: 'signed-out', reason: null });
    jwt.signIn(' Bearer a.b\n.c ');
    expect(jwt.headers()).toEqual({ authorization: 'Bearer a.b.c' });
    expect(jwt.connectionParams()).toEqual({ authorization: 'Bearer a.b.c' });

    const iam = createSession({ authMode: 'iam-token' });
    iam.signIn('a');
    expect(iam.headers()).toEqual({ 'x-auth-token': 'a' });
    expect(iam.connectionParams()).toEqual({ 'x-auth-token': 'a' });
  });

  it('notifies of each change, with the same snapshot between them', () => {
    const session = createSession({ authMode: 'jwt' });
    const seen: unknown[] = [];
    const unsubscribe = session.subscribe(() => seen.push(session.snapshot()));
    session.signIn('a');
    expect(session.snapshot()).toBe(session.snapshot());
    session.signOut();
    unsubscribe();
    session.signIn('b');
    expect(seen).toEqual([
      { kind: 'signed-in', by: 'token', expiresAt: null },
      { kind: 'signed-out', reason: null },
    ]);
  });

  it('ends when the gateway refuses the token, and only for the token that it holds', () => {
    const session = createSession({ authMode: 'jwt' });
    session.signIn('a');
    const older = session.headers();
    session.signIn('b');
    session.refused(older);
    session.refused({});
    expect(session.snapshot().kind).toBe('signed-in');
    session.refused({ 'content-type': 'application/json', ...session.headers() });
    expect(session.snapshot()).toEqual({ kind: 'signed-out', reason: 'refused' });
    expect(session.headers()).toEqual({});
  });

  it('has ended, and is not called wrong, when the gateway refuses a token that it accepted', () => {
    const session = createSession({ authMode: 'iam-token' });
    session.signIn('a');
    session.accepted({ 'x-auth-token': 'older' });
    session.accepted(session.headers());
    session.refused(session.headers());
    expect(session.snapshot()).toEqual({ kind: 'signed-out', reason: 'expired' });
    session.signIn('b');
    session.accepted({ 'x-auth-token': 'a' });
    session.refused(session.headers());
    expect(session.snapshot()).toEqual({ kind: 'signed-out', reason: 'refused' });
  });

  it('reads the end of a JWT, and leaves the decision to the gateway', async () => {
    const time = new FakeTime();
    const session = createSession({ authMode: 'jwt' }, time);
    const exp = time.now() / 1000 + 60;
    session.signIn(`e30.${Buffer.from(JSON.stringify({ exp, sub: '~ö?>' })).toString('base64url')}.s`);
    expect(session.snapshot()).toEqual({ kind: 'signed-in', by: 'token', expiresAt: exp * 1000 });
    await time.pass(2 * MINUTE);
    expect(session.snapshot().kind).toBe('signed-in');
    session.refused(session.headers());
    expect(session.snapshot()).toEqual({ kind: 'signed-out', reason: 'expired' });
  });

  it('ends with a grant that cannot be refreshed', async () => {
    const time = new FakeTime();
    const session = createSession({ authMode: 'jwt' }, time);
    session.signIn(without({ expiresAt: time.now() + MINUTE }));
    await time.pass(MINUTE - 1);
    expect(session.snapshot().kind).toBe('signed-in');
    await time.pass(2);
    expect(session.snapshot()).toEqual({ kind: 'signed-out', reason: 'expired' });
  });

  it('refreshes a grant a minute before its end, again and again', async () => {
    const time = new FakeTime();
    const again = (): Promise<Grant> =>
      Promise.resolve({ ...grant, token: 'next', expiresAt: time.now() + 10 * MINUTE });
    const { session, grant, refreshed } = signedIn(time, again);
    await time.pass(9 * MINUTE - 1);
    expect(refreshed()).toBe(0);
    await time.pass(2);
    expect(session.headers()).toEqual({ authorization: 'Bearer next' });
    await time.pass(9 * MINUTE);
    expect(refreshed()).toBe(2);
    expect(session.snapshot()).toEqual({ kind: 'signed-in', by: 'oidc', expiresAt: expect.any(Number) });
  });

  it('goes on trying while the provider is down, until the token ends', async () => {
    const time = new FakeTime();
    const { session, refreshed } = signedIn(time, failing);
    await time.pass(10 * MINUTE - 1);
    expect(session.snapshot().kind).toBe('signed-in');
    expect(refreshed()).toBe(4);
    await time.pass(2);
    expect(session.snapshot()).toEqual({ kind: 'signed-out', reason: 'expired' });
    await time.pass(10 * MINUTE);
    expect(refreshed()).toBe(5);
  });

  it('does not sign in again by a refresh that was under way at the sign-out', async () => {
    const time = new FakeTime();
    let give = (_: Grant): void => {};
    const { session, refreshed } = signedIn(time, () => new Promise((resolve) => (give = resolve)));
    await time.pass(9 * MINUTE + 1);
    expect(refreshed()).toBe(1);
    session.signOut();
    give(without({}));
    await time.pass(MINUTE);
    expect(session.snapshot()).toEqual({ kind: 'signed-out', reason: null });
  });

  it('refreshes once when a machine wakes after the end of its token', async () => {
    const time = new FakeTime();
    let now = time.now();
    const asleep = { now: () => now, sleep: time.sleep };
    const session = createSession({ authMode: 'jwt' }, asleep);
    let refreshed = 0;
    const refresh = async (): Promise<Grant> => {
      refreshed += 1;
      return without({});
    };
    session.signIn({ token: 'first', expiresAt: now + 10 * MINUTE, refresh });
    now += 60 * MINUTE;
    session.refused(session.headers());
    session.refused(session.headers());
    await time.pass(1);
    expect(session.headers()).toEqual({ authorization: 'Bearer second' });
    await time.pass(10 * MINUTE);
    expect(refreshed).toBe(1);
  });
});
