/** One request and its answer in full, for whoever wants to check them. Of the headers only names: values may be secret. */
export interface Exchange {
  /** The X-Request-Id of the answer. */
  readonly id: string;
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly url: string;
  /** Lower case. */
  readonly headerNames: readonly string[];
  readonly contentType: string | null;
  readonly projectHeader: string | null;
  readonly requestText: string;
  /** Kinds of the faults that fired. */
  readonly faults: readonly string[];
  /** Null: the connection was cut instead. */
  readonly answer: { readonly status: number; readonly contentType: string | null; readonly text: string } | null;
}

/** Called just before the answer leaves. */
export type ExchangeObserver = (exchange: Exchange) => void;
