import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { finishSignIn } from './session/oidc.ts';
import { createSession, type Session } from './session/session.ts';
import { type PortalSettings, readSettings } from './session/settings.ts';
import { Start } from './shell/start.tsx';
import './style.css';

/** @returns why it failed, or null. */
async function returnFromProvider({ oidc }: PortalSettings, session: Session): Promise<string | null> {
  if (oidc === null || location.pathname !== '/sign-in') return null;
  try {
    const { grant, returnTo } = await finishSignIn(oidc, window);
    session.signIn(grant);
    history.replaceState(null, '', returnTo);
    return null;
  } catch (error) {
    history.replaceState(null, '', '/');
    return error instanceof Error ? error.message : String(error);
  }
}

const place = document.getElementById('app');
if (place === null) throw new Error('index.html has no element #app');
const root = createRoot(place);

async function start(): Promise<void> {
  const again = () => void start();
  root.render(<Start problem={null} again={again} />);
  try {
    const settings = await readSettings();
    const session = createSession(settings);
    const failure = await returnFromProvider(settings, session);
    root.render(<App settings={settings} session={session} failure={failure} />);
  } catch (error) {
    root.render(<Start problem={error instanceof Error ? error.message : String(error)} again={again} />);
  }
}

void start();
