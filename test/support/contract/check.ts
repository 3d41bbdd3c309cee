/** Checks exchanges against schema/vpcep.openapi.yaml, so that client and simulator cannot share a mistake. */
import type { Exchange } from '../../../src/simulator/pipeline.ts';
import { checkAnswer } from './check-answer.ts';
import { checkRequest, pathOf } from './check-request.ts';
import { findOperation } from './document.ts';

export interface CheckOptions {
  /**
   * `always`: every request has to be right; for tests of the client and of the gateway.
   * `unless-refused`: a wrong request is fine as long as it is refused, and so are the types of published samples; for
   * tests of the simulator, which send such.
   */
  readonly requests?: 'always' | 'unless-refused';
  /** Tolerates new words where the contract calls a list open; for tests that invent some. */
  readonly openEnums?: boolean;
}

/** Deviations of the exchange from the contract, a line for each fault. */
export function checkExchange(exchange: Exchange, options: CheckOptions = {}): readonly string[] {
  const match = findOperation(exchange.method, pathOf(exchange.url));
  const lenient = options.requests === 'unless-refused';
  const refused = exchange.answer !== null && exchange.answer.status >= 400;
  const request = lenient && refused ? [] : checkRequest(exchange, match, lenient);
  const answer = checkAnswer(exchange, match, { openEnums: options.openEnums ?? false });
  const name = match?.operation.id ?? 'no operation';
  return [...request, ...answer].map((fault) => `${name} (${exchange.method} ${pathOf(exchange.url)}): ${fault}`);
}
