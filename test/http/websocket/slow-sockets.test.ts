import { afterEach, describe, expect, it } from 'vitest';
import { stopFakeGateways } from '../../support/fake-gateway.ts';
import { SocketClient, type SocketMessage } from '../../support/socket-client.ts';
import { type LogGateway, startLogGateway, stopLogGateways } from '../log-gateway.ts';

afterEach(async () => {
  await stopLogGateways();
  await stopFakeGateways();
});

/** Some 200 KiB for each event, so that the buffers of the kernel are soon full. */
const WIDE = `subscription ($after: String) { endpointStatus(id: "e1", after: $after) { rawStatus cursor endpoint {
  ${Array.from({ length: 25 }, (_, n) => `d${n}: description`).join(' ')} } } }`;
const DESCRIPTION = 'x'.repeat(8_000);
const TOO_SLOW = { code: 1013, reason: 'Too slow: resume with the last cursor' };

interface Event {
  readonly rawStatus: string;
  readonly cursor: string;
}

function eventOf({ payload }: SocketMessage): Event {
  return (payload as { data: { endpointStatus: Event } }).data.endpointStatus;
}

/** A subscriber that has had its SNAPSHOT, `times` over on one socket. */
async function watch(gateway: LogGateway, times = 1): Promise<SocketClient> {
  const client = new SocketClient(gateway.url);
  await client.init();
  for (let n = 1; n <= times; n += 1) {
    client.subscribe(String(n), WIDE);
    expect(eventOf(await client.next()).rawStatus).toBe('creating');
  }
  return client;
}

async function move(gateway: LogGateway, statuses: string[]): Promise<void> {
  statuses.push(`s${statuses.length}`);
  await gateway.move('e1', statuses.at(-1) ?? '', { description: DESCRIPTION });
}

async function slowSockets({ metrics }: LogGateway): Promise<number> {
  const text = await metrics.registry.getSingleMetricAsString('vpcep_gateway_websockets_slow_total');
  return Number(/total (\d+)$/.exec(text)?.[1]);
}

/** What the first subscription of a client got that hung and now reads on: up to the close, then with its last cursor. */
async function readOn(gateway: LogGateway, client: SocketClient, last: string): Promise<string[]> {
  client.resume();
  const seen: Event[] = [];
  let current = client;
  while (seen.at(-1)?.rawStatus !== last) {
    // On a busy machine the second socket may be found slow as well.
    expect(await current.closed).toEqual(TOO_SLOW);
    const missed = current.received().filter(({ id }) => id === '1');
    seen.push(...missed.map(eventOf));
    current = new SocketClient(gateway.url);
    await current.init();
    current.subscribe('1', WIDE, { after: seen.at(-1)?.cursor });
    while (seen.at(-1)?.rawStatus !== last) {
      const message = await Promise.race([current.next(), current.closed]);
      if ('code' in message) break;
      seen.push(eventOf(message));
    }
  }
  current.close();
  return seen.map(({ rawStatus }) => rawStatus);
}

describe('a slow client', () => {
  it('gets a burst of many megabytes at its own pace while it reads', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const client = await watch(gateway);
    const statuses: string[] = [];
    while (statuses.length < 100) await move(gateway, statuses);
    for (const status of statuses) expect(eventOf(await client.next()).rawStatus).toBe(status);
    expect(await slowSockets(gateway)).toBe(0);
  });

  it('is closed with 1013 when more than 1 MiB waits, delays no other, and resumes without loss', async () => {
    const gateway = await startLogGateway();
    await gateway.move('e1', 'creating');
    const [slow, quick] = [await watch(gateway, 20), await watch(gateway)];
    slow.pause();
    const statuses: string[] = [];
    while (statuses.length < 50 && (await slowSockets(gateway)) === 0) {
      await move(gateway, statuses);
      expect(eventOf(await quick.next()).rawStatus).toBe(statuses.at(-1));
    }
    expect(await slowSockets(gateway)).toBe(1);
    await move(gateway, statuses);
    expect(eventOf(await quick.next()).rawStatus).toBe(statuses.at(-1));
    expect(await readOn(gateway, slow, statuses.at(-1) ?? '')).toEqual(statuses);
    expect(await gateway.metrics.text()).toMatch(/subscriptions_ended_total\{reason="slow"\} 20\n/);
    quick.close();
    await expect.poll(() => Object.values(gateway.held()).every((count) => count === 0)).toBe(true);
  });

  it('is closed when it reads nothing for too long, however little waits', async () => {
    const gateway = await startLogGateway({ stallMs: 500 });
    await gateway.move('e1', 'creating');
    const slow = await watch(gateway);
    slow.pause();
    const statuses: string[] = [];
    while (statuses.length < 100) await move(gateway, statuses);
    await expect.poll(() => slowSockets(gateway)).toBe(1);
    expect(await readOn(gateway, slow, statuses.at(-1) ?? '')).toEqual(statuses);
  });

  it('is closed with 1013 when many answers wait', async () => {
    const gateway = await startLogGateway({ stallMs: 60_000 });
    gateway.calls.add('e1', 'accepted', { description: 'y'.repeat(1_000_000) });
    const slow = new SocketClient(gateway.url);
    await slow.init();
    slow.pause();
    for (let n = 0; n < 40; n += 1) slow.subscribe(`${n}`, '{ vpcEndpoint(id: "e1") { description } }');
    await expect.poll(() => slowSockets(gateway)).toBe(1);
    const closing = gateway.logs.find(({ msg }) => msg === 'socket closed: its client reads too slowly');
    expect(closing).toMatchObject({ reason: expect.stringContaining('bytes of answers wait'), address: '127.0.0.1' });
    slow.resume();
    expect(await slow.closed).toEqual(TOO_SLOW);
  });

  it('may read a large answer slowly', async () => {
    const gateway = await startLogGateway({ stallMs: 60_000 });
    await gateway.move('e1', 'creating');
    gateway.calls.add('e1', 'accepted', { description: 'y'.repeat(1_000_000) });
    const client = await watch(gateway);
    client.pause();
    const fields = Array.from({ length: 12 }, (_, n) => `d${n}: description`).join(' ');
    client.subscribe('query', `{ vpcEndpoint(id: "e1") { ${fields} } }`);
    await expect.poll(() => gateway.calls.calls.length).toBe(1);
    const statuses: string[] = [];
    await move(gateway, statuses);
    client.resume();
    const kinds = [await client.next(), await client.next(), await client.next()].map(
      ({ id, type }) => `${id} ${type}`,
    );
    expect(kinds.toSorted()).toEqual(['1 next', 'query complete', 'query next']);
    expect(await slowSockets(gateway)).toBe(0);
  });
});
