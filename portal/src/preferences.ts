/** What the user has chosen, kept in this browser. Never holds a token. */
import { useSyncExternalStore } from 'react';

type Language = 'en' | 'zh';
export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Hidden columns of each table. */
  readonly hidden: { readonly [table: string]: readonly string[] };
}

const KEY = 'vpcep-portal';
const LANGUAGES: readonly string[] = ['en', 'zh'];
const THEMES: readonly string[] = ['system', 'light', 'dark'];

function stored(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
  } catch {
    // Storage is blocked, or its content is not ours.
    return {};
  }
}

function read(): Preferences {
  const { language, theme, hidden } = stored();
  return {
    language: LANGUAGES.includes(String(language))
      ? (language as Language)
      : navigator.language.startsWith('zh')
        ? 'zh'
        : 'en',
    theme: THEMES.includes(String(theme)) ? (theme as Theme) : 'system',
    hidden: typeof hidden === 'object' && hidden !== null ? hidden : {},
  };
}

let current = read();
const listeners = new Set<() => void>();

export function choose(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Kept until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** The texts of one page in the language of the user. `zh` has the type of `en`, so that none is missing. */
export function useText<Texts>(texts: { readonly en: Texts; readonly zh: Texts }): Texts {
  return texts[usePreferences().language];
}
