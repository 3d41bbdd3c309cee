import { runCheck } from '../../src/cli/check.ts';

const { env, stdout, stderr, argv } = process;
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.exit(await runCheck(argv.slice(3), { env, stdout, stderr, signal: stop.signal }));
