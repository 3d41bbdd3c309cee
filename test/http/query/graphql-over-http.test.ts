import { type Audit, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeGateway, startFakeGateway, stopFakeGateways } from '../../support/fake-gateway.ts';

/** Audits that this server fails on purpose. All are MAY. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  '5A70': 'CSRF prevention: a GET that any page can send without a preflight is refused',
  D6D5: 'CSRF prevention, as above: an accept header alone asks for no preflight',
  '6A70': 'CSRF prevention, as above',
};

describe('GraphQL over HTTP', () => {
  let gateway: FakeGateway;
  let audits: Audit[];

  beforeAll(async () => {
    gateway = await startFakeGateway();
    audits = serverAudits({ url: `${gateway.url}/graphql` });
  });
  afterAll(stopFakeGateways);

  // The URL is never called: only names and ids are read from the list.
  for (const { id, name } of serverAudits({ url: 'http://localhost' })) {
    it(`${id} ${name}`, async () => {
      const audit = audits.find((candidate) => candidate.id === id);
      const result = await audit?.fn();
      if (id in EXCEPTIONS) {
        expect(name).toMatch(/^MAY /);
        expect(result?.status).not.toBe('ok');
      } else {
        expect(result).toMatchObject({ status: 'ok' });
      }
    });
  }

  it('serves those GET requests once they ask for a preflight', async () => {
    const query = new URLSearchParams({ query: '{ __typename }' });
    const response = await fetch(`${gateway.url}/graphql?${query}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  const NAMES = ['operationName', 'variables', 'extensions'];

  it.each([...NAMES, NAMES.join('=&')])('takes an empty %s of a GET as left out', async (names) => {
    const query = `query=${encodeURIComponent('{ __typename }')}&${names}=`;
    const response = await fetch(`${gateway.url}/graphql?${query}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    const subscription = encodeURIComponent('subscription { projectEndpointStatus { kind } }');
    const arrival = gateway.feed.arrival();
    const stream = await fetch(`${gateway.url}/graphql/stream?query=${subscription}&${names}=`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(stream.status).toBe(200);
    await arrival;
    await stream.body?.cancel();
  });

  it.each(['operationName=Other', 'operationName=&operationName=Other', 'variables=x', 'extensions=[]'])(
    'refuses a GET with %s',
    async (parameter) => {
      const response = await fetch(
        `${gateway.url}/graphql?query=${encodeURIComponent('{ __typename }')}&${parameter}`,
        {
          headers: { 'apollo-require-preflight': 'true', accept: 'application/graphql-response+json' },
        },
      );
      expect(response.status).toBe(400);
    },
  );

  it.each([
    ['a byte order mark', 'application/json', '\uFEFF'],
    ['charset=utf8', 'application/json; charset=utf8', ''],
    ['charset="UTF-8"', 'application/json;charset="UTF-8"', ''],
  ])('takes a body with %s', async (_name, type, mark) => {
    for (const path of ['/graphql', '/graphql/stream']) {
      const response = await fetch(gateway.url + path, {
        method: 'POST',
        headers: { 'content-type': type, accept: path === '/graphql' ? 'application/json' : 'text/event-stream' },
        body: `${mark}{"query":"{ __typename }"}`,
      });
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('{"data":{"__typename":"Query"}}');
    }
  });

  it.each(['utf-16', 'utf', '"utf-8', 'latin1'])('refuses a body in charset=%s', async (charset) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': `application/json; charset=${charset}` },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(415);
  });
});
