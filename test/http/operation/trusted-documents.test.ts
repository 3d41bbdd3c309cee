/** Documents that are named by an id, over every transport. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import { readConfig } from '../../../src/config/config.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { overGet, overHttp, overSse, type RawRequest, searchOf, TRANSPORTS } from '../../support/every-transport.ts';
import { environmentFor, recordingLogger, startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const VIEWER = 'query Viewer { viewer { subject } }';
/** Larger than an unknown one may be. */
const LARGE = `query Large { ${Array.from({ length: 25 }, (_, n) => `v${n}: viewer { subject }`).join(' ')} }`;
const COSTLY = 'query Costly { endpointServices(first: 100) { nodes { connections { nodes { endpoint { id } } } } } }';
const DELETE = 'mutation Delete { deleteVpcEndpoint(input: { id: "e" }) { statusCursor } }';
const WATCH = 'subscription Watch { endpointStatus(id: "00000000-0000-4000-8000-000000000000") { status } }';
const MANIFEST = {
  [`sha256:${sha256(VIEWER)}`]: VIEWER,
  large: LARGE,
  costly: COSTLY,
  [sha256(DELETE)]: DELETE,
  watch: WATCH,
};

const folder = mkdtempSync(join(tmpdir(), 'trusted-'));
const file = join(folder, 'persisted-documents.json');
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(file, { force: true });
});

interface Started {
  readonly gateway: Gateway;
  readonly simulator: Simulator;
  readonly env: Record<string, string>;
  readonly log: () => string;
}

async function start(mode: string): Promise<Started> {
  writeFileSync(file, JSON.stringify(MANIFEST));
  const simulator = await startTestSimulator();
  const env = { NODE_ENV: 'production', TRUSTED_DOCUMENTS_FILE: file, TRUSTED_DOCUMENTS_MODE: mode };
  const { logger, text } = recordingLogger();
  const gateway = await startTestGateway(simulator, { env, logger });
  closers.push(
    () => simulator.close(),
    () => gateway.close(),
  );
  return { gateway, simulator, env, log: text };
}

const persisted = (sha256Hash: string): RawRequest => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const refused = (code: string) => ({ errors: [{ extensions: { code, retryable: false } }] });

const NAMES: readonly (readonly [form: string, request: RawRequest])[] = [
  ['documentId', { documentId: `sha256:${sha256(VIEWER)}` }],
  ['documentId without its prefix', { documentId: sha256(VIEWER) }],
  ['documentId beside an empty text', { documentId: sha256(VIEWER), query: '' }],
  ['the form of Apollo', persisted(sha256(VIEWER))],
  ['the form of graphql-ws', { query: '', extensions: { persistedQuery: sha256(VIEWER) } }],
];

describe('enforce', () => {
  it('runs named or known documents over every transport, and nothing else', async () => {
    const { gateway } = await start('enforce');
    for (const [transport, ask] of [...TRANSPORTS, ['GET', overGet] as const]) {
      for (const [form, request] of [...NAMES, ['the text', { query: VIEWER }] as const]) {
        const answer = await ask(gateway.url, request);
        expect.soft(answer, `${transport}, ${form}`).toEqual({ data: { viewer: { subject: 'anonymous' } } });
      }
      for (const request of [
        { query: '{ viewer { subject } }' },
        { query: `${VIEWER} ` },
        { query: '{ __typename }', ...persisted(sha256('{ __typename }')) },
        { documentId: 'unknown' },
        { documentId: '__proto__' },
        persisted(sha256('{ __typename }')),
      ]) {
        const answer = await ask(gateway.url, request);
        expect
          .soft(answer, `${transport}, ${JSON.stringify(request)}`)
          .toMatchObject(refused('PERSISTED_QUERY_NOT_FOUND'));
        expect.soft(answer.data ?? null).toBeNull();
      }
      expect(await ask(gateway.url, { documentId: 'large' })).toMatchObject({ data: { v24: {} } });
      expect(await ask(gateway.url, { documentId: 'costly' })).toMatchObject(refused('QUERY_TOO_COMPLEX'));
    }
  });

  it('changes nothing on GET, and subscribes by id', async () => {
    const { gateway } = await start('enforce');
    const search = searchOf({ documentId: sha256(DELETE) });
    const headers = { 'apollo-require-preflight': 'true' };
    expect((await fetch(`${gateway.url}/graphql${search}`, { headers })).status).toBe(405);
    expect((await fetch(`${gateway.url}/graphql${search}`)).status).toBe(400);
    const stream = { accept: 'text/event-stream' };
    expect((await fetch(`${gateway.url}/graphql/stream${search}`, { headers: stream })).status).toBe(405);
    expect(await overSse(gateway.url, { documentId: 'watch' })).toMatchObject(refused('NOT_FOUND'));
    const multipart = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;subscriptionSpec=1.0' },
      body: JSON.stringify({ documentId: 'watch' }),
    });
    expect(await multipart.text()).toContain('"code":"NOT_FOUND"');
  });

  it('reloads the file without a restart, and then refuses documents that are not in it', async () => {
    const { gateway, simulator, env } = await start('enforce');
    expect(await overHttp(gateway.url, { documentId: 'large' })).toMatchObject({ data: {} });
    writeFileSync(file, JSON.stringify({ other: '{ __typename }' }));
    await gateway.reload(readConfig(environmentFor(simulator, env)));
    expect(await overHttp(gateway.url, { documentId: 'other' })).toEqual({ data: { __typename: 'Query' } });
    expect(await overHttp(gateway.url, { documentId: 'large' })).toMatchObject(refused('PERSISTED_QUERY_NOT_FOUND'));
    expect(await overHttp(gateway.url, { query: LARGE })).toMatchObject(refused('PERSISTED_QUERY_NOT_FOUND'));
    await gateway.reload(readConfig(environmentFor(simulator, { ...env, TRUSTED_DOCUMENTS_MODE: 'off' })));
    expect(await overHttp(gateway.url, { query: LARGE })).toMatchObject(refused('QUERY_TOO_COMPLEX'));
  });
});

describe('log and off', () => {
  it('runs unknown documents, and logs each once, without its text', async () => {
    const { gateway, log } = await start('log');
    const query = '{ viewer { secretName: subject } }';
    for (const [, ask] of TRANSPORTS) {
      expect(await ask(gateway.url, { query })).toEqual({ data: { viewer: { secretName: 'anonymous' } } });
      expect(await ask(gateway.url, { documentId: sha256(VIEWER) })).toMatchObject({ data: {} });
      expect(await ask(gateway.url, { documentId: sha256(query) })).toMatchObject(refused('PERSISTED_QUERY_NOT_FOUND'));
    }
    expect(log().split(sha256(query))).toHaveLength(2);
    expect(log()).not.toContain(sha256(VIEWER));
    expect(log()).not.toContain('secretName');
  });

  it('refuses ids when it is off', async () => {
    const { gateway } = await start('off');
    for (const [, ask] of TRANSPORTS) {
      for (const [, request] of NAMES) {
        expect(await ask(gateway.url, request)).toMatchObject(refused('PERSISTED_QUERY_NOT_SUPPORTED'));
      }
    }
  });
});
