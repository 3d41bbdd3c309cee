/** Language and colours, for the frame of every page. */
import { useEffect } from 'react';
import { choose, type Theme, usePreferences, useText } from '../preferences.ts';

const en = {
  theme: 'Colours',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  language: 'Language',
};
const zh: typeof en = {
  theme: '颜色',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  language: '语言',
};

export function Choices() {
  const t = useText({ en, zh });
  const { language, theme } = usePreferences();
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = theme;
  }, [language, theme]);
  return (
    <>
      <label>
        <span className="unseen">{t.language}</span>
        <select
          value={language}
          onChange={({ currentTarget }) => choose({ language: currentTarget.value === 'zh' ? 'zh' : 'en' })}
        >
          <option value="en" lang="en">
            English
          </option>
          <option value="zh" lang="zh-CN">
            中文
          </option>
        </select>
      </label>
      <label>
        <span className="unseen">{t.theme}</span>
        <select value={theme} onChange={({ currentTarget }) => choose({ theme: currentTarget.value as Theme })}>
          {(['system', 'light', 'dark'] as const).map((value) => (
            <option key={value} value={value}>
              {t.themes[value]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
