/** Reads single values out of the environment and collects what is wrong with them. An empty value means unset. */
import { isIPv6 } from 'node:net';
import { Secret } from '../shared/secret.ts';
import type { ConfigFiles } from './types.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigFault {
  readonly variable: string;
  /** What a value must be. Never holds the value itself where that may be a secret. */
  readonly rule: string;
  readonly fix: string;
}

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, rule, fix }) => `  ${variable}: ${rule}. ${fix}.`);
    super(`The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** What the text of a setting must be. */
export interface Form {
  readonly pattern: RegExp;
  readonly rule: string;
  readonly fix: string;
}

/** Visible ASCII: what a header can carry. The comma ends the key in `Authorization`. */
export const AK_FORM: Form = {
  pattern: /^[\x21-\x2b\x2d-\x7e]+$/,
  rule: 'must be visible ASCII without spaces and commas',
  fix: 'Copy it again',
};
export const SECURITY_TOKEN_FORM: Form = {
  pattern: /^[\x21-\x7e]+$/,
  rule: 'must be visible ASCII without spaces',
  fix: 'Copy it again',
};

const NO_FILES: Pick<ConfigFiles, 'read'> = { read: () => undefined };

export class Values {
  readonly faults: ConfigFault[] = [];
  readonly #env: Environment;
  readonly #read: ConfigFiles['read'];

  constructor(env: Environment, files: Pick<ConfigFiles, 'read'> = NO_FILES) {
    this.#env = env;
    this.#read = files.read;
  }

  fault(variable: string, rule: string, fix: string): void {
    this.faults.push({ variable, rule, fix });
  }

  /** Undefined when unset. Spaces and line ends around a value are dropped: they come with values read from files. */
  text(name: string): string | undefined {
    const value = this.#env[name]?.trim();
    return value === '' ? undefined : value;
  }

  /** As `text`, but a value that does not match is a fault and counts as unset. */
  matching(name: string, pattern: RegExp, rule: string, fix: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || pattern.test(value)) return value;
    this.fault(name, rule, fix);
    return undefined;
  }

  /** Whether a setting that may come out of a file is given in one of its two forms. */
  has(name: string): boolean {
    return (this.text(name) ?? this.text(`${name}_FILE`)) !== undefined;
  }

  /**
   * The value of `name`, or the content of the file that `name_FILE` names, as container platforms hand out secrets.
   * Both at once, a file that cannot be read and a content of another form are faults, which never show the content.
   */
  secret(name: string, form?: Form): Secret | undefined {
    const given = this.text(name);
    const path = this.text(`${name}_FILE`);
    if (given !== undefined && path !== undefined) {
      this.fault(`${name}_FILE`, `must not be set together with ${name}`, 'Unset one of them');
      return undefined;
    }
    const text = path === undefined ? given : this.#contentOf(`${name}_FILE`, path);
    if (text === undefined) return undefined;
    if (form === undefined || form.pattern.test(text)) return new Secret(text);
    this.fault(path === undefined ? name : `${name}_FILE`, form.rule, form.fix);
    return undefined;
  }

  #contentOf(variable: string, path: string): string | undefined {
    // Somebody may have put the secret itself here; what does not begin like a path is not shown.
    if (!/^\.{0,2}\//.test(path)) {
      this.fault(variable, 'must be the path of a file, beginning with /, ./ or ../', 'Give the path, not the secret');
      return undefined;
    }
    const content = readSecretFile(this.#read, path);
    if (typeof content === 'string') return content;
    this.fault(variable, `names ${path}, which ${content.rule}`, content.fix);
    return undefined;
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined)
      this.fault(name, `must be one of ${choices.join(', ')}`, 'Use one of them or leave it unset');
    return choice ?? fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    return this.choice(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  port(name: string, fallback: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    this.fault(name, 'must be a whole number from 0 to 65535', `Leave it unset for ${fallback}; 0 takes any free port`);
    return fallback;
  }

  /** A positive number up to `max`. */
  factor(name: string, fallback: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (number > 0 && number <= max) return number;
    this.fault(name, `must be a number above 0 and at most ${max}`, `Leave it unset for ${fallback}`);
    return fallback;
  }

  /** A whole number from `least` to `max`. */
  count(name: string, fallback: number, max: number, least = 1): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= max) return number;
    this.fault(name, `must be a whole number from ${least} to ${max}`, `Leave it unset for ${fallback}`);
    return fallback;
  }

  host(name: string, fallback: string): string {
    const value = this.text(name);
    if (value === undefined || isIPv6(value)) return value ?? fallback;
    const rule = 'must be an IP address or a host name, without scheme, brackets or port';
    return this.matching(name, HOST_NAME, rule, `Leave it unset for ${fallback}`) ?? fallback;
  }
}

/** The one line in a file that holds a secret, or what is wrong with the file. */
export function readSecretFile(read: ConfigFiles['read'], path: string): string | Pick<ConfigFault, 'rule' | 'fix'> {
  let content: string | undefined;
  try {
    content = read(path);
  } catch {
    return { rule: 'cannot be read', fix: 'Give the user of this process the right to read it' };
  }
  if (content === undefined) return { rule: 'does not exist', fix: 'Correct the path, or mount the file' };
  const text = content.trim();
  if (text === '') return { rule: 'is empty', fix: 'Write the secret into it' };
  // Certificates and profiles have lines; a secret with one in its middle is some other file.
  return /[\r\n]/.test(text) ? { rule: 'has more than one line', fix: 'Write the secret alone into it' } : text;
}

/** What is wrong with the base URL of an upstream. */
export function baseUrlFaults(text: string, production: boolean): Pick<ConfigFault, 'rule' | 'fix'>[] {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return [{ rule: 'must be an https:// or http:// URL', fix: 'Use the form https://vpcep.example.com' }];
  }
  const faults: Pick<ConfigFault, 'rule' | 'fix'>[] = [];
  if (url.username !== '' || url.password !== '') {
    const fix = 'Take user and password out of the URL; keys have their own variables';
    faults.push({ rule: 'must not hold credentials', fix });
  }
  if (url.pathname !== '/' || /[?#]/.test(text)) {
    faults.push({ rule: 'must not have a path, a query or a fragment', fix: 'Give scheme, host and port only' });
  }
  if (url.protocol === 'http:' && production && !isLoopback(url.hostname)) {
    faults.push({ rule: 'must be https with NODE_ENV=production, unless the host is loopback', fix: 'Use https://' });
  }
  return faults;
}

/** IPv4 addresses included. */
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** True for addresses that only this machine can reach. Takes IPv6 addresses with or without brackets. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}
