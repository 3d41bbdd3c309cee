/** What codes and statuses of upstream mean: the published table (schema/vpcep.openapi.yaml, `x-error-codes`). */
import { ERROR_CODE_ROWS } from '../generated/error-codes.ts';
import type { RetryClass, UpstreamErrorKind } from './upstream-error.ts';

/**
 * Which parameter an error code is about: our reading of the published meanings. Codes about a CIDR or a domain name
 * are left out, because no operation of the contract takes one.
 */
const CODES_BY_PARAMETER: Readonly<Record<string, readonly number[]>> = {
  limit: [6],
  offset: [10],
  sort_key: [17],
  sort_dir: [18],
  status: [19],
  action: [7, 2027, 3035],
  project_id: [14],
  vpc_endpoint_id: [2006, 2007, 2008, 2015, 2017, 2018, 2019, 2046, 2047, 2050, 2051, 2052],
  endpoint_service_id: [2003, 2004, 2012, 2029, 3005, 3006, 3045, 3062],
  endpoints: [2013, 2014, 2031],
  vpc_id: [20, 2001, 2011, 3013, 3018],
  marker_id: [21, 2030],
  subnet_id: [23, 2010, 2037, 4004, 4008],
  routetables: [1019, 2039, 2040, 4030],
  enable_dns: [2033, 2034],
  port_ip: [2041, 2042, 2043],
  whitelist: [2044, 2045],
  policy_statement: [2048, 2049],
  specification_name: [15, 2009, 4025],
  service_name: [1003, 3076],
  permissions: [3002, 3036, 3049],
  ports: [2028, 3004, 3043, 3044, 3074, 3075],
  port_id: [3003, 3008, 3015, 3042, 3052, 3054, 3056, 3063, 4012],
  vip_port_id: [3051, 3053],
  ip: [3010, 3011, 3016, 3046, 3055],
  server_type: [3021],
  net_type: [3048],
  resource_type: [3070],
  tags: [3066, 3067, 3068, 3069, 3071, 3072, 3073],
};

const PARAMETER_BY_CODE: ReadonlyMap<string, string> = new Map(
  Object.entries(CODES_BY_PARAMETER).flatMap(([parameter, numbers]) =>
    numbers.map((number) => [`endpoint.${String(number).padStart(4, '0')}`, parameter] as const),
  ),
);

/** Such as `subnet_id` for `EndPoint.2010`; undefined when the code is about none. In any case of letters. */
export function parameterOf(code: string): string | undefined {
  return PARAMETER_BY_CODE.get(code.toLowerCase());
}

export interface ErrorMeaning {
  readonly kind: UpstreamErrorKind;
  readonly retry: RetryClass;
}

interface PublishedMeaning extends ErrorMeaning {
  /** In a few words, fit to be shown. */
  readonly text: string;
}

const BY_CODE = new Map<string, Map<number, PublishedMeaning>>();
for (const [code, status, kind, retry, text] of ERROR_CODE_ROWS) {
  const key = code.toLowerCase();
  const byStatus = BY_CODE.get(key) ?? new Map<number, PublishedMeaning>();
  byStatus.set(status, { kind, retry, text });
  BY_CODE.set(key, byStatus);
}

/**
 * A code with one row means the same under any status; one with several (`APIGW.0201`) means nothing under a status
 * that is not among them, and the status decides. In any case of letters. Field reports spell the gateway's prefix `APIG` as well
 * (docs/upstream/NOTES.md, "Errors").
 */
export function meaningOf(code: string, status: number): PublishedMeaning | undefined {
  const key = code.toLowerCase();
  const byStatus = BY_CODE.get(key) ?? BY_CODE.get(key.replace(/^apig\./, 'apigw.'));
  if (byStatus === undefined) return undefined;
  return byStatus.get(status) ?? (byStatus.size > 1 ? undefined : byStatus.values().next().value);
}

const KIND_OF_STATUS: ReadonlyMap<number, UpstreamErrorKind> = new Map([
  [401, 'auth'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [407, 'forbidden'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'limit'],
  [414, 'limit'],
  [429, 'throttled'],
  [431, 'limit'],
  [494, 'limit'],
  [501, 'internal'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'timeout'],
]);

const WORTH_REPEATING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** For codes that the table does not have, and answers without one: the table is from 2022 and more may exist. */
export function meaningOfStatus(status: number): ErrorMeaning {
  // 1xx to 3xx: redirects are not followed, and nothing else is documented.
  if (status < 400) return { kind: 'malformed', retry: 'no' };
  const kind = KIND_OF_STATUS.get(status) ?? (status < 500 ? 'validation' : 'internal');
  return { kind, retry: status === 401 ? 'reauth' : WORTH_REPEATING.has(status) ? 'yes' : 'no' };
}
