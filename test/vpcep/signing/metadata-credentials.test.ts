/** Credentials from a metadata service on a real socket (docs/upstream/SIGNING.md, "Credentials"). */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Pools } from '../../../src/vpcep/http/pools.ts';
import { NoCredentialError } from '../../../src/vpcep/signing/credentials.ts';
import { MetadataCredential } from '../../../src/vpcep/signing/metadata-credentials.ts';
import { revealed } from '../../support/revealed.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server: Server;
let pools: Pools;
let metadata: MetadataCredential;
let requests: string[];
/** What the service answers, changed by the tests. */
let answerToken: (response: ServerResponse) => void;
let answerKey: (response: ServerResponse) => void;
let time: { at: number };
let issued: number;

function key(validMs: number): string {
  issued += 1;
  const expires = new Date(time.at + validMs).toISOString().replace('Z', '000Z');
  return JSON.stringify({
    credential: { access: `FAKE-${issued}`, secret: 'fake-secret', securitytoken: 'fake-session', expires_at: expires },
  });
}

beforeEach(async () => {
  requests = [];
  issued = 0;
  time = { at: Date.UTC(2025, 0, 2) };
  answerToken = (response) => response.end('fake-metadata-token\n');
  answerKey = (response) => response.end(key(6 * HOUR));
  server = createServer((request, response) => {
    const { 'x-metadata-token': token, 'x-metadata-token-ttl-seconds': ttl } = request.headers;
    requests.push([request.method, request.url, token ?? ttl].join(' ').trim());
    (request.method === 'PUT' ? answerToken : answerKey)(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pools = new Pools();
  metadata = new MetadataCredential({
    dispatcher: pools.get(baseUrl),
    clock: { now: () => time.at, elapsed: () => time.at },
    timeoutMs: 1_000,
  });
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await pools.close();
});

const PUT = 'PUT /meta-data/latest/api/token 21600';
const GET = 'GET /openstack/latest/securitykey';

describe('the first time', () => {
  test('a token, then the key; many callers, one fetch', async () => {
    const credentials = await Promise.all([metadata.get(), metadata.get(), metadata.get()]);
    expect(requests).toEqual([PUT, `${GET} fake-metadata-token`]);
    expect(revealed(credentials[0])).toEqual({
      kind: 'aksk',
      ak: 'FAKE-1',
      sk: 'fake-secret',
      securityToken: 'fake-session',
      expiresAt: time.at + 6 * HOUR,
    });
    expect(credentials[1]).toBe(credentials[0]);
  });

  test.each([404, 405, 503])('no token service (%i): without one, and not asked again for a day', async (status) => {
    answerToken = (response) => response.writeHead(status).end();
    answerKey = (response) => response.end(key(HOUR));
    for (let at = 0; at < 24; at += 1) {
      await metadata.get();
      time.at += HOUR;
    }
    expect(requests.filter((request) => request === PUT)).toHaveLength(1);
    expect(requests.filter((request) => request === GET)).toHaveLength(24);
    await metadata.get();
    expect(requests.filter((request) => request === PUT)).toHaveLength(2);
  });

  test.each<[string, () => void]>([
    [
      'the token service fails otherwise',
      () => {
        answerToken = (response) => response.writeHead(500).end();
      },
    ],
    [
      'there is no key',
      () => {
        answerKey = (response) => response.writeHead(404).end();
      },
    ],
    [
      'the key is unreadable',
      () => {
        answerKey = (response) => response.end('{}');
      },
    ],
    [
      'the key has expired',
      () => {
        answerKey = (response) => response.end(key(-1));
      },
    ],
    [
      'the connection is cut',
      () => {
        answerKey = (response) => response.destroy();
      },
    ],
  ])('no credential when %s, and the next call asks again', async (_what, breakIt) => {
    const [token, good] = [answerToken, answerKey];
    breakIt();
    await expect(metadata.get()).rejects.toThrow(NoCredentialError);
    [answerToken, answerKey] = [token, good];
    expect(revealed(await metadata.get())).toMatchObject({ sk: 'fake-secret' });
  });

  test('a service that does not answer is given up', async () => {
    answerKey = () => undefined;
    const hasty = new MetadataCredential({
      dispatcher: pools.get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      timeoutMs: 50,
    });
    await expect(hasty.get()).rejects.toThrow(NoCredentialError);
  });
});

describe('401', () => {
  test('a stale token is replaced once', async () => {
    const good = answerKey;
    answerKey = (response) => {
      answerKey = good;
      response.writeHead(401).end('stale');
    };
    await metadata.get();
    expect(requests).toEqual([PUT, `${GET} fake-metadata-token`, PUT, `${GET} fake-metadata-token`]);
  });

  test('twice in a row is enough', async () => {
    answerKey = (response) => response.writeHead(401).end('stale');
    await expect(metadata.get()).rejects.toThrow(NoCredentialError);
    expect(requests).toHaveLength(4);
  });

  test('no agency: a new token would not help', async () => {
    answerKey = (response) => response.writeHead(401).end('Please configure Cloud Service Agency first');
    await expect(metadata.get()).rejects.toThrow(NoCredentialError);
    expect(requests).toHaveLength(2);
  });
});

describe('refresh', () => {
  test('when under 40 minutes are left, not before; the token is still good', async () => {
    const first = await metadata.get();
    time.at += 5 * HOUR + 20 * MINUTE;
    expect(await metadata.get()).toBe(first);
    time.at += 1;
    expect(await metadata.get()).toMatchObject({ ak: 'FAKE-2' });
    expect(requests).toEqual([PUT, `${GET} fake-metadata-token`, `${GET} fake-metadata-token`]);
  });

  test('a token is renewed before it ends', async () => {
    await metadata.get();
    time.at += 6 * HOUR;
    await metadata.get();
    expect(requests.filter((request) => request === PUT)).toHaveLength(2);
  });

  test('fails: the old key is used while it is valid, and upstream is not asked at every call', async () => {
    const first = await metadata.get();
    answerKey = (response) => response.writeHead(500).end();
    time.at += 5 * HOUR + 30 * MINUTE;
    expect(await metadata.get()).toBe(first);
    expect(await metadata.get()).toBe(first);
    expect(requests).toHaveLength(3);
    time.at += 30_000;
    expect(await metadata.get()).toBe(first);
    expect(requests).toHaveLength(4);
    time.at += 30 * MINUTE;
    await expect(metadata.get()).rejects.toThrow(NoCredentialError);
  });
});
