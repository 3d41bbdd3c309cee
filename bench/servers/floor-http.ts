/**
 * The least work of a signing proxy: node:http, one signature, one `Pool.dispatch`, JSON parsed, the same twelve
 * fields picked, JSON written. No GraphQL, checks, limits, logs, metrics or event log.
 */
import { createServer, type ServerResponse } from 'node:http';
import { CURSOR } from '../support/sample.ts';
import { listen } from './listen.ts';
import { type Input, SignedCalls } from './signed-calls.ts';

interface Call {
  readonly operationName: 'create' | 'one' | 'list';
  readonly variables: { readonly input: Input; readonly id: string; readonly first: number; readonly vpcId: string };
}

const calls = new SignedCalls(process.argv[2] ?? '');

function forward({ operationName, variables }: Call, response: ServerResponse): void {
  const failed = (error: Error): void => void response.destroy(error);
  const answer = (data: object): void => {
    const body = JSON.stringify({ data });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  };
  if (operationName === 'create') {
    const done = (endpoint: object): void => answer({ createVpcEndpoint: { statusCursor: CURSOR, endpoint } });
    calls.create(variables.input, done, failed);
  } else if (operationName === 'one') {
    calls.one(variables.id, (vpcEndpoint) => answer({ vpcEndpoint }), failed);
  } else {
    calls.list(variables.first, variables.vpcId, (vpcEndpoints) => answer({ vpcEndpoints }), failed);
  }
}

listen(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => forward(JSON.parse(Buffer.concat(chunks).toString()) as Call, response));
  }),
);
