import { isIP } from 'node:net';
import { isLoopback, type Values } from './env.ts';
import type { BudgetSettings } from './types.ts';

const MOST_PER_SECOND = 100_000;

export const BUDGET_VARIABLES: readonly string[] = [
  'VPCEP_READS_PER_SECOND',
  'VPCEP_WRITES_PER_SECOND',
  'VPCEP_POLLS_PER_SECOND',
  'VPCEP_BUDGET_REPLICAS',
];

/** The defaults are explained in docs/reference/configuration.md. */
export function readBudget(values: Values): BudgetSettings {
  return {
    readsPerSecond: values.factor('VPCEP_READS_PER_SECOND', 100, MOST_PER_SECOND),
    writesPerSecond: values.factor('VPCEP_WRITES_PER_SECOND', 20, MOST_PER_SECOND),
    pollsPerSecond: values.factor('VPCEP_POLLS_PER_SECOND', 10, MOST_PER_SECOND),
    replicas: values.count('VPCEP_BUDGET_REPLICAS', 3, 1000),
  };
}

/** Addresses of reverse proxies: one, or all that begin with the same `prefix` bits. */
export interface ProxyRange {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly prefix: number;
}

/** @returns null for what is neither an IP address nor a network in CIDR form. */
function parseRange(text: string): ProxyRange | null {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  // An address with a zone (fe80::1%eth0) means something on one machine only.
  if (version === 0 || address.includes('%') || rest.length > 0) {
    return null;
  }
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return prefix >= 0 && prefix <= bits ? { address, family: version === 4 ? 'ipv4' : 'ipv6', prefix } : null;
}

export function readTrustedProxies(values: Values): readonly ProxyRange[] {
  const entries = (values.text('TRUSTED_PROXIES') ?? '').split(',').flatMap((part) => part.trim() || []);
  const ranges = entries.map(parseRange);
  const wrong = ranges.flatMap((range, index) => (range === null ? [index + 1] : []));
  if (wrong.length > 0) {
    values.fault(
      'TRUSTED_PROXIES',
      'must be a comma list of IP addresses and networks, without names or zones',
      `Correct entry ${wrong.join(', ')}; the forms are 10.0.0.7, 10.0.0.0/8 and fd00::/8`,
    );
  }
  return ranges.filter((range) => range !== null);
}

/** How much each caller may cause, and how many wrong tokens an address may send. */
export interface RateSettings {
  readonly costPerMinute: number;
  readonly failuresPerMinute: number;
}

interface Place {
  readonly authMode: string;
  readonly host: string;
  /** Of one operation. */
  readonly maxCost: number;
}

/** Null: only this machine can reach the port, and whoever does is the operator. */
export function readRates(values: Values, where: Place): RateSettings | null {
  const settings = {
    costPerMinute: values.count('RATE_LIMIT_COST_PER_MINUTE', 6_000, 10_000_000),
    failuresPerMinute: values.count('RATE_LIMIT_FAILURES_PER_MINUTE', 60, 1_000_000),
  };
  if (settings.costPerMinute < where.maxCost) {
    const rule = `must be at least MAX_COST (${where.maxCost})`;
    values.fault('RATE_LIMIT_COST_PER_MINUTE', rule, 'Raise it, or lower MAX_COST: else some operations never run');
  }
  return where.authMode === 'none' && isLoopback(where.host) ? null : settings;
}

/** What one client may hold open, and send over it. */
export interface SocketSettings {
  /** WebSockets and event streams together. */
  readonly perCaller: number;
  readonly perAddress: number;
  /** Subscriptions on one WebSocket, or on one event stream. */
  readonly subscriptions: number;
  /** Of one WebSocket message. */
  readonly messageBytes: number;
  /** On one WebSocket. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Of the whole process; null: as many as the system gives. */
  readonly maxConnections: number | null;
}

const MOST = 1_000_000;
/** A message is held in memory as a whole. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The defaults are explained in docs/reference/configuration.md. */
export function readSockets(values: Values): SocketSettings {
  return {
    perCaller: values.count('MAX_SOCKETS_PER_CALLER', 1000, MOST),
    perAddress: values.count('MAX_SOCKETS_PER_ADDRESS', 1000, MOST),
    subscriptions: values.count('MAX_SUBSCRIPTIONS_PER_SOCKET', 100, MOST),
    messageBytes: values.count('MAX_MESSAGE_BYTES', 65_536, MOST_BYTES),
    messagesPerSecond: values.factor('MAX_MESSAGES_PER_SECOND', 50, MOST),
    messageBurst: values.count('MAX_MESSAGE_BURST', 500, MOST),
    maxConnections: values.text('MAX_CONNECTIONS') === undefined ? null : values.count('MAX_CONNECTIONS', MOST, MOST),
  };
}
