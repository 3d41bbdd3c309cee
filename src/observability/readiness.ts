/** @returns null when ready, otherwise the reason in plain words, without secrets. */
export interface ReadinessCheck {
  readonly name: string;
  /** True: a failure degrades the service, but taking this replica out of it would not help. */
  readonly degrades?: boolean;
  check(): string | null | Promise<string | null>;
}
