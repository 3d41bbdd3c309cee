/** Fields of forms. What is broken comes from the gateway's own rules, which run here while the user types. */
import { type ReactNode, useId, useState } from 'react';
import { flushSync } from 'react-dom';
import { InputError, type InputIssue } from '../../../src/graphql/errors/gateway-errors.ts';
import { issueText } from '../gateway/faults.ts';
import { usePreferences, useText } from '../preferences.ts';

const en = {
  optional: 'optional',
  missing: (label: string) => `${label} is required`,
  item: (label: string, number: number) => `${label}, no. ${number}`,
  oneEach: 'One on each line.',
  key: 'Key',
  value: 'Value',
  addTag: 'Add a tag',
  removeTag: (key: string) => `Remove the tag ${key}`,
};
const zh: typeof en = {
  optional: '可选',
  missing: (label: string) => `${label} 必填`,
  item: (label: string, number: number) => `${label} 第 ${number} 项`,
  oneEach: '每行一个。',
  key: '键',
  value: '值',
  addTag: '添加标签',
  removeTag: (key: string) => `删除标签 ${key}`,
};

export interface Form {
  /** Broken rules at this path and below it, of fields that the user has left or sent. */
  at(path: string): readonly InputIssue[];
  /** To be called when the user leaves a field. */
  touch(path: string): void;
  /** Whether something is, and all of it is shown. */
  readonly isBroken: boolean;
  /** Shows what is broken in all fields, and goes to the first of them. @returns whether nothing is. */
  check(element: HTMLFormElement): boolean;
}

/**
 * @param read throws InputError, as the readers in src/graphql do.
 * @param refused what the gateway has found beyond them in what is in the form now.
 */
export function useForm(read: () => unknown, refused: readonly InputIssue[] = []): Form {
  const [touched, setTouched] = useState<readonly string[]>([]);
  const [checked, setChecked] = useState(false);
  const issues = [...brokenRules(read), ...refused];
  const isAt = (place: string, path: string) => place === path || place.startsWith(`${path}.`);
  return {
    at: (path) => (checked || touched.includes(path) ? issues.filter((issue) => isAt(issue.path, path)) : []),
    touch: (path) => setTouched((before) => (before.includes(path) ? before : [...before, path])),
    isBroken: checked && issues.length > 0,
    check(element) {
      flushSync(() => setChecked(true));
      element.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
      return issues.length === 0;
    },
  };
}

function brokenRules(read: () => unknown): readonly InputIssue[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
}

interface FieldProps {
  readonly form: Form;
  /** As in `issues[].path`: `input.vpcId`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly required?: boolean;
}

/** What the control of a field needs. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
  readonly onBlur: () => void;
}

export function Field({
  form,
  path,
  label,
  hint,
  required,
  isEmpty,
  children,
}: FieldProps & { readonly isEmpty: boolean; readonly children: (props: ControlProps) => ReactNode }) {
  const id = useId();
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const issues = form.at(path);
  const about = `${id}-about`;
  const isMissing = required === true && isEmpty && issues.length > 0;
  /** Names the item when it is one of a list. */
  const labelAt = (place: string) => {
    const index = place.slice(path.length).match(/\d+/);
    return index === null ? label : t.item(label, Number(index[0]) + 1);
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {!required && <small>{t.optional}</small>}
      </label>
      {children({ id, 'aria-describedby': about, 'aria-invalid': issues.length > 0, onBlur: () => form.touch(path) })}
      <div id={about}>
        {hint && <small>{hint}</small>}
        {isMissing && <div className="fault">{t.missing(label)}</div>}
        {!isMissing &&
          issues.map((issue) => (
            <div key={`${issue.path} ${issue.rule}`} className="fault">
              {issueText(issue, language, labelAt(issue.path))}
            </div>
          ))}
      </div>
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ value, onChange, ...field }: TextFieldProps) {
  return (
    <Field {...field} isEmpty={value.trim() === ''}>
      {(props) => (
        <input
          {...props}
          type="text"
          autoComplete="off"
          spellCheck={false}
          required={field.required}
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface LinesFieldProps extends FieldProps {
  readonly lines: readonly string[];
  readonly onChange: (lines: readonly string[]) => void;
}

/** A list, one item on each line. */
export function LinesField({ lines, onChange, hint, ...field }: LinesFieldProps) {
  const t = useText({ en, zh });
  const [text, setText] = useState(lines.join('\n'));
  return (
    <Field {...field} isEmpty={lines.length === 0} hint={[hint, t.oneEach].filter(Boolean).join(' ')}>
      {(props) => (
        <textarea
          {...props}
          rows={3}
          spellCheck={false}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            onChange(linesOf(currentTarget.value));
          }}
        />
      )}
    </Field>
  );
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

interface CheckFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, hint, checked, onChange }: CheckFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label>
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={hint === undefined ? undefined : id}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />{' '}
        {label}
      </label>
      {hint && <small id={id}>{hint}</small>}
    </div>
  );
}

export interface TagPair {
  readonly key: string;
  readonly value: string;
}

interface TagsFieldProps {
  readonly form: Form;
  /** Of the list, such as `input.tags`. */
  readonly path: string;
  readonly label: string;
  readonly tags: readonly TagPair[];
  readonly onChange: (tags: readonly TagPair[]) => void;
}

export function TagsField({ form, path, label, tags, onChange }: TagsFieldProps) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const change = (index: number, pair: Partial<TagPair>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...pair } : tag)));
  return (
    <fieldset>
      <legend>{label}</legend>
      {tags.map(({ key, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tag has no other identity while it is typed
        <div key={index} className="pair">
          <TextField
            form={form}
            path={`${path}.${index}.key`}
            label={t.key}
            required
            value={key}
            onChange={(next) => change(index, { key: next })}
          />
          <TextField
            form={form}
            path={`${path}.${index}.value`}
            label={t.value}
            value={value}
            onChange={(next) => change(index, { value: next })}
          />
          <button
            type="button"
            aria-label={t.removeTag(key)}
            onClick={() => onChange(tags.filter((_, at) => at !== index))}
          >
            ✕
          </button>
        </div>
      ))}
      <button type="button" onClick={() => onChange([...tags, { key: '', value: '' }])}>
        {t.addTag}
      </button>
      {form
        .at(path)
        .filter((issue) => issue.path === path)
        .map((issue) => (
          <div key={issue.rule} className="fault">
            {issueText(issue, language, label)}
          </div>
        ))}
    </fieldset>
  );
}
