import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { endWithUs } from './end-with-us.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Arguments of node: the built program unless a source is newer, because it starts much faster. */
export function entry(name: 'main' | 'simulator/main' = 'main'): readonly string[] {
  const built = join(ROOT, `dist/${name}.js`);
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true });
  const fresh = sources.every((source) => statSync(join(source.parentPath, source.name)).mtimeMs <= builtAt);
  return fresh ? [built] : ['--import', 'tsx', join(ROOT, `src/${name}.ts`)];
}

export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  stop(): Promise<void>;
}

/** A gateway in its own process, which tests can kill and pause. */
export async function startGatewayProcess(
  env: Record<string, string>,
  program: readonly string[] = entry(),
): Promise<GatewayProcess> {
  const { child, output, ended } = run(env, program);
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const match = /"url":"([^"]+)","msg":"vpcep-gateway is ready/.exec(output());
      if (match?.[1] === undefined) return;
      child.stdout?.off('data', look);
      resolve(match[1]);
    };
    child.stdout?.on('data', look);
    void ended.then((code) => reject(new Error(`the gateway ended with ${code}:\n${output()}`)));
  });
  return {
    url,
    pid: child.pid ?? -1,
    output,
    ended,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs the gateway to its end, for starts that must fail. @param begun gets what sends it signals */
export async function runGatewayProcess(
  env: Record<string, string>,
  begun: (signal: GatewayProcess['signal']) => void = () => {},
): Promise<{ readonly code: number | NodeJS.Signals; readonly output: string }> {
  const { child, output, ended } = run(env, entry());
  begun((signal) => void child.kill(signal));
  return { code: await ended, output: output() };
}

function run(
  env: Record<string, string>,
  program: readonly string[],
): {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number | NodeJS.Signals>;
} {
  const { PATH = '', HOME = '' } = process.env;
  const child = endWithUs(
    spawn(process.execPath, [...program], { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return { child, output: () => text, ended };
}
