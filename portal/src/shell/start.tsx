/** Before the gateway has told how to sign in, and when it does not. */
import { useText } from '../preferences.ts';
import { Choices } from './choices.tsx';

const en = {
  loading: 'Loading …',
  failed: 'The gateway cannot be reached',
  again: 'Try again',
};
const zh: typeof en = { loading: '加载中…', failed: '无法连接网关', again: '重试' };

interface StartProps {
  /** Why it failed; null: it is under way. */
  readonly problem: string | null;
  readonly again: () => void;
}

export function Start({ problem, again }: StartProps) {
  const t = useText({ en, zh });
  return (
    <>
      <header>
        <Choices />
      </header>
      <main className="narrow">
        {problem === null ? (
          <p role="status">{t.loading}</p>
        ) : (
          <>
            <h1>{t.failed}</h1>
            <p role="alert">{problem}</p>
            <button type="button" onClick={again}>
              {t.again}
            </button>
          </>
        )}
      </main>
    </>
  );
}
