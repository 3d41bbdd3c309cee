/** Limits on callers, sockets and upstream calls. docs/reference/configuration.md explains the defaults. */
import { isIP, isIPv4 } from 'node:net';
import * as z from 'zod';
import { isLoopback } from '../shared/net.ts';
import { type Env, integer, list, positive, type Section, type SettingsOf } from './env.ts';

const MOST = 1_000_000;
const MOST_PER_SECOND = 100_000;

/** Upstream calls of each project. */
export const BUDGET = {
  readsPerSecond: ['VPCEP_READS_PER_SECOND', positive(MOST_PER_SECOND).default(100)],
  writesPerSecond: ['VPCEP_WRITES_PER_SECOND', positive(MOST_PER_SECOND).default(20)],
  pollsPerSecond: ['VPCEP_POLLS_PER_SECOND', positive(MOST_PER_SECOND).default(10)],
  /** Without Redis each replica uses its budget divided by this. */
  replicas: ['VPCEP_BUDGET_REPLICAS', integer(1000).default(3)],
} satisfies Section;
export type BudgetSettings = SettingsOf<typeof BUDGET>;

/** What one client may hold open, and send over it. */
export const SOCKETS = {
  /** WebSockets and event streams together. */
  perCaller: ['MAX_SOCKETS_PER_CALLER', integer(MOST).default(1000)],
  perAddress: ['MAX_SOCKETS_PER_ADDRESS', integer(MOST).default(1000)],
  /** Subscriptions on one WebSocket, or on one event stream. */
  subscriptions: ['MAX_SUBSCRIPTIONS_PER_SOCKET', integer(MOST).default(100)],
  /** Of one WebSocket message, which is held in memory as a whole. */
  messageBytes: ['MAX_MESSAGE_BYTES', integer(16 * 1024 * 1024).default(65_536)],
  /** On one WebSocket. */
  messagesPerSecond: ['MAX_MESSAGES_PER_SECOND', positive(MOST).default(50)],
  messageBurst: ['MAX_MESSAGE_BURST', integer(MOST).default(500)],
  /** Of the whole process; null: as many as the system gives. */
  maxConnections: ['MAX_CONNECTIONS', integer(MOST).nullable().default(null)],
} satisfies Section;
export type SocketSettings = SettingsOf<typeof SOCKETS>;

const RATES = {
  /** Upstream calls that the operations of one caller may cause. */
  costPerMinute: ['RATE_LIMIT_COST_PER_MINUTE', integer(10_000_000).default(6_000)],
  /** Wrong tokens from one address. */
  failuresPerMinute: ['RATE_LIMIT_FAILURES_PER_MINUTE', integer(1_000_000).default(60)],
} satisfies Section;
export type RateSettings = SettingsOf<typeof RATES>;

interface RateContext {
  readonly authMode: string;
  readonly host: string;
  readonly maxCost: number;
}

/** Null: only the operator can reach the port, and is not limited. */
export function readRates(env: Env, { authMode, host, maxCost }: RateContext): RateSettings | null {
  const rates = env.read(RATES);
  if (rates.costPerMinute < maxCost) {
    const fix = 'Raise it, or lower MAX_COST: else some operations never run';
    env.fault('RATE_LIMIT_COST_PER_MINUTE', `must be at least MAX_COST (${maxCost}). ${fix}`);
  }
  return authMode === 'none' && isLoopback(host) ? null : rates;
}

/** Addresses of reverse proxies: one, or all that begin with the same `prefix` bits. */
export interface ProxyRange {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly prefix: number;
}

export const TrustedProxies = list(
  z
    .string()
    .refine(isRange, 'must be an IP address or a network, without name or zone. Use 10.0.0.7, 10.0.0.0/8 or fd00::/8')
    .transform((text): ProxyRange => {
      const [address = '', prefix] = text.split('/');
      const [family, bits] = isIPv4(address) ? (['ipv4', 32] as const) : (['ipv6', 128] as const);
      return { address, family, prefix: Number(prefix ?? bits) };
    }),
).default([]);

/** An address with a zone (fe80::1%eth0) is valid on one machine only. */
function isRange(text: string): boolean {
  const [, address = '', prefix = '0'] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isIP(address) !== 0 && Number(prefix) <= (isIPv4(address) ? 32 : 128);
}
