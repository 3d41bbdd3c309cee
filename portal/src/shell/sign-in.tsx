import { type FormEvent, useState } from 'react';
import { useText } from '../preferences.ts';
import { startSignIn } from '../session/oidc.ts';
import type { Session } from '../session/session.ts';
import type { PortalSettings } from '../session/settings.ts';
import { Choices } from './choices.tsx';

const en = {
  title: 'Sign in',
  expired: 'Your session has ended. Sign in again to go on.',
  refused: 'The gateway does not accept this token. Use another one.',
  provider: 'Sign in with your account',
  token: 'Token',
  tokenHint: {
    jwt: 'A token of the OpenID provider, without “Bearer”. It stays in the memory of this page.',
    'iam-token': 'An IAM token that is scoped to a project. It stays in the memory of this page.',
  },
  use: 'Use this token',
};

const zh: typeof en = {
  title: '登录',
  expired: '会话已结束，请重新登录。',
  refused: '网关不接受此令牌，请换一个。',
  provider: '使用账户登录',
  token: '令牌',
  tokenHint: {
    jwt: 'OpenID 提供方的令牌，不含 “Bearer”。令牌只保存在此页面的内存中。',
    'iam-token': '限定到项目的 IAM 令牌。令牌只保存在此页面的内存中。',
  },
  use: '使用此令牌',
};

interface SignInProps {
  readonly settings: PortalSettings;
  readonly session: Session;
  readonly reason: 'expired' | 'refused' | null;
  /** What the provider answered instead of a token. */
  readonly failure: string | null;
}

export function SignIn({ settings, session, reason, failure }: SignInProps) {
  const t = useText({ en, zh });
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState(failure);
  const { authMode, oidc } = settings;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== '') session.signIn(token.trim());
  };
  const go = async () => {
    if (oidc === null) return;
    try {
      await startSignIn(oidc, `${location.pathname}${location.search}`, window);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <header>
        <Choices />
      </header>
      <main className="narrow">
        <h1>{t.title}</h1>
        {reason !== null && <p role="alert">{t[reason]}</p>}
        {problem !== null && (
          <p role="alert" className="error box">
            {problem}
          </p>
        )}
        {oidc !== null && (
          <p>
            <button type="button" className="primary" onClick={() => void go()}>
              {t.provider}
            </button>
          </p>
        )}
        <form onSubmit={submit}>
          <div className="field">
            <label htmlFor="token">{t.token}</label>
            <input
              id="token"
              type="password"
              autoComplete="off"
              aria-describedby="token-hint"
              value={token}
              onInput={({ currentTarget }) => setToken(currentTarget.value)}
            />
            <small id="token-hint">{t.tokenHint[authMode === 'iam-token' ? 'iam-token' : 'jwt']}</small>
          </div>
          <p>
            <button type="submit" className={oidc === null ? 'primary' : ''}>
              {t.use}
            </button>
          </p>
        </form>
      </main>
    </>
  );
}
