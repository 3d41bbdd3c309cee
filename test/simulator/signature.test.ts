import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { WireRequest } from '../../src/simulator/auth/signature-check.ts';
import { checkSignature } from '../../src/simulator/auth/signature-check.ts';

const fixtureSchema = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      credentials: z.object({
        ak: z.string(),
        sk: z.string(),
        projectId: z.string().optional(),
        securityToken: z.string().optional(),
      }),
      request: z.object({
        method: z.string(),
        host: z.string(),
        path: z.string(),
        query: z.array(z.tuple([z.string(), z.string()])),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
      }),
      timestamp: z.string(),
      expected: z.object({ signedHeaders: z.string(), authorization: z.string() }),
    }),
  ),
});
type Case = z.infer<typeof fixtureSchema>['cases'][number];

const fixture = new URL('../fixtures/aksk-signing.json', import.meta.url);
const { cases } = fixtureSchema.parse(JSON.parse(readFileSync(fixture, 'utf8')));

/** What a client puts on the wire for a case. */
function wire({ credentials, request, timestamp, expected }: Case): WireRequest {
  const path = request.path.split('/').map(encodeURIComponent).join('/');
  const query = request.query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  const headers: Record<string, string> = {
    host: request.host,
    'x-sdk-date': timestamp,
    'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-project-id': credentials.projectId ?? '',
    'x-security-token': credentials.securityToken ?? '',
  };
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  const signed = new Set(expected.signedHeaders.split(';'));
  const sent = Object.entries(headers).filter(([name]) => signed.has(name));
  return {
    method: request.method,
    url: query === '' ? path : `${path}?${query}`,
    headers: { ...Object.fromEntries(sent), authorization: expected.authorization },
    body: Buffer.from(request.body),
  };
}

function verdictOf(example: Case, request: WireRequest): ReturnType<typeof checkSignature> {
  const { ak, sk, securityToken } = example.credentials;
  const credential = { ak, sk, ...(securityToken === undefined ? {} : { securityToken }) };
  const [, y, mo, d, h, mi, s] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(example.timestamp) ?? [];
  const now = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return checkSignature(request, (wanted) => (wanted === ak ? credential : undefined), now);
}

describe('the check of signatures', () => {
  it.each(cases)('accepts the official signers: $name', (example) => {
    expect(verdictOf(example, wire(example))).toMatchObject({ kind: 'ok' });
  });

  it.each(cases)('refuses a changed query: $name', (example) => {
    const request = wire(example);
    const url = `${request.url}${request.url.includes('?') ? '&' : '?'}extra=1`;
    expect(verdictOf(example, { ...request, url })).toMatchObject({ kind: 'mismatch' });
  });
});
