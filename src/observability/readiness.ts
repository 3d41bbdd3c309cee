/** @returns null when ready, otherwise the reason in plain words, without secrets. */
export interface ReadinessCheck {
  readonly name: string;
  /** True: what is wrong makes the service less good, but taking this replica out of it would help nobody. */
  readonly degrades?: boolean;
  check(): string | null | Promise<string | null>;
}
