/**
 * Who is at the other end of a request, when proxies may stand between. Pure. What a request says about that itself
 * counts as far as trusted proxies have written it: anybody can send `X-Forwarded-*`.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import type { ProxyRange } from '../../config/limits.ts';

/** Stands for a peer that has gone before it was looked at. */
const UNKNOWN = 'unknown';
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;
const V4_WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;
const V6_IN_BRACKETS = /^\[([^\]]+)\](?::\d{1,5})?$/;
/** Bits of an IPv6 address that a network has been given; the rest is up to each of its machines. */
const V6_NETWORK_GROUPS = 4;

export interface ClientAddress {
  /** IP address in its usual form, IPv4 also where it came as `::ffff:…`; `unknown` when the peer has gone already. */
  readonly address: string;
  /** What the client asked for, as a trusted proxy tells it; undefined: no proxy is trusted, or it says nothing. */
  readonly host: string | undefined;
  readonly protocol: 'http' | 'https' | undefined;
}

export type AddressReader = (peer: string | undefined, headers: IncomingHttpHeaders) => ClientAddress;

function plain(address: string): string {
  const [, mapped] = MAPPED.exec(address) ?? [];
  return mapped !== undefined && isIPv4(mapped) ? mapped : address.toLowerCase();
}

/** An entry of `X-Forwarded-For`; null when malformed. Some proxies add the port. */
function entryOf(text: string): string | null {
  const trimmed = text.trim();
  const address = V4_WITH_PORT.exec(trimmed)?.[1] ?? V6_IN_BRACKETS.exec(trimmed)?.[1] ?? trimmed;
  return isIP(address) === 0 || address.includes('%') ? null : plain(address);
}

function listOf(header: string | readonly string[] | undefined): readonly string[] {
  return header === undefined ? [] : (typeof header === 'string' ? header : header.join(',')).split(',');
}

/** Written by the proxy that we talk to: what stands before it came from further away. */
function lastOf(header: string | readonly string[] | undefined): string | undefined {
  return listOf(header).at(-1)?.trim() || undefined;
}

function blockListOf(ranges: readonly ProxyRange[]): BlockList {
  const list = new BlockList();
  for (const { address, family, prefix } of ranges) {
    const mapped = plain(address);
    if (family === 'ipv6' && isIPv4(mapped) && prefix >= 96) {
      list.addSubnet(mapped, prefix - 96, 'ipv4');
    } else {
      list.addSubnet(address, prefix, family);
    }
  }
  return list;
}

export function createAddressReader(trusted: readonly ProxyRange[]): AddressReader {
  const list = blockListOf(trusted);
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

  /** From the nearest hop outwards, for as long as each was named by one that is trusted. */
  function furthest(peer: string, hops: readonly string[]): string {
    let address = peer;
    for (const hop of hops.toReversed()) {
      const next = entryOf(hop);
      if (next === null || !isTrusted(address)) {
        break;
      }
      address = next;
    }
    return address;
  }

  return (peer, headers) => {
    const address = peer === undefined ? UNKNOWN : plain(peer.replace(/%.*$/, ''));
    if (!isTrusted(address)) {
      return { address, host: undefined, protocol: undefined };
    }
    const protocol = lastOf(headers['x-forwarded-proto'])?.toLowerCase();
    return {
      address: furthest(address, listOf(headers['x-forwarded-for'])),
      host: lastOf(headers['x-forwarded-host']),
      protocol: protocol === 'http' || protocol === 'https' ? protocol : undefined,
    };
  };
}

/** Eight groups of a valid IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.replace(/(\d{1,3}(?:\.\d{1,3}){3})$/, '0:0').split('::');
  const groupsIn = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const before = groupsIn(head);
  const after = groupsIn(tail ?? '');
  const between = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(between).fill('0'), ...after].map((group) => group.replace(/^0+(?=.)/, ''));
}

/**
 * What is counted as one place: an IPv4 address, or a whole /64 of IPv6, which is the least that a customer gets and
 * whose addresses it can change at will.
 */
export function placeOf(address: string): string {
  return isIPv6(address) ? `${groupsOf(address).slice(0, V6_NETWORK_GROUPS).join(':')}::/64` : address;
}
