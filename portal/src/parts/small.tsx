/** Small parts that every page uses. */
import { type ReactNode, useState } from 'react';
import type { Fault } from '../gateway/faults.ts';
import { usePreferences, useText } from '../preferences.ts';

const text = {
  en: { copy: 'Copy', copied: 'Copied', again: 'Try again', none: 'none', request: 'Request ID of the cloud' },
  zh: { copy: '复制', copied: '已复制', again: '重试', none: '无', request: '云服务请求 ID' },
};

/** @param subject what is copied, for screen readers. */
export function Copy({ value, subject }: { readonly value: string; readonly subject: string }) {
  const t = useText(text);
  const [done, setDone] = useState(false);
  // Pages over plain http from another host have no clipboard.
  if (navigator.clipboard === undefined) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setDone(true);
  };
  return (
    <button
      type="button"
      className="quiet copy"
      aria-label={`${done ? t.copied : t.copy}: ${subject}`}
      title={done ? t.copied : t.copy}
      onClick={() => void copy()}
      onBlur={() => setDone(false)}
    >
      {done ? '✓' : <CopyIcon />}
    </button>
  );
}

function CopyIcon() {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" aria-hidden="true">
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 3.5v-1h-8v8h1" />
    </svg>
  );
}

/** @param at ISO 8601, or milliseconds since 1970. */
export function When({ at }: { readonly at: string | number | null | undefined }) {
  const { language } = usePreferences();
  if (at == null) return <>–</>;
  const date = new Date(at);
  const shown = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  return <time dateTime={date.toISOString()}>{shown.format(date)}</time>;
}

export function ErrorBox({ fault, again }: { readonly fault: Fault; readonly again?: () => void }) {
  const t = useText(text);
  return (
    <div className="error box" role="alert">
      <p>
        {fault.message} <small>{fault.code}</small>
      </p>
      {fault.original !== undefined && (
        <p lang="en">
          <small>{fault.original}</small>
        </p>
      )}
      {fault.requestId !== undefined && (
        <p>
          <small>
            {t.request}: {fault.requestId}
          </small>
        </p>
      )}
      {again && (
        <button type="button" onClick={again}>
          {t.again}
        </button>
      )}
    </div>
  );
}

export function Values({ of }: { readonly of: readonly string[] }) {
  const t = useText(text);
  if (of.length === 0) return <span className="faint">{t.none}</span>;
  return (
    <ul className="values">
      {of.map((value) => (
        <li key={value}>{value}</li>
      ))}
    </ul>
  );
}

/** Names and their values, one row each. */
export function Facts({ rows }: { readonly rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === null || value === undefined || value === '' ? '–' : value}</dd>
        </div>
      ))}
    </dl>
  );
}
