import { hash } from 'node:crypto';
import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** A secret text that no log, error or JSON shows. */
export class Secret {
  readonly #text: string;
  #digest: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Only for the code that sends or compares it. */
  reveal(): string {
    return this.#text;
  }

  /** SHA-256, computed on first use: a cache key that does not show the secret. */
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
