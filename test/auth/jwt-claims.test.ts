import { describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authenticator.ts';
import { type Claims, grantsById, grantsOf, subjectOf } from '../../src/auth/jwt-claims.ts';

const RULES = { projectsClaim: 'projects', rightsClaim: 'rights' };

/** Grants as plain data. */
function granted(claims: Claims, rules: { projectsClaim: string; rightsClaim: string | null } = RULES): object {
  return Object.fromEntries([...grantsOf(claims, rules)].map(([project, rights]) => [project, [...rights]]));
}

describe('a map of projects', () => {
  it('gives the rights of each, and what they include', () => {
    const projects = { a: 'read', b: ['write'], c: 'admin', d: 'openid write', e: [] };
    expect(granted({ projects, rights: 'admin' })).toEqual({
      a: ['read'],
      b: ['read', 'write'],
      c: ['read', 'write', 'admin'],
      d: ['read', 'write'],
      e: [],
    });
  });

  it('ignores what is no right', () => {
    const projects = { a: 'Read WRITE root', b: 3, c: { read: true }, d: ['toString', '__proto__', null, ['read']] };
    expect(granted({ projects })).toEqual({ a: [], b: [], c: [], d: [] });
  });

  it('is not misled by inherited names of objects', () => {
    const claims = JSON.parse('{"projects":{"__proto__":"read","constructor":"write"}}');
    expect([...grantsOf(claims, RULES).keys()]).toEqual(['__proto__', 'constructor']);
    expect(granted({}, { projectsClaim: 'constructor', rightsClaim: null })).toEqual({});
    expect(granted({}, { projectsClaim: '/__proto__/constructor', rightsClaim: null })).toEqual({});
  });
});

describe('a list of projects', () => {
  it.each<[Claims, object]>([
    [
      { projects: ['a', 'b'], rights: ['read'] },
      { a: ['read'], b: ['read'] },
    ],
    [
      { projects: 'a  b', rights: 'openid admin' },
      { a: ['read', 'write', 'admin'], b: ['read', 'write', 'admin'] },
    ],
    [{ projects: ['a', 7, null], rights: 'read' }, { a: ['read'] }],
    [{ projects: ['a'] }, { a: [] }],
    [{ projects: ['a'], rights: true }, { a: [] }],
    [{ rights: 'admin' }, {}],
    [{ projects: 5, rights: 'admin' }, {}],
  ])('%j', (claims, expected) => {
    expect(granted(claims)).toEqual(expected);
  });

  it('gives read without a claim for rights', () => {
    const rules = { projectsClaim: 'projects', rightsClaim: null };
    expect(granted({ projects: ['a'], rights: 'admin' }, rules)).toEqual({ a: ['read'] });
  });
});

describe('the place of a claim', () => {
  const rulesFor = (projectsClaim: string) => ({ projectsClaim, rightsClaim: null });

  it.each<[string, Claims]>([
    ['https://example.com/projects', { 'https://example.com/projects': ['a'] }],
    ['a.b', { 'a.b': ['a'], a: { b: ['wrong'] } }],
    ['/a/b', { '/a/b': ['wrong'], a: { b: ['a'] } }],
    ['/a~1b/~0', { 'a/b': { '~': ['a'] } }],
    ['/~01', { '~1': ['a'] }],
  ])('%s', (place, claims) => {
    expect(granted(claims, rulesFor(place))).toEqual({ a: ['read'] });
  });

  it.each(['/a/b/c', '/a/0', '/x/y', '/'])('%s finds nothing', (place) => {
    expect(granted({ a: ['read'] }, rulesFor(place))).toEqual({});
  });
});

describe('grants by id', () => {
  const served = {
    ids: ['1', '2', '3', 'named'],
    names: new Map([
      ['1', 'one'],
      ['2', 'same'],
      ['3', 'same'],
      ['named', '1'],
    ]),
  };
  const byId = (projects: object): object =>
    Object.fromEntries([...grantsById(grantsOf({ projects }, RULES), served)].map(([id, rights]) => [id, [...rights]]));

  it('follow ids, and names of exactly one project', () => {
    expect(byId({ 2: 'read', one: 'write' })).toEqual({ 1: ['read', 'write'], 2: ['read'] });
    expect(byId({ same: 'admin', '*': 'admin', gone: 'admin', ONE: 'read' })).toEqual({});
  });

  it('never take an id as the name of another project', () => {
    expect(byId({ 1: 'write' })).toEqual({ 1: ['read', 'write'] });
  });

  it('add up when a project is named by both', () => {
    expect(byId({ 1: 'read', one: 'write' })).toEqual({ 1: ['read', 'write'] });
  });
});

describe('a subject', () => {
  it('cannot equal that of another issuer', () => {
    const subjects = [
      ['https://a.example', 'b:c'],
      ['https://a.example:b', 'c'],
      ['https://a.example', 'b%3Ac'],
      ['https://a.example', 'B:c'],
    ].map(([issuer = '', sub]) => subjectOf(issuer, sub));
    expect(new Set(subjects).size).toBe(4);
    expect(subjectOf('https://a.example', 'one\ntwo')).toBe('jwt:https%3A%2F%2Fa.example:one%0Atwo');
  });

  it.each([undefined, null, 7, '', 'x'.repeat(256), '\ud800'])('is refused when it is %j', (sub) => {
    expect(() => subjectOf('https://a.example', sub)).toThrow(UnauthenticatedError);
  });
});
