import { expect, test } from 'vitest';
import { Cancellation } from '../../src/shared/cancellation.ts';

test('each listener is called once, also when it was added twice', () => {
  const cancellation = new Cancellation();
  const called: string[] = [];
  const first = () => void called.push('first');
  cancellation.addEventListener('abort', first);
  cancellation.addEventListener('abort', first);
  cancellation.addEventListener('abort', () => void called.push('second'));
  cancellation.abort();
  cancellation.abort();
  expect([called, cancellation.aborted]).toEqual([['first', 'second'], true]);
});

test('a listener that was removed is not called, not even when another one removes it', () => {
  const cancellation = new Cancellation();
  const called: string[] = [];
  const last = () => void called.push('last');
  const removed = () => void called.push('removed');
  cancellation.addEventListener('abort', removed);
  cancellation.removeEventListener('abort', removed);
  cancellation.addEventListener('abort', () => cancellation.removeEventListener('abort', last));
  cancellation.addEventListener('abort', last);
  cancellation.removeEventListener('abort', removed);
  cancellation.abort();
  expect(called).toEqual([]);
});
