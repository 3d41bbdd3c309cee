export interface Sleep {
  readonly done: Promise<void>;
  /** Ends it in so many milliseconds, unless it ends before. */
  endWithin(ms: number): void;
}

/** A sleep that can be cut short and leaves no timer behind. */
export function pause(ms: number): Sleep {
  const timers: NodeJS.Timeout[] = [];
  let wake = (): void => {};
  const endWithin = (withinMs: number): void => void timers.push(setTimeout(() => wake(), withinMs));
  const done = new Promise<void>((resolve) => {
    wake = resolve;
  });
  endWithin(ms);
  return { done: done.finally(() => timers.forEach(clearTimeout)), endWithin };
}
