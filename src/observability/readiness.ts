/** @returns null when ready, otherwise the reason in plain words, without secrets. */
export interface ReadinessCheck {
  readonly name: string;
  /** True: the replica still serves, with less; taking it out of the load balancer would not help. */
  readonly degrades?: boolean;
  check(): string | null | Promise<string | null>;
}
