/** An independent reader that copies every followed log for as long as a scenario runs. */
import { setTimeout as delay } from 'node:timers/promises';
import { type LogUnderTest, redisLog } from '../support/event-logs.ts';
import type { LogHistory } from './oracle.ts';

const LOOK_MS = 150;
const PAGE = 500;

export class HistoryReader {
  /** By the name of the log. */
  readonly histories = new Map<string, LogHistory>();
  readonly #opened: LogUnderTest;
  readonly #positions = new Map<string, { readonly epoch: string; readonly seq: number }>();
  readonly #reading: Promise<void>;
  #stopped = false;

  private constructor(opened: LogUnderTest) {
    this.#opened = opened;
    this.#reading = this.#run();
  }

  static async start(url: string): Promise<HistoryReader> {
    return new HistoryReader(await redisLog(url, undefined, 'vpcep-gateway'));
  }

  copy(log: string): void {
    if (!this.histories.has(log)) this.histories.set(log, new Map());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#reading;
    await this.#opened.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      for (const [log, history] of this.histories) {
        // Redis is unavailable for a while in most scenarios; the next read catches up.
        await this.#read(log, history).catch(() => {});
      }
      await delay(LOOK_MS);
    }
  }

  async #read(log: string, history: LogHistory): Promise<void> {
    for (;;) {
      const known = this.#positions.get(log);
      const { position, entries } = await this.#opened.log.entries(log, known?.seq ?? 0, PAGE);
      if (position === null) return;
      if (known !== undefined && (known.epoch !== position.epoch || known.seq > position.seq)) {
        this.#positions.delete(log);
        continue;
      }
      const epoch = history.get(position.epoch) ?? new Map();
      history.set(position.epoch, epoch);
      for (const { seq, id, status, version } of entries) epoch.set(seq, { id, status, version });
      const seq = entries.at(-1)?.seq ?? known?.seq ?? 0;
      this.#positions.set(log, { epoch: position.epoch, seq });
      if (seq >= position.seq) return;
    }
  }
}
