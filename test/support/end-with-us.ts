import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();
// A test run that is stopped in the middle leaves nothing behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The process is killed, also where it is stopped, when this one ends before it. */
export function endWithUs<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
