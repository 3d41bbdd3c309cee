/**
 * Which parameter an error code speaks of, in upstream's words: our reading of the published meanings
 * (schema/vpcep.openapi.yaml, `x-error-codes`). Codes about a CIDR or a domain name are left out: no operation of the
 * contract takes one.
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

/** Such as `subnet_id` for `EndPoint.2010`; undefined when the code speaks of none. In any case of letters. */
export function parameterOf(code: string): string | undefined {
  return PARAMETER_BY_CODE.get(code.toLowerCase());
}
