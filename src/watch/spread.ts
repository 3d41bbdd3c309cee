/** Spreads the polling of projects over the replicas: who polls too many hands some on. */
import type { EventLog } from '../events/event-log.ts';

export interface SpreadOptions {
  readonly log: Pick<EventLog, 'census'>;
  readonly replica: string;
  /** Projects that this replica polls right now. */
  readonly polls: () => number;
  /** Milliseconds between two looks at the census. */
  readonly everyMs: number;
}

/**
 * Every second look decides, and what it decided holds until the next look: by the one after that, all replicas have
 * counted what has changed hands, so that nothing is handed back again.
 */
export class Spread {
  readonly #options: SpreadOptions;
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;
  #looking = false;
  #decided: readonly Offer[] = [];
  /** Those of them that have something left, in the order in which they are made. */
  #offers: Offer[] = [];

  constructor(options: SpreadOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.look(), this.#options.everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#decide([]);
  }

  /** The replica that should have the next project; undefined: none. It counts as given, for many are on their way at once. */
  offer(): Offer | undefined {
    const [offer] = this.#offers;
    if (offer === undefined) return undefined;
    offer.left--;
    if (offer.left === 0) this.#offers.shift();
    return offer;
  }

  /** It did not want that project: it is asked again, after the others. */
  refused(offer: Offer): void {
    // Of an earlier decision: what that one had left has been dropped.
    if (!this.#decided.includes(offer)) return;
    offer.left++;
    this.#offers = [...this.#offers.filter((one) => one !== offer), offer];
  }

  async look(): Promise<void> {
    const { log, replica, polls } = this.#options;
    this.#decide([]);
    // A log that answers slowly is not asked twice at a time.
    if (this.#looking) return;
    this.#looking = true;
    try {
      const census = await log.census(replica, polls());
      if (this.#timer !== undefined && this.#looks++ % 2 === 1) this.#decide(surplus(census, replica));
    } catch {
      // Without the log nothing can be handed on, and the next look is soon.
    } finally {
      this.#looking = false;
    }
  }

  #decide(offers: readonly Offer[]): void {
    this.#decided = offers;
    this.#offers = [...offers];
  }
}

export interface Offer {
  readonly replica: string;
  left: number;
}

/**
 * What `replica` should hand to whom. All replicas work out the same plan from the same census: shares that differ by one
 * at most, the greater ones for those who have most. Only who has more than any share gives.
 */
export function surplus(census: ReadonlyMap<string, number>, replica: string): Offer[] {
  const all = [...census].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = all.reduce((sum, [, polls]) => sum + polls, 0);
  const [share, greater] = [Math.floor(total / all.length), total % all.length];
  const plan = all.map(([name, polls], i) => ({ name, polls, over: polls - share - (i < greater ? 1 : 0) }));
  const takers = plan.filter(({ over }) => over < 0).map(({ name, over }) => ({ replica: name, left: -over }));
  const offers: Offer[] = [];
  for (const { name, polls, over } of plan) {
    if (over <= 0 || polls <= share + Math.sign(greater)) continue;
    for (let left = over; left > 0 && takers[0] !== undefined; ) {
      const [taker] = takers;
      const given = Math.min(left, taker.left);
      left -= given;
      taker.left -= given;
      if (name === replica) offers.push({ replica: taker.replica, left: given });
      if (taker.left === 0) takers.shift();
    }
  }
  return offers;
}
