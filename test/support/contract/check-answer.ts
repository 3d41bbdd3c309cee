import type { Exchange } from '../../../src/simulator/pipeline.ts';
import { type Match, PUBLISHED_CODES } from './document.ts';
import { type Validate, validator } from './schemas.ts';

/** Faults after which an answer is not meant to be what the contract says. */
const DISTORTING = new Set(['status', 'malformedJson', 'looseTypes', 'bareTimes', 'nullFields', 'missingFields']);

export interface AnswerOptions {
  /** Tolerates words that an open list of the contract does not have. */
  readonly openEnums: boolean;
}

/** Deviations of an answer from the contract. A cut connection and a distorted answer are not checked. */
export function checkAnswer(exchange: Exchange, match: Match | null, options: AnswerOptions): readonly string[] {
  const { answer, faults } = exchange;
  if (answer === null || faults.some((kind) => DISTORTING.has(kind))) return [];
  const openEnums = options.openEnums || faults.includes('statusWord');
  const validate = validator({ quirks: true, openEnums });
  const found = answer.status < 400 ? checkSuccess(answer, match, validate) : checkError(answer, match, validate);
  return found.map((fault) => `answer ${answer.status} ${fault}`);
}

type Answer = NonNullable<Exchange['answer']>;

function checkSuccess(answer: Answer, match: Match | null, validate: Validate): readonly string[] {
  if (match === null) return ['to a path that the contract does not have'];
  const { answers, alsoAccepted } = match.operation;
  const schema = answers.get(String(answer.status));
  if (schema === undefined && !alsoAccepted.includes(answer.status)) return ['is not declared'];
  // The further statuses of x-also-accept stand in for one without a body.
  return schema == null ? checkEmpty(answer) : checkJson(answer, (body) => validate(schema, body));
}

function checkError(answer: Answer, match: Match | null, validate: Validate): readonly string[] {
  const declared = match?.operation.answers;
  const schema = declared?.get(String(answer.status)) ?? declared?.get('default') ?? ERROR_BODY;
  return checkJson(answer, (body) => [...validate(schema, body), ...checkCode(answer.status, body)]);
}

const ERROR_BODY = { $ref: '#/components/schemas/ErrorBody' };

function checkCode(status: number, body: unknown): string[] {
  const { error_code: code } = body as { readonly error_code?: unknown };
  if (typeof code !== 'string') return [];
  const statuses = PUBLISHED_CODES.get(code.toLowerCase());
  if (statuses === undefined) return [`error_code ${code}: not published`];
  return statuses.has(status) ? [] : [`error_code ${code}: published under ${[...statuses].join(', ')}`];
}

function checkEmpty({ text }: Answer): string[] {
  return text === '' ? [] : ['body: none is declared'];
}

function checkJson({ text, contentType }: Answer, check: (body: unknown) => readonly string[]): readonly string[] {
  if (contentType !== 'application/json') return [`content type is ${contentType}`];
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ['body: no JSON'];
  }
  return check(body).map((fault) => `body ${fault}`);
}
