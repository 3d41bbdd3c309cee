/** Collects every broken rule of one input, so that all are reported together. */

import { isEmpty } from '../../shared/objects.ts';
import { InputError, type InputIssue } from '../errors/gateway-errors.ts';
import type { Fault, Rule } from './input-rules.ts';

export class InputCheck {
  readonly #issues: InputIssue[] = [];

  report(path: string, fault: Fault): void {
    this.#issues.push({ path, rule: fault.rule, message: `${path} ${fault.message}` });
  }

  /** Text that keeps every rule; undefined when it is absent, null or faulty. */
  text(path: string, value: unknown, ...rules: readonly Rule<string>[]): string | undefined {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== 'string') {
      this.report(path, { rule: 'type', message: 'must be text' });
      return undefined;
    }
    for (const rule of rules) {
      const fault = rule(value);
      if (fault !== null) {
        this.report(path, fault);
      }
    }
    return value;
  }

  requiredText(path: string, value: unknown, ...rules: readonly Rule<string>[]): string {
    if (value === undefined || value === null) {
      this.report(path, { rule: 'required', message: 'is required: give a value' });
    }
    return this.text(path, value, ...rules) ?? '';
  }

  flag(path: string, value: unknown): boolean | undefined {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== 'boolean') {
      this.report(path, { rule: 'type', message: 'must be true or false' });
      return undefined;
    }
    return value;
  }

  object(path: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.report(path, { rule: 'type', message: 'must be an object' });
      return undefined;
    }
    return Object.fromEntries(Object.entries(value));
  }

  list<T>(path: string, value: unknown, read: (path: string, item: unknown) => T): readonly T[] | undefined {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (!Array.isArray(value)) {
      this.report(path, { rule: 'type', message: 'must be a list' });
      return undefined;
    }
    return Array.from(value, (item: unknown, index) => read(`${path}.${index}`, item));
  }

  notEmpty(path: string, given: object | undefined, fix = 'name at least one'): void {
    if (isEmpty(given)) {
      this.report(path, { rule: 'empty', message: `must not be empty: ${fix}` });
    }
  }

  /** Reported at the second and every further place; `suffix` is where the key lies within an item. */
  unique(path: string, keys: readonly string[] | undefined, suffix = ''): void {
    const seen = new Set<string>();
    for (const [index, key] of (keys ?? []).entries()) {
      if (seen.has(key)) {
        this.report(`${path}.${index}${suffix}`, { rule: 'duplicate', message: 'is there twice: leave one out' });
      }
      seen.add(key);
    }
  }

  /** @throws InputError with everything reported so far. */
  done(): void {
    if (this.#issues.length > 0) {
      throw new InputError(this.#issues);
    }
  }
}
