/** An independent reader that copies every project's log for as long as a scenario runs. */
import { setTimeout as delay } from 'node:timers/promises';
import { type LogUnderTest, redisLog } from '../support/event-logs.ts';
import type { ProjectHistory } from './oracle.ts';

const LOOK_MS = 150;
const PAGE = 500;

export class HistoryReader {
  readonly histories: ReadonlyMap<string, ProjectHistory>;
  readonly #opened: LogUnderTest;
  readonly #positions = new Map<string, { readonly epoch: string; readonly seq: number }>();
  readonly #reading: Promise<void>;
  #stopped = false;

  private constructor(opened: LogUnderTest, projects: readonly string[]) {
    this.#opened = opened;
    this.histories = new Map(projects.map((project) => [project, new Map()]));
    this.#reading = this.#run();
  }

  static async start(url: string, projects: readonly string[]): Promise<HistoryReader> {
    return new HistoryReader(await redisLog(url, undefined, 'vpcep-gateway'), projects);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#reading;
    await this.#opened.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      for (const [project, history] of this.histories) {
        // Redis is unavailable for a while in most scenarios; the next read catches up.
        await this.#copy(project, history).catch(() => {});
      }
      await delay(LOOK_MS);
    }
  }

  async #copy(project: string, history: ProjectHistory): Promise<void> {
    for (;;) {
      const known = this.#positions.get(project);
      const { position, entries } = await this.#opened.log.entries(project, known?.seq ?? 0, PAGE);
      if (position === null) return;
      if (known !== undefined && (known.epoch !== position.epoch || known.seq > position.seq)) {
        this.#positions.delete(project);
        continue;
      }
      const epoch = history.get(position.epoch) ?? new Map();
      history.set(position.epoch, epoch);
      for (const { seq, id, status, version } of entries) epoch.set(seq, { id, status, version });
      const seq = entries.at(-1)?.seq ?? known?.seq ?? 0;
      this.#positions.set(project, { epoch: position.epoch, seq });
      if (seq >= position.seq) return;
    }
  }
}
