/**
 * The address of a client behind proxies. Only what a trusted proxy wrote into `X-Forwarded-*` counts, since every client
 * can send these headers. Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';
import type { ProxyRange } from '../../config/limits.ts';

/** Peers that are remembered. */
const MAX_PEERS = 1_000;
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;
const V4_WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;
const V6_IN_BRACKETS = /^\[([^\]]+)\](?::\d{1,5})?$/;
/** Groups of an IPv6 address that name the network; its hosts choose the rest. */
const V6_NETWORK_GROUPS = 4;

export interface ClientAddress {
  /** IP address in its usual form, IPv4 also where it came as `::ffff:…`; `unknown` when the peer has disconnected. */
  readonly address: string;
  /** Host and scheme of the client's request, as told by a trusted proxy; undefined: there is none, or it does not tell. */
  readonly host: string | undefined;
  readonly protocol: 'http' | 'https' | undefined;
}

/** For a peer that disconnected before its address was read. */
const NO_PEER: ClientAddress = { address: 'unknown', host: undefined, protocol: undefined };

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

/** The last value was written by the nearest proxy; values before it came from further away. */
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

  /** Walks from the nearest hop outwards, while each hop was named by a trusted one. */
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

  /** By the text of the address. A trusted proxy or a client sends many requests. */
  const peers = new LRUCache<string, { readonly direct: ClientAddress; readonly trusted: boolean }>({ max: MAX_PEERS });

  function peerOf(text: string) {
    let peer = peers.get(text);
    if (peer === undefined) {
      const address = plain(text.replace(/%.*$/, ''));
      peer = { direct: { address, host: undefined, protocol: undefined }, trusted: isTrusted(address) };
      peers.set(text, peer);
    }
    return peer;
  }

  return (peer, headers) => {
    if (peer === undefined) return NO_PEER;
    const { direct, trusted } = peerOf(peer);
    if (!trusted) return direct;
    const { address } = direct;
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
 * The unit for limits: an IPv4 address, or a /64 of IPv6, which is the least that a customer gets and within which it can
 * change its address at will.
 */
export function placeOf(address: string): string {
  return isIPv6(address) ? `${groupsOf(address).slice(0, V6_NETWORK_GROUPS).join(':')}::/64` : address;
}
