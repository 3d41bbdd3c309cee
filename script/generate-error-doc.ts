/** Writes docs/reference/errors.md from the tables that the gateway itself uses. Same input, same bytes. */
import { writeFileSync } from 'node:fs';
import { CODE_BY_KIND, ERROR_CODES } from '../src/graphql/errors/error-codes.ts';
import { meaningOfStatus, parameterOf } from '../src/vpcep/errors/error-table.ts';
import type { ErrorCodeRow, UpstreamErrorKind } from '../src/vpcep/errors/upstream-error.ts';
import { ERROR_CODE_ROWS } from '../src/vpcep/generated/error-codes.ts';

const FAMILIES: readonly (readonly [prefix: string, title: string])[] = [
  ['endpoint.', 'The service'],
  ['apigw.', 'The API gateway in front of it'],
  ['iam.', 'IAM'],
];
/** One for each answer to an unknown code. */
const STATUSES = [400, 401, 403, 404, 405, 406, 407, 408, 409, 410, 413, 414, 429, 494, 500, 501, 502, 503, 504];

function graphqlCode(kind: UpstreamErrorKind): string {
  return `\`${CODE_BY_KIND[kind]}\`${kind === 'auth' ? ' ¹' : ''}`;
}

function rowsOf(rows: readonly ErrorCodeRow[]): readonly string[] {
  return rows.map(([code, status, kind, retry, text]) => {
    const parameter = parameterOf(code);
    const field = parameter === undefined ? '' : `\`${parameter}\``;
    return `| \`${code}\` | ${status} | ${text} | ${graphqlCode(kind)} | ${retry} | ${field} |`;
  });
}

const families = FAMILIES.flatMap(([prefix, title]) => {
  const rows = ERROR_CODE_ROWS.filter(([code]) => code.toLowerCase().startsWith(prefix));
  return [
    `### ${title} (${rows.length})`,
    '',
    '| code | status | meaning | GraphQL code | retry | parameter |',
    '|---|---|---|---|---|---|',
    ...rowsOf(rows),
    '',
  ];
});

const lines = [
  '<!-- Written by script/generate-error-doc.ts from src/ and schema/vpcep.openapi.yaml. Do not edit. -->',
  '# Errors',
  '',
  'Every error has `extensions.code` from the first table and `extensions.retryable`: whether the same request can be',
  'sent again, without doing anything twice. Failures of upstream add `extensions.upstream` with `code`, `status` and',
  '`requestId`. If a failure is about a value of the input, `extensions.issues` names it: `path` (such as',
  '`input.subnetId`), `rule` for programs, `message` for people.',
  '',
  'A root field that fails is null, and those beside it keep their results, so `errors` can stand beside `data`',
  '([decision 21](../decisions/0021-nullable-roots.md)).',
  '',
  '## GraphQL codes',
  '',
  'In the schema they are the enum `ErrorCode`, which `WriteFailure.code` has: the parts of a mutation fail with the same',
  'codes.',
  '',
  '| code | meaning | retryable | what to do |',
  '|---|---|---|---|',
  ...Object.entries(ERROR_CODES).map(
    ([code, { meaning, retryable, advice }]) => `| \`${code}\` | ${meaning} | ${retryable} | ${advice} |`,
  ),
  '',
  '## Upstream codes',
  '',
  'Codes are compared without case. *Retry*: `yes` makes a refused request `retryable`, unless it was a write that may',
  'have been done (`UPSTREAM_OUTCOME_UNKNOWN`); `reauth` needs another credential. *Parameter*: the parameter of the',
  'REST API that the code is about; errors with the codes `BAD_USER_INPUT`, `NOT_FOUND` and `CONFLICT` translate it to',
  'the place in the input, if the failed field has it.',
  '',
  "¹ `UNAUTHENTICATED` when upstream refused the caller's own token; `UPSTREAM_ERROR` when it refused the credentials of",
  'the gateway.',
  '',
  'Writes to connections answer `EndPoint.2013` and an endpoint that does not exist alike: `NOT_FOUND`, without code and',
  'status of upstream. Else a service could be used to find out which endpoints other tenants have.',
  '',
  ...families,
  '### Any other code, or none',
  '',
  'The status decides; a status that is not listed counts as 400 below 500, as 500 from there on.',
  '',
  '| status | GraphQL code | retry |',
  '|---|---|---|',
  ...STATUSES.map((status) => {
    const { kind, retry } = meaningOfStatus(status);
    return `| ${status} | ${graphqlCode(kind)} | ${retry} |`;
  }),
];
writeFileSync(new URL('../docs/reference/errors.md', import.meta.url), `${lines.join('\n').trimEnd()}\n`);
