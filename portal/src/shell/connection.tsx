import { useLive } from '../gateway/hooks.ts';
import type { LiveState } from '../gateway/live.ts';
import { usePreferences, useText } from '../preferences.ts';

const en = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  stopped: 'Not live',
  reconnected: (time: string) => `reconnected at ${time}`,
  resumed: (time: string) => `resumed at ${time}, nothing was missed`,
  resynchronised: (time: string) => `resynchronised at ${time}, changes before it may be missing`,
  updated: (time: string) => `last update ${time}`,
};

const zh: typeof en = {
  connecting: '正在连接',
  live: '实时',
  reconnecting: '正在重新连接',
  stopped: '未实时更新',
  reconnected: (time: string) => `${time} 重新连接`,
  resumed: (time: string) => `${time} 恢复，没有遗漏`,
  resynchronised: (time: string) => `${time} 重新同步，此前的变化可能有遗漏`,
  updated: (time: string) => `最近更新 ${time}`,
};

/** Whether what is shown is current. */
export function Connection({ live }: { readonly live: LiveState }) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { state, back, updatedAt } = useLive(live);
  const time = (at: number) =>
    new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeStyle: 'medium' }).format(at);
  return (
    <p className={`connection ${state}`}>
      <strong role="status">{t[state]}</strong>
      <small>
        {[back && t[back.how](time(back.at)), updatedAt && t.updated(time(updatedAt))].filter(Boolean).join(' · ')}
      </small>
    </p>
  );
}
