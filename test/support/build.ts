import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Brings dist in line with the sources. For `beforeAll`, with time for a busy machine. */
export async function build(): Promise<void> {
  await execute(fileURLToPath(new URL('../../script/bootstrap', import.meta.url)), ['--build']);
}
