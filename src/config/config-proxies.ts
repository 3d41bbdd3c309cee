import { isIP } from 'node:net';
import type { Values } from './env.ts';

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
