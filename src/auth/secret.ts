import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** Holds a secret text so that no log, error or JSON shows it. Equal object, equal secret: it can be a cache's key. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For the one place that sends or compares it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
