/** Clocks that can be set: of whole programs, while they run. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCE = new URL('clock-shift.c', import.meta.url).pathname;

export interface Clock {
  /** For the program that is to have this clock. */
  readonly env: Readonly<Record<string, string>>;
  /** How far it is from the true time from now on. */
  set(seconds: number): void;
}

export interface Clocks {
  make(): Clock;
  close(): void;
}

/** @throws Error when there is no C compiler to build it with. */
export function openClocks(): Clocks {
  const dir = mkdtempSync(join(tmpdir(), 'vpcep-clocks-'));
  const library = join(dir, 'clock-shift.so');
  const files: number[] = [];
  const close = (): void => {
    for (const file of files) closeSync(file);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE], { stdio: 'pipe' });
  } catch (error) {
    close();
    throw new Error('clocks can only be shifted on Linux with a C compiler: install gcc, so that there is cc', {
      cause: error,
    });
  }
  return {
    make: () => {
      const path = join(dir, `clock-${files.length}`);
      const file = openSync(path, 'w+');
      files.push(file);
      const set = (seconds: number): void => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64LE(BigInt(seconds));
        writeSync(file, bytes, 0, bytes.length, 0);
      };
      set(0);
      return { env: { LD_PRELOAD: library, CLOCK_SHIFT: path }, set };
    },
    close,
  };
}
