import { isIPv4 } from 'node:net';

/** True for addresses that only this machine can reach. Takes IPv6 addresses with or without brackets. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return ['localhost', '::1', '[::1]'].includes(name) || (isIPv4(name) && name.startsWith('127.'));
}

/** True for URLs whose answer others cannot change on the way: https, or http on this machine. No credentials, no fragment. */
export function isTamperProof(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
