/** The subscribers of one server, in as many processes as it takes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { endWithUs } from '../../test/support/end-with-us.ts';
import type { Await, Join, Report } from '../servers/crowd.ts';
import { bundle } from './bundle.ts';

const PER_PROCESS = 5_000;
const ANSWER_MS = 30_000;

interface Part {
  readonly child: ChildProcess;
  readonly size: number;
}

export class Crowd {
  readonly #parts: Part[] = [];

  /** Resolves once all have subscribed. */
  async join(order: Omit<Join, 'kind'>): Promise<void> {
    const entry = await bundle('servers', 'crowd');
    for (let n = 0; n < order.ids.length; n += PER_PROCESS) {
      const ids = order.ids.slice(n, n + PER_PROCESS);
      const part = { child: endWithUs(fork(entry, { serialization: 'advanced' })), size: ids.length };
      this.#parts.push(part);
      await ask(part, { kind: 'join', ...order, ids });
    }
  }

  /** Resolves once every client has had so many more events. @throws when one had more. */
  async arrived(events: number): Promise<Report> {
    const reports = await Promise.all(
      this.#parts.map((part) => ask(part, { kind: 'await', events: events * part.size })),
    );
    return { times: reports.flatMap(({ times }) => times), text: reports[0]?.text ?? '' };
  }

  leave(): void {
    for (const { child } of this.#parts) child.kill('SIGKILL');
  }
}

async function ask({ child, size }: Part, order: Join | Await): Promise<Report> {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(ANSWER_MS)]);
  const answer = once(child, 'message', { signal });
  child.send(order);
  const ended = once(child, 'exit', { signal }).then(() =>
    Promise.reject(new Error('a process of the crowd has ended')),
  );
  const [report] = (await Promise.race([answer, ended]).finally(() => done.abort())) as [Report];
  if (order.kind === 'await' && report.times.length !== order.events) {
    throw new Error(`${size} clients had ${report.times.length} events instead of ${order.events}`);
  }
  return report;
}
