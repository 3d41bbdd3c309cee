import type { Exchange } from '../../../src/simulator/pipeline.ts';
import type { Match, Parameter, Schema } from './document.ts';
import { type Validate, validator } from './schemas.ts';

/** Every header that HTTP or signing brings along; any other `x-…` must be declared (SIGNING.md, "Algorithm"). */
const SIGNING_HEADERS = new Set([
  'authorization',
  'x-auth-token',
  'x-sdk-date',
  // Declared where it means something; the official SDKs send it everywhere.
  'x-project-id',
  'x-security-token',
  'x-sdk-content-sha256',
]);

/** Deviations of a request from the contract; with `quirks`, types of published samples are allowed. */
export function checkRequest(exchange: Exchange, match: Match | null, quirks: boolean): readonly string[] {
  if (match === null) return [`request path: the contract has no ${exchange.method} ${pathOf(exchange.url)}`];
  const validate = validator({ quirks, openEnums: false });
  return [
    ...checkPath(match, validate),
    ...checkQuery(exchange, match, validate),
    ...checkHeaders(exchange, match, validate),
    ...checkBody(exchange, match, validate),
  ].map((fault) => `request ${fault}`);
}

export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

function checkPath({ operation, params }: Match, validate: Validate): string[] {
  return Object.entries(params).flatMap(([name, value]) => {
    const declared = operation.parameters.find((parameter) => parameter.in === 'path' && parameter.name === name);
    return declared === undefined ? [`path ${name}: not declared`] : faultsOf('path', declared, value, validate);
  });
}

function checkQuery(exchange: Exchange, { operation }: Match, validate: Validate): string[] {
  const query = new URLSearchParams(exchange.url.slice(pathOf(exchange.url).length));
  const declared = operation.parameters.filter((parameter) => parameter.in === 'query');
  const faults = [...new Set(query.keys())].flatMap((name) => {
    const parameter = declared.find((one) => one.name === name);
    if (parameter === undefined) return [`query ${name}: not declared`];
    const [value = '', ...more] = query.getAll(name);
    return more.length > 0 ? [`query ${name}: sent more than once`] : faultsOf('query', parameter, value, validate);
  });
  const missing = declared.filter(({ name, required }) => required && !query.has(name));
  const chosen = operation.oneOfQuery.filter((name) => query.has(name));
  return [
    ...faults,
    ...missing.map(({ name }) => `query ${name}: required`),
    ...(operation.oneOfQuery.length > 0 && chosen.length !== 1
      ? [`query: exactly one of ${operation.oneOfQuery.join(', ')} is wanted, ${chosen.length} sent`]
      : []),
  ];
}

/** Text of a path or a query as the value that the schema speaks of. */
function faultsOf(place: string, { name, schema }: Parameter, text: string, validate: Validate): string[] {
  const value = schema.type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text;
  return validate(schema, value).map((fault) => `${place} ${name} ${fault}`);
}

function checkHeaders(exchange: Exchange, { operation }: Match, validate: Validate): string[] {
  const names = new Set(exchange.headerNames);
  const declared = operation.parameters.filter((parameter) => parameter.in === 'header');
  const known = new Set(declared.map(({ name }) => name.toLowerCase()));
  const unknown = [...names].filter((name) => name.startsWith('x-') && !SIGNING_HEADERS.has(name) && !known.has(name));
  const schema: Schema | undefined = declared.find(({ name }) => name === 'X-Project-Id')?.schema;
  const projectFaults = schema && exchange.projectHeader !== null ? validate(schema, exchange.projectHeader) : [];
  return [
    ...(operation.security.some((choice) => choice.every((name) => names.has(name)))
      ? []
      : [`headers: wanted one of ${operation.security.map((choice) => choice.join(' + ')).join(' | ')}`]),
    ...unknown.map((name) => `header ${name}: not declared`),
    ...projectFaults.map((fault) => `header x-project-id ${fault}`),
  ];
}

function checkBody(exchange: Exchange, { operation }: Match, validate: Validate): string[] {
  const { requestText, contentType } = exchange;
  if (requestText === '') return operation.body?.required === true ? ['body: required'] : [];
  if (operation.body === null) return ['body: not declared'];
  if (contentType !== 'application/json') return [`body: content type is ${contentType}`];
  let body: unknown;
  try {
    body = JSON.parse(requestText);
  } catch {
    return ['body: no JSON'];
  }
  return validate(operation.body.schema, body).map((fault) => `body ${fault}`);
}
