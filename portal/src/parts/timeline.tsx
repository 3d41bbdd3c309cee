import { useEffect, useState } from 'react';
import { useText } from '../preferences.ts';
import { When } from './small.tsx';
import { Status, statusText } from './status.tsx';

const en = {
  elapsed: (seconds: number) => `${seconds} s so far`,
  usual: '; 1 to 2 minutes are usual',
  took: (seconds: number) => `took ${seconds} s`,
  gap: 'Changes before this one may be missing.',
};
const zh: typeof en = {
  elapsed: (seconds: number) => `已用 ${seconds} 秒`,
  usual: '，通常需要 1 到 2 分钟',
  took: (seconds: number) => `用时 ${seconds} 秒`,
  gap: '此前的变化可能有遗漏。',
};

export interface Step {
  readonly cursor: string;
  readonly kind: string;
  readonly status: string;
  readonly rawStatus: string;
  readonly observedAt: string;
}

interface TimelineProps {
  /** Oldest first. */
  readonly steps: readonly Step[];
  readonly label: string;
  /** Instead of a status, until there is one. */
  readonly first?: string;
}

const WORKING = ['CREATING', 'DELETING'];

/** Transitions with the time that each took; the last one counts on while work is under way. */
export function Timeline({ steps, label, first }: TimelineProps) {
  const t = useText({ en, zh });
  const { names, hints } = useText(statusText);
  const last = steps.at(-1);
  const now = useNow(last !== undefined && WORKING.includes(last.status));
  const seconds = (from: Step, to: number) => Math.max(0, Math.round((to - Date.parse(from.observedAt)) / 1000));
  return (
    <>
      <ol className="timeline" aria-label={label}>
        {steps.map((step, index) => {
          const next = steps[index + 1];
          return (
            <li key={step.cursor}>
              <Status {...step} /> <When at={step.observedAt} />{' '}
              {WORKING.includes(step.status) && (
                <small>
                  {next === undefined
                    ? `${t.elapsed(seconds(step, now))}${step.status === 'CREATING' ? t.usual : ''}`
                    : t.took(seconds(step, Date.parse(next.observedAt)))}
                </small>
              )}
              {step.kind === 'RESYNC' && <small>{t.gap}</small>}
            </li>
          );
        })}
      </ol>
      {/* Without the times: it is read aloud at every change. */}
      <p role="status">
        {last === undefined ? first : `${names[last.status] ?? last.rawStatus}: ${hints[last.status] ?? ''}`}
      </p>
    </>
  );
}

const SECOND = 1_000;

function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [isRunning]);
  return Math.max(now, isRunning ? Date.now() : 0);
}
