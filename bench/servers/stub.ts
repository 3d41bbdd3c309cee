/**
 * An upstream whose endpoints all have one status, which the parent sets: `/control?status=creating&endpoints=20`. Fixed
 * JSON, no signature check; the simulator would use the core that the measured process needs.
 */
import { createServer } from 'node:http';
import { endpointId, upstreamEndpoint } from '../support/sample.ts';
import { listen } from './listen.ts';

const ID = '00000000-0000-4000-8000-000000000000';
const WORD = '%status%';
const TEMPLATE = JSON.stringify(upstreamEndpoint(ID, WORD));

let status = 'creating';
let endpoints = 1;

function endpoint(id: string): string {
  return TEMPLATE.replaceAll(ID, id).replace(WORD, status);
}

function answer({ pathname, searchParams }: URL): string {
  if (pathname === '/control') {
    status = searchParams.get('status') ?? status;
    endpoints = Number(searchParams.get('endpoints') ?? endpoints);
    return '{}';
  }
  if (!pathname.endsWith('/vpc-endpoints')) return endpoint(pathname.slice(pathname.lastIndexOf('/') + 1));
  const offset = Number(searchParams.get('offset') ?? 0);
  const length = Math.min(Number(searchParams.get('limit') ?? 10), endpoints - offset);
  const rows = Array.from({ length: Math.max(0, length) }, (_, n) => endpoint(endpointId(offset + n)));
  return `{"endpoints":[${rows.join(',')}],"total_count":${endpoints}}`;
}

listen(
  createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      const body = answer(new URL(request.url ?? '', 'http://stub'));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  }),
);
