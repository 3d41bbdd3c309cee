/** The end of a form that creates: what is wrong, what can be done about it, and the button. */

import { Link } from 'wouter';
import type { Fault } from '../gateway/faults.ts';
import { useText } from '../preferences.ts';
import type { Form } from './form.tsx';
import { ErrorBox } from './small.tsx';

const en = {
  check: 'Some fields are not right yet.',
  again: 'Whether it was created is not known. Change nothing and press Create again: nothing is created twice.',
  reused: 'An earlier attempt with other fields may have created it. Look for it first:',
  unmade: 'If that stays so for some minutes, it was most likely not created. Look for it first:',
  list: 'To the list',
  another: 'Use these fields for another one',
  create: 'Create',
  creating: 'Creating …',
};
const zh: typeof en = {
  check: '部分字段还不正确。',
  again: '无法确定是否已创建。请不要更改内容，再次点击“创建”：不会重复创建。',
  reused: '之前内容不同的请求可能已创建成功。请先查看：',
  unmade: '如果几分钟后仍无法确定，则很可能没有创建。请先查看：',
  list: '列表',
  another: '用这些内容另外创建一个',
  create: '创建',
  creating: '正在创建…',
};

interface CreateEndProps {
  readonly form: Form;
  readonly fault: Fault | null;
  readonly creating: boolean;
  /** Where what was created would be found. */
  readonly list: string;
  /** Takes a new key, with the fields as they are. */
  readonly onAnother: () => void;
}

export function CreateEnd({ form, fault, creating, list, onAnother }: CreateEndProps) {
  const t = useText({ en, zh });
  return (
    <>
      {fault === null && form.isBroken && <p role="alert">{t.check}</p>}
      {fault !== null && <ErrorBox fault={fault} />}
      {(fault?.code === 'UPSTREAM_OUTCOME_UNKNOWN' || fault?.code === 'NETWORK') && <p role="alert">{t.again}</p>}
      {(fault?.code === 'IDEMPOTENCY_KEY_REUSED' || fault?.code === 'UPSTREAM_OUTCOME_UNKNOWN') && (
        <p>
          {fault.code === 'IDEMPOTENCY_KEY_REUSED' ? t.reused : t.unmade} <Link href={list}>{t.list}</Link>{' '}
          <button
            type="button"
            onClick={({ currentTarget }) => {
              // This button goes away.
              currentTarget.form?.querySelector<HTMLElement>('[type=submit]')?.focus();
              onAnother();
            }}
          >
            {t.another}
          </button>
        </p>
      )}
      <div className="buttons">
        <button type="submit" className="primary" disabled={creating}>
          {creating ? t.creating : t.create}
        </button>
      </div>
    </>
  );
}
