/** The feeds of all kinds of resources over HTTP: Server-Sent Events, resumed by the browser, and multipart answers. */
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import type { Gateway } from '../../../src/app/gateway.ts';
import type { Simulator } from '../../../src/simulator/server.ts';
import { EVERY_FEED } from '../../support/every-feed.ts';
import { startTestGateway, startTestSimulator } from '../../support/start-gateway.ts';

let simulator: Simulator;
let gateway: Gateway;
beforeAll(async () => {
  simulator = await startTestSimulator();
  gateway = await startTestGateway(simulator);
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

/** A stream that is read up to a text; it is left at the end of the test. */
async function open({ onTestFinished }: TestContext, path: string, init: RequestInit) {
  const leave = new AbortController();
  onTestFinished(() => leave.abort());
  const { body } = await fetch(`${gateway.url}${path}`, { ...init, signal: leave.signal });
  const reader = (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    until: async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const [all, found] = pattern.exec(text) ?? [];
        if (all !== undefined) return found ?? all;
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream has ended after ${text}`);
        text += value;
      }
    },
    leave: () => leave.abort(),
  };
}

describe.concurrent.each(EVERY_FEED)('$name', ({ words: [first, second, third], in: make }) => {
  const shown = (kind: string, word: string) => `{"data":{"feed":{"kind":"${kind}","rawStatus":"${word}"}}}`;
  const exactly = (text: string) => new RegExp(text.replaceAll(/[{}]/g, '\\$&'));

  it('is sent as events, and goes on behind Last-Event-ID', async (test) => {
    const { expect } = test;
    const followed = make(simulator.world);
    const query = `subscription { feed: ${followed.field()} { kind rawStatus } }`;
    const events = (more: Record<string, string> = {}) =>
      open(test, `/graphql/stream?${new URLSearchParams({ query })}`, {
        headers: { accept: 'text/event-stream', ...more },
      });
    const stream = await events();
    const cursor = await stream.until(/^id: (.+)$/m);
    await stream.until(exactly(shown('SNAPSHOT', first)));
    followed.move(second);
    await stream.until(exactly(shown('TRANSITION', second)));
    stream.leave();
    const again = await events({ 'last-event-id': cursor });
    const id = await again.until(/^id: (.+)\ndata: .*"TRANSITION"/m);
    await again.until(exactly(shown('TRANSITION', second)));
    again.leave();
    const last = await events({ 'last-event-id': id });
    followed.move(third);
    expect(await last.until(/^data: (.*)$/m)).toBe(shown('TRANSITION', third));
  });

  it('is sent in parts', async (test) => {
    const followed = make(simulator.world);
    const query = `subscription { feed: ${followed.field()} { kind rawStatus } }`;
    const parts = await open(test, '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;subscriptionSpec=1.0' },
      body: JSON.stringify({ query }),
    });
    await parts.until(exactly(`{"payload":${shown('SNAPSHOT', first)}}`));
    followed.move(second);
    await parts.until(exactly(`{"payload":${shown('TRANSITION', second)}}`));
  });
});
