import { isIPv4 } from 'node:net';
import { ApiError, refuse } from './api-error.ts';

/** Reading of request bodies: each reader returns null for "not sent" and refuses what has the wrong shape. */

export type Body = { readonly [key: string]: unknown };

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

export function isId(text: string): boolean {
  return UUID.test(text);
}

/** IPv4 address or CIDR block (seed, Table 3, `whitelist`). */
export function isAddressOrBlock(text: string): boolean {
  const [address = '', size, ...rest] = text.split('/');
  if (rest.length > 0 || !isIPv4(address)) return false;
  return size === undefined || (/^\d{1,2}$/.test(size) && Number(size) <= 32);
}

/** A missing body is a 504 of all things (vpcep.openapi.yaml, `x-error-codes`, EndPoint.0011). */
export function bodyOf(body: unknown): Body {
  if (body === undefined) throw new ApiError(504, 'EndPoint.0011', 'The request body is empty.');
  if (!isObject(body)) return refuse('EndPoint.0002', 'The request body must be a JSON object.');
  return body;
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readText(body: Body, key: string, code: string): string | null {
  const value = body[key];
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : refuse(code, `${key} must be a string.`);
}

export function readId(
  body: Body,
  key: string,
  codes: { readonly missing: string | null; readonly malformed: string },
): string | null {
  const value = readText(body, key, codes.malformed);
  if (value === null || value === '')
    return codes.missing === null ? null : refuse(codes.missing, `${key} is required.`);
  return isId(value) ? value : refuse(codes.malformed, `${key} is not a valid ID.`);
}

/** The published sample sends `"false"` for a boolean, so both forms are taken (seed, "Example Requests"). */
export function readFlag(body: Body, key: string, code: string): boolean | null {
  const value = body[key];
  if (value === undefined || value === null) return null;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(code, `${key} must be true or false.`);
}

export function readList(body: Body, key: string, code: string): readonly unknown[] {
  const value = body[key];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : refuse(code, `${key} must be an array.`);
}

export function readTexts(body: Body, key: string, code: string, accept: (text: string) => boolean): readonly string[] {
  return readList(body, key, code).map((item) =>
    typeof item === 'string' && accept(item) ? item : refuse(code, `${key} holds an invalid value.`),
  );
}
