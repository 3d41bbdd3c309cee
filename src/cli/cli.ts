/** The commands, and the process that runs one of them. */
import { createRequire } from 'node:module';
import { COMMON, type Command, type CommandIo, command, EXIT, helpOf, millisecondsOf, UsageError } from './command.ts';
import { completionScript } from './completion.ts';
import { createCommand } from './create-command.ts';
import { acceptCommand, rejectCommand } from './decide-commands.ts';
import { deleteCommand } from './delete-command.ts';
import { failureOf } from './gateway-client.ts';
import { listCommand } from './list-command.ts';
import { Screen } from './screen.ts';
import { watchCommand } from './watch-command.ts';

const SHELLS = ['bash', 'zsh'] as const;

const COMMANDS: Readonly<Record<string, Command>> = {
  // src/main.ts runs it, unless it has arguments.
  serve: command({ summary: 'serve (what happens without a command)', options: {}, run: async () => EXIT.usage }),
  watch: watchCommand,
  create: createCommand,
  list: listCommand,
  accept: acceptCommand,
  reject: rejectCommand,
  delete: deleteCommand,
  check: command({
    summary: 'check the settings, and everything that the gateway needs',
    options: {
      json: COMMON.json,
      timeout: { ...COMMON.timeout, help: 'for each check, such as 30s; default: 10s' },
    },
    async run({ json = false, timeout = '10s' }, _, io) {
      const timeoutMs = millisecondsOf(timeout);
      return (await import('./check.ts')).runCheck({ json, timeoutMs }, io);
    },
  }),
  completion: command({
    summary: 'print a script that completes command lines: source <(vpcep-gateway completion bash)',
    synopsis: SHELLS.join('|'),
    words: SHELLS,
    options: {},
    async run(_, [shell], io) {
      const known = SHELLS.find((name) => name === shell);
      if (known === undefined) throw new UsageError(`Give a shell: ${SHELLS.join(' or ')}`);
      io.stdout.write(completionScript(known, COMMANDS));
      return EXIT.ok;
    },
  }),
};

const HELP = `Usage: vpcep-gateway [command] [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join('\n')}

  -h, --help      print this text, or that of a command
  -V, --version   print the version

The commands talk to a running gateway:
  GATEWAY_URL            its address (http://127.0.0.1:4000/graphql)
  GATEWAY_TOKEN[_FILE]   the token, or a file with it
  GATEWAY_TOKEN_HEADER   Authorization (default) or X-Auth-Token, for AUTH_MODE=iam-token
  NO_COLOR               no colours

Exit codes: 0 done or in the wanted state, 1 failed, 2 wrong usage or input, 3 in another final state,
4 not allowed, 5 not found, 124 the time is up, 130 interrupted
`;

/** Runs a command in this process. */
export async function runProcess(args: readonly string[]): Promise<void> {
  const controller = new AbortController();
  // Once: a second signal ends the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  // The reader has gone, as in `… | head -1`.
  process.stdout.on('error', () => process.exit(EXIT.other));
  const { env, stdout, stderr } = process;
  const code = await run(args, { env, stdout, stderr, signal: controller.signal });
  // To a pipe they write later, and an exit drops what is left.
  for (const stream of [stdout, stderr]) await new Promise<unknown>((resolve) => stream.write('', resolve));
  // Connections that wait for a server that does not answer must not keep the process.
  process.exit(code);
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await runCommand(args, io);
  } catch (error) {
    const command = COMMANDS[args[0] ?? ''];
    const failure = failureOf(error, command?.inputFlags);
    if (failure === undefined) throw error;
    const screen = new Screen(io);
    for (const line of failure.lines) screen.say(line);
    if (error instanceof UsageError) screen.say(`See: vpcep-gateway ${command ? `${args[0]} ` : ''}--help`);
    return failure.exitCode;
  }
}

async function runCommand([name = '', ...args]: readonly string[], io: CommandIo): Promise<number> {
  const wanted = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  const help = wanted.includes('--help') || wanted.includes('-h');
  if (['--version', '-V'].includes(name)) {
    const { version } = createRequire(import.meta.url)('vpcep-gateway/package.json');
    io.stdout.write(`${version}\n`);
  } else if (['--help', '-h', 'help'].includes(name)) {
    io.stdout.write(HELP);
  } else if (!Object.hasOwn(COMMANDS, name)) {
    throw new UsageError(`There is no command ${name}`);
  } else if (help) {
    io.stdout.write(helpOf(name, COMMANDS[name] as Command));
  } else {
    return (COMMANDS[name] as Command).run(args, io);
  }
  return EXIT.ok;
}
