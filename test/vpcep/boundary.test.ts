/** What a hostile upstream, or one in between, can make the gateway do. Real sockets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/shared/secret.ts';
import type { UpstreamRequest } from '../../src/vpcep/http/request.ts';
import { type Credential, fixedCredential } from '../../src/vpcep/signing/credentials.ts';
import { Transport, type TransportOptions } from '../../src/vpcep/transport/transport.ts';
import { failure } from './upstream-failure.ts';

const KEY: Credential = { kind: 'aksk', ak: 'FAKEACCESSKEY', sk: new Secret('fake-secret-for-tests') };
const TOKEN: Credential = { kind: 'token', token: new Secret('fake-token') };
const READ: UpstreamRequest = {
  operation: 'ListEndpoints',
  method: 'GET',
  projectId: 'p',
  segments: ['v1', 'p', 'vpc-endpoints'],
};
const WRITE: UpstreamRequest = { ...READ, operation: 'CreateEndpoint', method: 'POST', body: Buffer.from('{}') };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer({ maxHeaderSize: 1_000_000 }, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function connect(baseUrl: string, credential: Credential, options: Partial<TransportOptions> = {}): Transport {
  const target = () => ({ baseUrl, credential: fixedCredential(credential) });
  const transport = new Transport({ target, sleep: () => Promise.resolve(), random: () => 0, ...options });
  cleanups.push(() => transport.close());
  return transport;
}

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('%i is not followed, so that no credential goes elsewhere', async (status) => {
    const strangers: IncomingMessage[] = [];
    const stranger = await listen((request, response) => {
      strangers.push(request);
      response.end('{}');
    });
    const asked: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      asked.push(request.url);
      request.resume();
      response.writeHead(status, { location: `${stranger}/v1/p/vpc-endpoints` }).end();
    });
    for (const credential of [KEY, TOKEN]) {
      for (const request of [READ, WRITE]) {
        const error = await failure(connect(url, credential).call(request));
        expect(error.message).not.toContain(stranger);
      }
    }
    expect(strangers).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(['/v1/p/vpc-endpoints']));
  });
});

describe('an answer', () => {
  test('is not asked for compressed, and one that is compressed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, ' '));
    const encodings: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      encodings.push(request.headers['accept-encoding']);
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
    });
    // What comes is at most what was sent: some 8 KiB, and no JSON.
    const { text } = await connect(url, KEY).call(READ);
    expect(text.length).toBeLessThanOrEqual(bomb.length);
    expect(encodings).toEqual([undefined]);
  });

  test('that does not end is cut off at its greatest size', async () => {
    let written = 0;
    const url = await listen((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, ' '))) written += 64 * 1024;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const error = await failure(connect(url, KEY, { maxBodyBytes: 256 * 1024 }).call(READ));
    expect(error.message).toMatch(/more than the gateway takes/);
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  test('with endless headers is refused', async () => {
    const url = await listen((_, response) => {
      response.writeHead(200, { 'x-long': 'x'.repeat(200_000) }).end('{}');
    });
    expect((await failure(connect(url, KEY).call(READ))).outcome).not.toBe('done');
  });
});

describe('a header', () => {
  test.each(['token\r\nx-injected: 1', 'token\nx-injected: 1', 'tok\0en', 'tokén€'])(
    '%j is never sent',
    async (text) => {
      const seen: IncomingMessage['headers'][] = [];
      const url = await listen((request, response) => {
        seen.push(request.headers);
        response.end('{}');
      });
      const error = await failure(connect(url, { kind: 'token', token: new Secret(text) }).call(READ));
      expect(error.message).not.toContain('tok');
      expect(seen).toEqual([]);
    },
  );
});
