import { bodies } from './bodies.ts';
import { frames } from './frames.ts';
import { inputs } from './inputs.ts';
import type { Attack } from './run.ts';
import { upstreamAnswers } from './upstream.ts';

export interface NamedAttack {
  readonly name: string;
  /** Calls `run` with the attack; a callback because the type of its cases differs. @returns its result */
  readonly make: (run: <Case>(attack: Attack<Case>) => Promise<boolean>) => Promise<boolean>;
}

export const attacks: readonly NamedAttack[] = [
  { name: 'arguments of every mutation and query', make: (run) => run(inputs) },
  { name: 'raw HTTP requests', make: (run) => run(bodies) },
  { name: 'WebSocket messages and frames', make: (run) => run(frames) },
  { name: 'answers of upstream', make: async (run) => await run(await upstreamAnswers()) },
];
