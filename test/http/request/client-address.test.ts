import { describe, expect, it } from 'vitest';
import { TrustedProxies } from '../../../src/config/limits.ts';
import { createAddressReader, placeOf } from '../../../src/http/request/client-address.ts';

function readerFor(list: string) {
  return createAddressReader(TrustedProxies.parse(list));
}

describe('the address of a client', () => {
  it.each<[string, string, string | undefined, string | string[], string]>([
    ['a peer that is not trusted', '', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['another peer than the trusted one', '10.0.0.7', '10.0.0.8', '198.51.100.1', '10.0.0.8'],
    ['what a proxy tells', '10.0.0.7', '10.0.0.7', '198.51.100.1', '198.51.100.1'],
    ['a network of proxies', '10.0.0.0/8', '10.200.3.4', '198.51.100.1', '198.51.100.1'],
    ['the end of a network', '10.0.0.0/30', '10.0.0.4', '198.51.100.1', '10.0.0.4'],
    ['an IPv4 peer of an IPv6 socket', '10.0.0.0/8', '::ffff:10.0.0.7', '198.51.100.1', '198.51.100.1'],
    ['the same, not trusted', '', '::ffff:203.0.113.9', '', '203.0.113.9'],
    ['a setting that is mapped', '::ffff:10.0.0.0/104', '10.9.9.9', '198.51.100.1', '198.51.100.1'],
    ['an entry that is mapped', '10.0.0.0/8', '10.0.0.7', '198.51.100.1, ::ffff:10.0.0.8', '198.51.100.1'],
    ['IPv6 throughout', 'fd00::/8', 'fd00::7', '2001:DB8::1', '2001:db8::1'],
    ['a peer with a zone', 'fe80::/10', 'fe80::1%eth0', '2001:db8::1', '2001:db8::1'],
    ['a chain of trusted proxies', '10.0.0.0/8', '10.0.0.1', '198.51.100.1, 10.0.0.3, 10.0.0.2', '198.51.100.1'],
    ['what a client has written before', '10.0.0.0/8', '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['a chain of nothing but proxies', '10.0.0.0/8', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['no header', '10.0.0.0/8', '10.0.0.1', '', '10.0.0.1'],
    ['a name instead of an address', '10.0.0.0/8', '10.0.0.1', '1.1.1.1, localhost, 10.0.0.2', '10.0.0.2'],
    ['an empty entry', '10.0.0.0/8', '10.0.0.1', '1.1.1.1, , 10.0.0.2', '10.0.0.2'],
    ['an address that is none', '10.0.0.0/8', '10.0.0.1', '999.1.1.1', '10.0.0.1'],
    ['a zone in an entry', '10.0.0.0/8', '10.0.0.1', 'fe80::1%eth0', '10.0.0.1'],
    ['an entry with a port', '10.0.0.0/8', '10.0.0.1', '198.51.100.1:55123', '198.51.100.1'],
    ['IPv6 with a port', '10.0.0.0/8', '10.0.0.1', '[2001:db8::1]:55123', '2001:db8::1'],
    ['several headers', '10.0.0.0/8', '10.0.0.1', ['1.1.1.1', '198.51.100.1, 10.0.0.2'], '198.51.100.1'],
    ['a peer that has gone', '0.0.0.0/0,::/0', undefined, '198.51.100.1', 'unknown'],
  ])('%s', (_name, trusted, peer, header, expected) => {
    const headers = { 'x-forwarded-for': header } as Record<string, string>;
    expect(readerFor(trusted)(peer, headers).address).toBe(expected);
  });

  it('takes host and protocol from a trusted proxy only, and from the nearest one', () => {
    const headers = { 'x-forwarded-host': 'forged.example, api.example', 'x-forwarded-proto': 'http, HTTPS' };
    expect(readerFor('10.0.0.7')('10.0.0.7', headers)).toMatchObject({ host: 'api.example', protocol: 'https' });
    expect(readerFor('10.0.0.7')('10.0.0.8', headers)).toMatchObject({ host: undefined, protocol: undefined });
    expect(readerFor('10.0.0.7')('10.0.0.7', { 'x-forwarded-proto': 'gopher', 'x-forwarded-host': ' ' })).toMatchObject(
      {
        host: undefined,
        protocol: undefined,
      },
    );
  });
});

describe('the unit of limits', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s', (address, expected) => {
    expect(placeOf(address)).toBe(expected);
  });
});
