import type { CommandIo } from './command-io.ts';

/** Stands here until the checks do. */
export async function runCheck(_args: readonly string[], _io: CommandIo): Promise<number> {
  return 1;
}
