/** WebSocket messages in any order, and invalid frames. */
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { CloseCode } from 'graphql-ws';
import { WebSocket } from 'ws';
import { faultInErrors } from './answers.ts';
import { anyJson, hostileText } from './hostile.ts';
import type { Attack } from './run.ts';

type Step =
  | { readonly step: 'text'; readonly text: string }
  | { readonly step: 'binary'; readonly bytes: Uint8Array }
  /** Past the library: what no client should write. */
  | { readonly step: 'raw'; readonly bytes: Uint8Array };

interface Conversation {
  readonly init: boolean;
  readonly steps: readonly Step[];
}

/** Milliseconds; a case without an answer within this time is a finding. */
const PATIENCE_MS = 10_000;
const DOCUMENTS = [
  '{ __typename }',
  'subscription { endpointStatus(id: "unknown") { kind } }',
  'subscription { projectEndpointStatus { kind cursor } }',
  'subscription W($after: String) { projectEndpointStatus(after: $after) { kind } }',
  'mutation { deleteVpcEndpoint(input: {id: "unknown"}) { vpcEndpoint { id } } }',
  '{',
  'subscription { nothing }',
  'subscription { a: projectEndpointStatus { kind } b: projectEndpointStatus { kind } }',
] as const;
/** 1011 and 4500 mean a fault of the gateway. 1006 follows invalid frames. */
const CLOSES: ReadonlySet<number> = new Set([
  ...[1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1013],
  ...[CloseCode.BadRequest, CloseCode.Unauthorized, CloseCode.Forbidden, CloseCode.SubprotocolNotAcceptable],
  ...[CloseCode.ConnectionInitialisationTimeout, CloseCode.SubscriberAlreadyExists],
  CloseCode.TooManyInitialisationRequests,
]);

const payload = fc.record(
  {
    query: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...DOCUMENTS) }, anyJson),
    variables: fc.oneof(fc.constant({ after: 'restart' }), anyJson),
    operationName: fc.oneof(fc.constant(null), anyJson),
    extensions: anyJson,
  },
  { requiredKeys: [] },
);
const id = fc.oneof(fc.constantFrom('1', '2', ''), anyJson);
const type = fc.constantFrom(
  'connection_init',
  'subscribe',
  'complete',
  'ping',
  'pong',
  'next',
  'error',
  'connection_ack',
  'start',
);
const message = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type, id, payload }, { requiredKeys: ['type'] }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('subscribe'), id: fc.constantFrom('1', '2', '3'), payload }) },
  { weight: 1, arbitrary: fc.record({ type: fc.oneof(type, anyJson), id, payload: anyJson }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: anyJson },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: message.map((value) => ({ step: 'text', text: JSON.stringify(value) ?? '' }) as const) },
  { weight: 2, arbitrary: hostileText.map((text) => ({ step: 'text', text }) as const) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => ({ step: 'binary', bytes }) as const) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => ({ step: 'raw', bytes }) as const),
  },
);

function talk(url: string, { init, steps }: Conversation): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const limit = setTimeout(() => end('neither an answer nor a close in time'), PATIENCE_MS);
    const end = (fault: string | null): void => {
      clearTimeout(limit);
      resolve(fault);
      socket.terminate();
    };
    socket.on('error', () => {});
    socket.on('close', (code) => end(CLOSES.has(code) ? null : `closed with ${code}`));
    socket.on('pong', () => end(null));
    socket.on('message', (data) => {
      const fault = faultInMessage(String(data));
      if (fault !== null) end(fault);
    });
    socket.on('open', () => {
      if (init) socket.send('{"type":"connection_init"}');
      for (const one of steps) {
        if (one.step === 'text') socket.send(one.text);
        else if (one.step === 'binary') socket.send(one.bytes);
        else (Reflect.get(socket, '_socket') as Socket | null)?.write(one.bytes);
      }
      // Answered behind everything that the messages before have caused at once; a frame that is none ends the socket,
      // or swallows this one: then the connection is cut.
      socket.ping();
      if (steps.some(({ step: kind }) => kind === 'raw')) setImmediate(() => end(null));
    });
  });
}

function faultInMessage(text: string): string | null {
  const { type: kind, payload: told } = JSON.parse(text);
  if (kind === 'error') return faultInErrors(told);
  return kind === 'next' && told.errors !== undefined ? faultInErrors(told.errors) : null;
}

export const frames: Attack<Conversation> = {
  env: { SIMULATOR_PORT: '0' },
  cases: fc.record({
    init: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  }),
  send: ({ url }, conversation) => talk(url, conversation),
};
