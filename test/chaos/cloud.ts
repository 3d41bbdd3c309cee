/** An upstream whose endpoints change all the time: list and detail of VPCEP, for several projects, with faults on demand. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { upstreamEndpoint } from '../../bench/support/sample.ts';
import type { Dice } from './random.ts';

const STATUSES = ['creating', 'pendingAcceptance', 'accepted', 'rejected', 'failed'] as const;
const DELETING = 'deleting';
const MOVE_MS = 100;
/** A deletion takes this long. */
const DELETE_MS = 2_000;

interface Row {
  readonly id: string;
  readonly createdAt: string;
  status: string;
}

export interface CloudOptions {
  readonly projects: readonly string[];
  readonly endpointsPerProject: number;
  readonly movesPerSecond: number;
  readonly dice: Dice;
}

export class Cloud {
  readonly #options: CloudOptions;
  readonly #projects: ReadonlyMap<string, Map<string, Row>>;
  readonly #server = createServer((request, response) =>
    this.#answer(request.method ?? '', request.url ?? '', response),
  );
  #moving: NodeJS.Timeout | undefined;
  #made = 0;
  #owed = 0;
  /** While true about every third answer is a failure. */
  ill = false;
  calls = 0;
  moves = 0;

  private constructor(options: CloudOptions) {
    this.#options = options;
    this.#projects = new Map(options.projects.map((project) => [project, new Map<string, Row>()]));
    for (const rows of this.#projects.values())
      for (let n = 0; n < options.endpointsPerProject; n++) this.#create(rows, options.dice.pick(STATUSES));
  }

  static async start(options: CloudOptions): Promise<Cloud> {
    const cloud = new Cloud(options);
    cloud.#server.listen(0, '127.0.0.1');
    await once(cloud.#server, 'listening');
    return cloud;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Endpoint → current status. */
  truth(project: string): ReadonlyMap<string, string> {
    return new Map([...this.#rows(project).values()].map(({ id, status }) => [id, status]));
  }

  begin(): void {
    this.#moving = setInterval(() => {
      this.#owed += (this.#options.movesPerSecond * MOVE_MS) / 1_000;
      for (; this.#owed >= 1; this.#owed--) this.#move();
    }, MOVE_MS);
  }

  /** Stops all changes except deletions under way. */
  rest(): void {
    clearInterval(this.#moving);
  }

  async stop(): Promise<void> {
    this.rest();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #rows(project: string): Map<string, Row> {
    const rows = this.#projects.get(project);
    if (rows === undefined) throw new Error(`there is no project ${project}`);
    return rows;
  }

  #create(rows: Map<string, Row>, status: string): void {
    const id = `c4a05000-0000-4000-8000-${(this.#made++).toString(16).padStart(12, '0')}`;
    const at = seconds();
    rows.set(id, { id, status, createdAt: at });
  }

  #move(): void {
    const { dice, projects } = this.#options;
    const rows = this.#rows(dice.pick(projects));
    const row = dice.pick([...rows.values()]);
    this.moves++;
    if (row.status === DELETING) return;
    if (dice.next() > 0.02) {
      row.status = dice.pick(STATUSES.filter((status) => status !== row.status));
      return;
    }
    row.status = DELETING;
    this.#create(rows, 'creating');
    setTimeout(() => rows.delete(row.id), DELETE_MS);
  }

  #answer(method: string, target: string, response: ServerResponse): void {
    this.calls++;
    const { pathname, searchParams } = new URL(target, 'http://cloud');
    const [, , project = '', noun, id] = pathname.split('/');
    if (this.ill && this.#sicken(response)) return;
    const rows = method === 'GET' && noun === 'vpc-endpoints' ? this.#projects.get(project) : undefined;
    const row = id === undefined ? undefined : rows?.get(id);
    if (rows === undefined || (id !== undefined && row === undefined)) send(response, 404, MISSING);
    else if (row !== undefined) send(response, 200, shown(row));
    else send(response, 200, page(rows, searchParams));
  }

  #sicken(response: ServerResponse): boolean {
    const luck = this.#options.dice.next();
    if (luck < 0.1) send(response, 429, { error_code: 'APIGW.0308', error_msg: 'throttled' }, { 'retry-after': '1' });
    else if (luck < 0.2) send(response, 500, { error_code: 'EndPoint.0001', error_msg: 'internal' });
    else if (luck < 0.25) send(response, 503, {});
    else if (luck < 0.3) response.writeHead(200, { 'content-type': 'application/json' }).end('{"endpoints":[{"id"');
    else if (luck < 0.35) response.destroy();
    else return false;
    return true;
  }
}

/** In the order of their creation. */
function page(all: ReadonlyMap<string, Row>, query: URLSearchParams): object {
  const offset = Number(query.get('offset') ?? 0);
  const rows = [...all.values()].slice(offset, offset + Number(query.get('limit') ?? 10));
  return { endpoints: rows.map(shown), total_count: all.size };
}

const MISSING = { error: { message: 'not found', code: 'EndPoint.0005' } };

/** A change of the status does not move `updated_at`: no document says that it must. */
function shown({ id, status, createdAt }: Row): object {
  return { ...upstreamEndpoint(id, status, createdAt), created_at: createdAt };
}

/** Upstream's times have whole seconds. */
function seconds(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
