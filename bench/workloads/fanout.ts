/** The cost of one event for many subscribers, as a ratio to a bare socket server sending the same text. */
import { WebSocket } from 'ws';
import { figure, median, printTable, spread } from '../support/figures.ts';
import { startGateway } from '../support/gateway.ts';
import { send } from '../support/load.ts';
import { cpuMicros, rssMebibytes, type ServerProcess, startServer } from '../support/process.ts';
import { endpointId, ONE } from '../support/sample.ts';

const SUBSCRIBERS = Number(process.env.BENCH_SUBSCRIBERS ?? 500);
const TRANSITIONS = 20;
const PASSES = 5;
const EVENT_MS = 10_000;

const STUB = new URL('../servers/stub.ts', import.meta.url).pathname;
const FLOOR = new URL('../servers/floor-ws.ts', import.meta.url).pathname;

const LEAVES = 'kind endpointId projectId status rawStatus previousStatus version cursor more settled observedAt';
const FIELDS = `id status rawStatus serviceType ip activeStatus endpointServiceId endpointServiceName markerId enableDns
  vpcId subnetId createdAt updatedAt tags { key value } whitelist description`;
const SELECTIONS = [
  { name: '11 leaves', fields: LEAVES },
  { name: '11 leaves and 18 of the endpoint', fields: `${LEAVES} endpoint { ${FIELDS} }` },
] as const;

/** The crowd on one server: real sockets in this process, counted, not parsed. */
class Crowd {
  readonly #sockets: WebSocket[] = [];
  #received = 0;
  #awaited = 0;
  #arrived: () => void = () => {};
  lastText = '';

  async connect(url: string, count: number, query: string | null): Promise<void> {
    // Sequential: a flood of connections is another workload.
    for (let n = 0; n < count; n += 1) this.#sockets.push(await this.#open(url, query));
  }

  /** Resolves once every socket has had `events` more messages. */
  next(events = 1): Promise<void> {
    this.#received = 0;
    this.#awaited = this.#sockets.length * events;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.#received} of ${this.#awaited} came`)), EVENT_MS);
      this.#arrived = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async #open(url: string, query: string | null): Promise<WebSocket> {
    const protocols = query === null ? [] : ['graphql-transport-ws'];
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols, { perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const said = (): Promise<unknown> => new Promise((resolve) => socket.once('message', resolve));
    if (query !== null) {
      socket.send('{"type":"connection_init"}');
      await said();
      const payload = { query, variables: { id: endpointId(0) } };
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
      await said();
    }
    socket.on('message', (data: Buffer) => this.#count(data));
    return socket;
  }

  #count(data: Buffer): void {
    this.#received += 1;
    if (this.#received < this.#awaited) return;
    this.lastText = data.toString();
    this.#arrived();
  }
}

interface Figures {
  readonly cpu: number[];
  readonly lastMs: number[];
  kilobytes: number;
}

export async function fanout(): Promise<void> {
  const rows: string[][] = [];
  for (const { name, fields } of SELECTIONS) rows.push(await compare(name, fields));
  printTable(
    `${SUBSCRIBERS} subscribers of one endpoint, ${PASSES} interleaved passes of ${TRANSITIONS} transitions: server CPU per delivered event, µs`,
    [
      'selection',
      'bytes',
      'gateway',
      'floor',
      'gateway / floor',
      'last one after, ms',
      'floor',
      'RSS per subscriber, KiB',
      'floor',
    ],
    rows,
  );
}

async function compare(name: string, fields: string): Promise<string[]> {
  const stub = await startServer(STUB);
  const [gateway, floor] = [await startGateway(stub.url), await startServer(FLOOR)];
  const [ours, theirs] = [new Crowd(), new Crowd()];
  const target = { url: `${gateway.url}/graphql` };
  try {
    const query = `subscription($id: ID!) { endpointStatus(id: $id) { ${fields} } }`;
    await setStatus(stub, 'creating');
    await send(target, ONE);
    const gatewayFigures = await join(ours, gateway, query);
    const floorFigures = await join(theirs, floor, null);

    let moves = 0;
    const move = async (): Promise<void> => {
      moves += 1;
      await setStatus(stub, moves % 2 === 0 ? 'creating' : 'pendingAcceptance');
      // A read through the gateway is an observation as well: no need to wait for the next poll.
      await send(target, ONE);
    };
    const repeat = async (): Promise<void> => {
      await fetch(floor.url, { method: 'POST', body: ours.lastText }).then((response) => response.text());
    };
    // The first pass warms up and is not counted.
    for (let pass = 0; pass <= PASSES; pass += 1) {
      for (const which of pass % 2 === 0 ? ['gateway', 'floor'] : ['floor', 'gateway']) {
        const figures = which === 'gateway' ? gatewayFigures : floorFigures;
        const [crowd, server, act] =
          which === 'gateway' ? ([ours, gateway, move] as const) : ([theirs, floor, repeat] as const);
        await measure(pass === 0 ? { cpu: [], lastMs: [], kilobytes: 0 } : figures, crowd, server, act);
      }
    }
    return [
      name,
      String(ours.lastText.length),
      spread(gatewayFigures.cpu),
      spread(floorFigures.cpu),
      figure(median(gatewayFigures.cpu) / median(floorFigures.cpu)),
      figure(median(gatewayFigures.lastMs)),
      figure(median(floorFigures.lastMs)),
      figure(gatewayFigures.kilobytes),
      figure(floorFigures.kilobytes),
    ];
  } finally {
    ours.close();
    theirs.close();
    await Promise.all([gateway, floor, stub].map((server) => server.stop()));
  }
}

async function join(crowd: Crowd, server: ServerProcess, query: string | null): Promise<Figures> {
  const before = rssMebibytes(server.pid);
  await crowd.connect(server.url, SUBSCRIBERS, query);
  return { cpu: [], lastMs: [], kilobytes: ((rssMebibytes(server.pid) - before) * 1024) / SUBSCRIBERS };
}

async function measure(figures: Figures, crowd: Crowd, server: ServerProcess, act: () => Promise<void>): Promise<void> {
  const before = cpuMicros(server.pid);
  for (let n = 0; n < TRANSITIONS; n += 1) {
    const all = crowd.next();
    const from = performance.now();
    await act();
    await all;
    figures.lastMs.push(performance.now() - from);
  }
  figures.cpu.push((cpuMicros(server.pid) - before) / (TRANSITIONS * SUBSCRIBERS));
}

async function setStatus(stub: ServerProcess, word: string): Promise<void> {
  await fetch(`${stub.url}/control?status=${word}`).then((response) => response.text());
}
