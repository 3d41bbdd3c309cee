import { hash } from 'node:crypto';
import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** Holds a secret text so that no log, error or JSON shows it. Equal object, equal secret: it can be a cache's key. */
export class Secret {
  readonly #text: string;
  #digest: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** For the one place that sends or compares it. */
  reveal(): string {
    return this.#text;
  }

  /** SHA-256: tells secrets apart without showing them. Made once, and only when it is asked for. */
  digest(): string {
    this.#digest ??= hash('sha256', this.#text, 'base64');
    return this.#digest;
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
