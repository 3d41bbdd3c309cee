export interface Sleep {
  readonly done: Promise<void>;
  /** Ends it early. */
  end(): void;
}

/** A sleep that can be cut short and leaves no timer behind. */
export function pause(ms: number): Sleep {
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    end = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { done, end };
}
