/** A part of a page with a button, and the dialog that it opens to change the part. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { CombinedError } from 'urql';
import { type Fault, faultOf } from '../gateway/faults.ts';
import { usePreferences, useText } from '../preferences.ts';
import { Dialog } from './dialog.tsx';
import { type Form, useForm } from './form.tsx';
import { ErrorBox } from './small.tsx';

const en = { edit: 'Edit', save: 'Save', saving: 'Saving …', cancel: 'Cancel' };
const zh: typeof en = { edit: '编辑', save: '保存', saving: '保存中…', cancel: '取消' };

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
}

export function EditDialog<Input>({ title, input, read, write, onClose, children }: EditDialogProps<Input>) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const [isWriting, setWriting] = useState(false);
  const [refused, setRefused] = useState<{ readonly fault: Fault; readonly input: string } | null>(null);
  // It says nothing about another input.
  const fault = refused?.input === JSON.stringify(input) ? refused.fault : null;
  const form = useForm(() => read(input), fault?.issues);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isWriting || !form.check()) return;
    setWriting(true);
    const error = await write(input);
    setWriting(false);
    if (error === undefined) onClose();
    else setRefused({ fault: faultOf(error, language), input: JSON.stringify(input) });
  };
  return (
    <Dialog title={title} busy={isWriting} onClose={onClose}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        {children(form)}
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
