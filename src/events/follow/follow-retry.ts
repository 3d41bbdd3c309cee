const FIRST_MS = 1_000;
const MAX_MS = 15_000;

/**
 * Milliseconds before a follower tries again after so many attempts in vain: doubling, with a quarter of jitter either
 * way, because thousands that were lost together must not come back together.
 * @param random 0 to 1
 */
export function retryMs(attempts: number, random: number): number {
  return Math.min(MAX_MS, FIRST_MS * 2 ** attempts) * (0.75 + random / 2);
}

/** Resolves when what `arm` is given is called, or after so many milliseconds; undefined: only when called. */
export async function wokenWithin(ms: number | undefined, arm: (wake: () => void) => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    arm(resolve);
    if (ms !== undefined) timer = setTimeout(resolve, ms);
  });
  clearTimeout(timer);
}
