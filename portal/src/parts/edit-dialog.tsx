/** A part of a page with a button, and the dialog that it opens to change the part. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { CombinedError } from 'urql';
import { type Fault, faultOf } from '../gateway/faults.ts';
import { usePreferences, useText } from '../preferences.ts';
import { Dialog } from './dialog.tsx';
import { type Form, useForm } from './form.tsx';
import { ErrorBox, Values } from './small.tsx';

const en = {
  edit: 'Edit',
  save: 'Save',
  saving: 'Saving …',
  cancel: 'Cancel',
  changed: 'Nothing was saved: it was changed elsewhere meanwhile. Press Save again to replace what is there now:',
};
const zh: typeof en = {
  edit: '编辑',
  save: '保存',
  saving: '保存中…',
  cancel: '取消',
  changed: '尚未保存：内容已在别处更改。再次点击“保存”将替换现有内容：',
};

interface PartProps {
  readonly title: string;
  readonly canEdit: boolean;
  readonly children: ReactNode;
  /** The open dialog. */
  readonly edit: (close: () => void) => ReactNode;
}

export function EditablePart({ title, canEdit, children, edit }: PartProps) {
  const t = useText({ en, zh });
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="box" aria-labelledby={id}>
      <div className="title">
        <h2 id={id}>{title}</h2>
        {canEdit && (
          <button type="button" aria-label={`${t.edit}: ${title}`} onClick={() => setOpen(true)}>
            {t.edit}
          </button>
        )}
      </div>
      {children}
      {isOpen && edit(() => setOpen(false))}
    </section>
  );
}

/** What an edit replaces as a whole. */
export interface Whole {
  /** As the page shows it. */
  readonly lines: readonly string[];
  /** Reads it anew; null: it cannot be read. */
  readonly read: () => Promise<readonly string[] | null>;
}

const isSame = (a: readonly string[], b: readonly string[]) => a.toSorted().join('\n') === b.toSorted().join('\n');

interface EditDialogProps<Input> {
  readonly title: string;
  /** What is in the form now. */
  readonly input: Input;
  /** The gateway's own reader. @throws InputError */
  readonly read: (input: Input) => unknown;
  /** Resolves to why it was refused. */
  readonly write: (input: Input) => Promise<CombinedError | undefined>;
  readonly onClose: () => void;
  readonly children: (form: Form) => ReactNode;
  /** Given: a change that others have made meanwhile is shown before it is replaced. */
  readonly whole?: Whole;
}

export function EditDialog<Input>({ title, input, read, write, onClose, children, whole }: EditDialogProps<Input>) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const [isWriting, setWriting] = useState(false);
  const [refused, setRefused] = useState<{ readonly fault: Fault; readonly input: string } | null>(null);
  const [begun] = useState(whole?.lines ?? []);
  const [changed, setChanged] = useState<readonly string[] | null>(null);
  // It says nothing about another input.
  const fault = refused?.input === JSON.stringify(input) ? refused.fault : null;
  const form = useForm(() => read(input), fault?.issues);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isWriting || !form.check(event.currentTarget)) return;
    setWriting(true);
    const present = await whole?.read();
    const isSeen = !present || isSame(present, changed ?? begun);
    if (!isSeen) setChanged(present);
    const error = isSeen ? await write(input) : undefined;
    setWriting(false);
    if (!isSeen) return;
    if (error === undefined) onClose();
    else setRefused({ fault: faultOf(error, language), input: JSON.stringify(input) });
  };
  return (
    <Dialog title={title} busy={isWriting} onClose={onClose}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        {children(form)}
        {changed !== null && (
          <div className="error box" role="alert">
            <p>{t.changed}</p>
            <Values of={changed} />
          </div>
        )}
        {fault !== null && <ErrorBox fault={fault} />}
        <div className="buttons">
          <button type="submit" className="primary" disabled={isWriting}>
            {isWriting ? t.saving : t.save}
          </button>
          <button type="button" disabled={isWriting} onClick={onClose}>
            {t.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
