/**
 * Rules on input that GraphQL cannot check, each a pure function from a value to its fault, or null (NOTES.md, Tables
 * 3-5). `InputCheck` collects every broken rule of one input, so that all are reported together.
 */

import { isEmpty } from '../../shared/objects.ts';
import { MARK_TAG_KEY, MOST_TAGS, type Tag } from '../../vpcep/core/model.ts';
import { InputError, type InputIssue } from '../errors/gateway-errors.ts';
import type { TagInput } from './tag.type.ts';

/** A broken rule without its place. `message` continues the field's name: "must be …: fix". */
interface Fault {
  readonly rule: string;
  readonly message: string;
}

export type Rule<T> = (value: T) => Fault | null;

type Given<T> = T | null | undefined;

/** Lengths count Unicode code points, not UTF-16 units. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV4_OR_CIDR = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}(?:/(?:3[0-2]|[12]?\\d))?$`);
// Marks are part of letters in many scripts (and of decomposed accents), so they count as letters.
const TAG_KEY = /^[\p{L}\p{M}\p{Nd} _.:=+\-@]*$/u;
const TAG_VALUE = /^[\p{L}\p{M}\p{Nd} _.:/=+\-@]*$/u;

export const DESCRIPTION_MAX = 512;
export const IDEMPOTENCY_KEY_MAX = 255;
/** Of a stored name, in filters and `describeEndpointService` (schema/vpcep.openapi.yaml, `ServiceNameQuery`). */
export const SERVICE_NAME_MAX = 128;
export const TAG_KEY_MAX = 128;
export const TAG_VALUE_MAX = 255;

export const idRule: Rule<string> = (value) =>
  ID.test(value)
    ? null
    : { rule: 'id', message: 'must be an ID of 1 to 64 characters A-Z, a-z, 0-9, _ and -: copy it from the resource' };

export const uuidRule: Rule<string> = (value) =>
  UUID.test(value)
    ? null
    : {
        rule: 'uuid',
        message: 'must be a UUID such as 5d1c1d71-2613-4274-b34e-d82af550f967: give the network ID of the subnet',
      };

export const ipv4Rule: Rule<string> = (value) =>
  IPV4.test(value)
    ? null
    : {
        rule: 'ipv4',
        message: 'must be an IPv4 address such as 192.168.0.10: four numbers 0 to 255 without leading zeros',
      };

export const whitelistRule: Rule<string> = (value) =>
  IPV4_OR_CIDR.test(value)
    ? null
    : { rule: 'ipv4-or-cidr', message: 'must be an IPv4 address or CIDR block such as 192.168.0.10 or 192.168.0.0/24' };

/** By the parser of URLs, which browsers have as well. Zones (`fe80::1%eth0`) mean something on one machine only. */
export const ipv6Rule: Rule<string> = (value) =>
  /^[\da-f:.]+$/i.test(value) && URL.canParse(`http://[${value}]`)
    ? null
    : { rule: 'ipv6', message: 'must be an IPv6 address such as 2001:db8::10, without a zone' };

export function lengthRule(min: number, max: number): Rule<string> {
  return (value) => {
    const length = codePoints(value);
    return length >= min && length <= max
      ? null
      : { rule: 'length', message: `must have ${min} to ${max} characters: it has ${length}` };
  };
}

export const noAngleBrackets: Rule<string> = (value) =>
  /[<>]/.test(value) ? { rule: 'characters', message: 'must not contain < or >: leave them out' } : null;

export const tagKeyCharacters: Rule<string> = (value) =>
  TAG_KEY.test(value)
    ? null
    : {
        rule: 'characters',
        message: 'may only have letters, digits, spaces and _ . : = + - @: replace other characters',
      };

export const tagKeyOuterSpaces: Rule<string> = (value) =>
  value.startsWith(' ') || value.endsWith(' ')
    ? { rule: 'outer-space', message: 'must not start or end with a space: trim it' }
    : null;

/** Upper-case forms are not reserved. */
export const tagKeyPrefix: Rule<string> = (value) =>
  value.startsWith('_sys_')
    ? { rule: 'prefix', message: 'must not start with _sys_ (system tags): choose another key' }
    : null;

export const tagKeyReserved: Rule<string> = (value) =>
  value === MARK_TAG_KEY
    ? { rule: 'reserved', message: `must not be ${MARK_TAG_KEY} (the gateway's own): choose another key` }
    : null;

export const tagValueCharacters: Rule<string> = (value) =>
  TAG_VALUE.test(value)
    ? null
    : {
        rule: 'characters',
        message: 'may only have letters, digits, spaces and _ . : / = + - @: replace other characters',
      };

export class InputCheck {
  readonly #issues: InputIssue[] = [];

  report(path: string, fault: Fault): void {
    this.#issues.push({ path, rule: fault.rule, message: `${path} ${fault.message}` });
  }

  /** The value as it is; undefined when it is absent or null. */
  text(path: string, value: string, ...rules: readonly Rule<string>[]): string;
  text(path: string, value: Given<string>, ...rules: readonly Rule<string>[]): string | undefined;
  text(path: string, value: Given<string>, ...rules: readonly Rule<string>[]): string | undefined {
    if (value === undefined || value === null) {
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

  list<Item, T>(path: string, items: readonly Item[], read: (path: string, item: Item) => T): readonly T[];
  list<Item, T>(
    path: string,
    items: Given<readonly Item[]>,
    read: (path: string, item: Item) => T,
  ): readonly T[] | undefined;
  list<Item, T>(
    path: string,
    items: Given<readonly Item[]>,
    read: (path: string, item: Item) => T,
  ): readonly T[] | undefined {
    return items?.map((item, index) => read(`${path}.${index}`, item));
  }

  /** Texts of which each keeps every rule. */
  texts(path: string, values: readonly string[], ...rules: readonly Rule<string>[]): readonly string[];
  texts(
    path: string,
    values: Given<readonly string[]>,
    ...rules: readonly Rule<string>[]
  ): readonly string[] | undefined;
  texts(
    path: string,
    values: Given<readonly string[]>,
    ...rules: readonly Rule<string>[]
  ): readonly string[] | undefined {
    return this.list(path, values, (at, value) => this.text(at, value, ...rules));
  }

  atMost(path: string, items: readonly unknown[] | undefined, most: number, what: string): void {
    if (items !== undefined && items.length > most) {
      this.report(path, { rule: 'count', message: `may hold at most ${most} ${what}: it holds ${items.length}` });
    }
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

function readTag(check: InputCheck, path: string, { key, value }: TagInput): Tag {
  const rules = [lengthRule(1, TAG_KEY_MAX), tagKeyCharacters, tagKeyOuterSpaces, tagKeyPrefix, tagKeyReserved];
  return {
    key: check.text(`${path}.key`, key, ...rules),
    value: check.text(`${path}.value`, value ?? '', lengthRule(0, TAG_VALUE_MAX), tagValueCharacters),
  };
}

export function readTags(
  check: InputCheck,
  path: string,
  value: readonly TagInput[] | null | undefined,
): readonly Tag[] | undefined {
  const tags = check.list(path, value, (itemPath, item) => readTag(check, itemPath, item));
  check.atMost(path, tags, MOST_TAGS, 'tags');
  check.unique(
    path,
    tags?.map((tag) => tag.key),
    '.key',
  );
  return tags;
}
