/** Counts the calls to upstream that one operation makes, for a client that has asked what it costs. */
export class CallMeter {
  estimated: number;
  actual = 0;
  readonly count = (): void => {
    this.actual += 1;
  };

  constructor(estimated: number) {
    this.estimated = estimated;
  }

  /** As `extensions` of an answer has it. */
  report(): { readonly cost: { readonly estimated: number; readonly actual: number } } {
    return { cost: { estimated: this.estimated, actual: this.actual } };
  }
}

/**
 * @param extensions of the request: `{ cost: true }` asks.
 * @param estimated when it is known already.
 */
export function meterFor(extensions: unknown, estimated = 0): CallMeter | undefined {
  const { cost }: { readonly cost?: unknown } = Object(extensions);
  return cost === true ? new CallMeter(estimated) : undefined;
}
