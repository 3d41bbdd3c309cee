/** Help, version and completion, which need no gateway. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runCommand } from './start-command.ts';

const NOWHERE = 'http://127.0.0.1:9';
const COMMANDS = ['serve', 'watch', 'create', 'list', 'accept', 'reject', 'delete', 'check', 'completion'];

const outputOf = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runCommand(NOWHERE, args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

it('prints its version, and help for all and for each command', async () => {
  expect(await outputOf('--version')).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
  const help = await outputOf('--help');
  const commands = [...help.split('\n\n')[1]!.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
  expect(commands).toEqual(COMMANDS);
  const helps = await Promise.all(COMMANDS.map((name) => outputOf(name, '--help')));
  for (const [index, text] of helps.entries())
    expect(text).toMatch(new RegExp(`^Usage: vpcep-gateway ${COMMANDS[index]} `));
  for (const line of helps.join('').split('\n')) expect(line.length).toBeLessThanOrEqual(102);
  expect(helps.join('')).toMatch(/ {10}.*PENDING_ACCEPTANCE, /);
});

it('completes in bash', async () => {
  const script = await outputOf('completion', 'bash');
  const complete = (...words: string[]): string[] => {
    const test = `${script}
      COMP_WORDS=(vpcep-gateway "$@"); COMP_CWORD=$#; compopt() { echo "compopt $*"; }
      _vpcep_gateway; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', test, 'bash', ...words], { encoding: 'utf8' })
      .trim()
      .split('\n');
  };
  expect(complete('')).toEqual(expect.arrayContaining([...COMMANDS, '--help', '--version']));
  expect(complete('w')).toEqual(['watch']);
  expect(complete('watch', '--un')).toEqual(['--until']);
  expect(complete('watch', '--until', '')).toEqual(['accepted', 'deleted', 'settled']);
  expect(complete('list', '--status', 'ACC')).toEqual(['ACCEPTED']);
  expect(complete('list', '-o', '')).toEqual(['wide']);
  expect(complete('create', '-f', '')).toEqual(['compopt -o default']);
  expect(complete('watch', '--after', '')).toEqual(['']);
  expect(complete('completion', '')).toEqual(['bash', 'zsh', '--help']);
  const registered = execFileSync('bash', ['-c', `${script}complete -p vpcep-gateway`], { encoding: 'utf8' });
  expect(registered).toBe('complete -F _vpcep_gateway vpcep-gateway\n');
});

const zsh = spawnSync('zsh', ['-c', 'true']).status === 0;

it.skipIf(!zsh)('is valid in zsh (skipped where there is no zsh)', async () => {
  const { status, stderr } = spawnSync('zsh', ['-n'], { input: await outputOf('completion', 'zsh'), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
