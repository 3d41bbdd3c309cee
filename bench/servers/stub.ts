/**
 * An upstream with little CPU cost: fixed JSON, no signature check, one status word as state. The simulator would use the
 * core that the measured process needs.
 */
import { createServer } from 'node:http';
import { endpointId, LIST_LENGTH, upstreamEndpoint } from '../support/sample.ts';
import { listen } from './listen.ts';

const ID = '00000000-0000-4000-8000-000000000000';
const WORD = '%status%';
const [beforeId = '', ...afterId] = JSON.stringify(upstreamEndpoint(ID, WORD)).split(ID);
const rows = Array.from({ length: LIST_LENGTH }, (_, n) => upstreamEndpoint(endpointId(n), 'accepted'));
const listBody = JSON.stringify({ endpoints: rows, total_count: LIST_LENGTH });

let status = 'accepted';
let created = 0;
const counts = { create: 0, one: 0, list: 0 };

function endpoint(id: string, word: string): string {
  return (beforeId + id + afterId.join(id)).replace(WORD, word);
}

function answer(method: string, url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  if (method === 'POST') {
    counts.create += 1;
    created += 1;
    // Ids of their own, so that every creation is a new endpoint; settled, so that none is waited for.
    return endpoint(endpointId(1_000_000 + created), 'accepted');
  }
  if (path.endsWith('/vpc-endpoints')) {
    counts.list += 1;
    return listBody;
  }
  counts.one += 1;
  return endpoint(path.slice(path.lastIndexOf('/') + 1), status);
}

function control(url: string): string {
  const word = new URL(url, 'http://stub').searchParams.get('status');
  if (word !== null) status = word;
  return JSON.stringify(counts);
}

listen(
  createServer((request, response) => {
    const { method = '', url = '' } = request;
    request.resume();
    request.once('end', () => {
      const body = url.startsWith('/control') ? control(url) : answer(method, url);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  }),
);
