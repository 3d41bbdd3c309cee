/** The JSON of a table: every sample, and what it was measured on. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { ROOT } from './process.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

export function writeResult(table: string, options: object, result: object): void {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const versions = (name: string) => (JSON.parse(readFileSync(`${ROOT}${name}`, 'utf8')) as Manifest).dependencies;
  const head = {
    table,
    date: new Date().toISOString(),
    commit: git('rev-parse', 'HEAD'),
    changed: git('status', '--porcelain', '--', 'src', 'package-lock.json', 'bench/peers/package-lock.json') !== '',
    machine: {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memoryMebibytes: Math.round(totalmem() / 2 ** 20),
      kernel: release(),
    },
    node: process.version,
    packages: { gateway: versions('package.json'), peers: versions('bench/peers/package.json') },
    options,
  };
  mkdirSync(`${ROOT}bench/results`, { recursive: true });
  writeFileSync(`${ROOT}bench/results/${table}.json`, `${JSON.stringify({ ...head, ...result }, null, 1)}\n`);
  console.log(`\nEvery sample: bench/results/${table}.json`);
}
