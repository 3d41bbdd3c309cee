/** Reads environment variables through zod schemas and collects every fault. An empty value means unset. */
import { isIPv6 } from 'node:net';
import * as z from 'zod';
import { isLoopback } from '../shared/net.ts';
import { Secret } from '../shared/secret.ts';
import { type ConfigFiles, readSecretFile } from './files.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigFault {
  readonly variable: string;
  /** The rule, and the fix as a second sentence. Never holds the value where that may be a secret. */
  readonly message: string;
}

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, message }) => `  ${variable}: ${message}.`);
    super(`The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** The settings of a section: by property, the variable and its schema. Each schema must accept an unset variable. */
export type Section = Readonly<Record<string, readonly [variable: string, schema: z.ZodType]>>;
export type SettingsOf<S extends Section> = { readonly [Property in keyof S]: z.output<S[Property][1]> };

const NO_FILES: ConfigFiles = { defaultProfile: '', read: () => undefined };

export class Env {
  readonly faults: ConfigFault[] = [];
  /** Logged at every start. */
  readonly warnings: string[] = [];
  readonly files: ConfigFiles;
  readonly #variables: Environment;
  readonly #asked = new Set<string>();

  constructor(variables: Environment, files: ConfigFiles = NO_FILES) {
    this.#variables = variables;
    this.files = files;
  }

  fault(variable: string, message: string): void {
    this.faults.push({ variable, message });
  }

  /** Surrounding white space is dropped: it comes with values from files. */
  text(variable: string): string | undefined {
    this.#asked.add(variable);
    return this.#variables[variable]?.trim() || undefined;
  }

  read<const S extends Section>(section: S): SettingsOf<S> {
    const entries = Object.entries(section).map(([property, [variable, schema]]) => [
      property,
      this.value(variable, schema),
    ]);
    return Object.fromEntries(entries) as SettingsOf<S>;
  }

  /** A wrong value is a fault and counts as unset, so that the rest can be checked as well. */
  value<T>(variable: string, schema: z.ZodType<T>): T {
    const result = schema.safeParse(this.text(variable));
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues) {
      const [entry] = path;
      this.fault(variable, typeof entry === 'number' ? `entry ${entry + 1} ${message}` : message);
    }
    return schema.parse(undefined);
  }

  /** Whether a secret is given in one of its two forms. */
  has(variable: string): boolean {
    const given = [this.text(variable), this.text(`${variable}_FILE`)];
    return given.some((text) => text !== undefined);
  }

  /** The value of `variable`, or the content of the file that `variable_FILE` names. Faults never show the content. */
  secret(variable: string, form: z.ZodString = z.string()): Secret | undefined {
    const given = this.text(variable);
    const name = `${variable}_FILE`;
    const path = this.text(name);
    if (path === undefined) return given === undefined ? undefined : this.#secret(variable, given, form);
    if (given !== undefined) {
      this.fault(name, `must not be set together with ${variable}. Unset one of them`);
    } else if (!/^\.{0,2}\//.test(path)) {
      // The value may be the secret itself, so it is not shown.
      this.fault(name, 'must be the path of a file, beginning with /, ./ or ../. Give the path, not the secret');
    } else {
      const content = readSecretFile(this.files, path);
      if ('text' in content) return this.#secret(name, content.text, form);
      this.fault(name, `names ${path}, which ${content.fault}`);
    }
    return undefined;
  }

  #secret(variable: string, text: string, form: z.ZodString): Secret | undefined {
    const { success, error } = form.safeParse(text);
    if (success) return new Secret(text);
    for (const { message } of error.issues) this.fault(variable, message);
    return undefined;
  }

  /** Variables that are set and match `ours`, but that nothing has read: most are misspelt. */
  unread(ours: RegExp): string[] {
    const names = Object.keys(this.#variables).filter((name) => ours.test(name) && !this.#asked.has(name));
    return names.filter((name) => this.text(name) !== undefined).sort();
  }
}

const UNSET = 'Correct it or leave it unset';

/** Digits only, since Number() also accepts 4e3 and 0x10. */
export function integer(max: number, min = 1) {
  return z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number from ${min} to ${max}. ${UNSET}`,
    )
    .transform(Number);
}

export function positive(max: number) {
  return z
    .string()
    .refine(
      (text) => /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 && Number(text) <= max,
      `must be a number above 0 and at most ${max}. ${UNSET}`,
    )
    .transform(Number);
}

export function choice<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}. ${UNSET}`);
}

export const Flag = choice(['true', 'false']).transform((text) => text === 'true');
export const LogLevel = choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
/** 0: any free port. */
export const Port = integer(65_535, 0);
export const Host = z
  .string()
  .refine(
    (text) => isIPv6(text) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text),
    `must be an IP address or a host name, without scheme, brackets or port. ${UNSET}`,
  );

/** A comma list. An empty entry is left out. */
export function list<T>(entry: z.ZodType<T, string>) {
  const split = (text: string) => text.split(',').flatMap((part) => part.trim() || []);
  return z.string().transform(split).pipe(z.array(entry));
}

/** The origin of an upstream. */
export function baseUrl(production: boolean) {
  const error = 'must be an https:// or http:// URL. Use the form https://vpcep.example.com';
  return z
    .url({ protocol: /^https?$/, abort: true, error })
    .refine(
      (text) => new URL(text).username + new URL(text).password === '',
      'must not hold credentials. Keys have their own variables',
    )
    .refine(
      (text) => new URL(text).pathname === '/' && !/[?#]/.test(text),
      'must not have a path, a query or a fragment. Give scheme, host and port only',
    )
    .refine(
      (text) => !production || new URL(text).protocol === 'https:' || isLoopback(new URL(text).hostname),
      'must be https with NODE_ENV=production, unless the host is loopback. Use https://',
    )
    .transform((text) => new URL(text).origin)
    .optional();
}
