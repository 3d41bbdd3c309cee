import { type Audit, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeGateway, startFakeGateway, stopFakeGateways } from '../support/fake-gateway.ts';

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

  // The list is made from a URL that nobody calls; only names and ids are read from it.
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
});
