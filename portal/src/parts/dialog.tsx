import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { TypedDocument } from 'vpcep-gateway/documents';
import { type Fault, faultOf } from '../gateway/faults.ts';
import { useWrite } from '../gateway/hooks.ts';
import { usePreferences, useText } from '../preferences.ts';
import { ErrorBox } from './small.tsx';

const en = { cancel: 'Cancel', delete: 'Delete', type: (word: string) => `Type ${word} to confirm` };
const zh: typeof en = { cancel: '取消', delete: '删除', type: (word: string) => `输入 ${word} 以确认` };

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** What was asked for is on its way: the dialog stays for the answer. */
  readonly busy: boolean;
  /** Also called by Escape. */
  readonly onClose: () => void;
}

/** Open as long as it is rendered. The browser keeps the focus inside, and gives it back. */
export function Dialog({ title, children, busy, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      closedby={busy ? 'none' : 'closerequest'}
      // For browsers without `closedby`.
      onCancel={(event) => busy && event.preventDefault()}
      onClose={onClose}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps extends DialogProps {
  /** The word that has to be typed, such as the end of an ID; null: a click is enough. */
  readonly word: string | null;
  readonly action: string;
  readonly onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, children, word, action, busy, onConfirm, onClose }: ConfirmProps) {
  const t = useText({ en, zh });
  const id = useId();
  const [typed, setTyped] = useState('');
  return (
    <Dialog title={title} busy={busy} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && (word === null || typed.trim() === word)) onConfirm();
        }}
      >
        {children}
        {word !== null && (
          <div className="field">
            <label htmlFor={id}>{t.type(word)}</label>
            <input
              id={id}
              autoComplete="off"
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </div>
        )}
        <div className="buttons">
          <button type="submit" className="danger" disabled={busy || (word !== null && typed.trim() !== word)}>
            {action}
          </button>
          <button type="button" disabled={busy} onClick={onClose}>
            {t.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface DeleteProps<Data> {
  readonly document: TypedDocument<Data, { readonly projectId: string; readonly input: { readonly id: string } }>;
  readonly resource: { readonly id: string; readonly projectId: string };
  readonly title: string;
  /** What is lost with it. */
  readonly about: string;
  /** What to do when its state does not allow it. */
  readonly conflict?: string;
}

/** Characters of the ID that have to be typed. */
const WORD = 6;

/** A button, and the dialog that it opens. */
export function Delete<Data>({ document, resource: { id, projectId }, title, about, conflict }: DeleteProps<Data>) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  const { run, fetching } = useWrite(document);
  const [isOpen, setOpen] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const close = () => {
    setOpen(false);
    setFault(null);
  };
  const confirm = async () => {
    const { error } = await run({ projectId, input: { id } });
    if (error === undefined) close();
    else setFault(faultOf(error, language));
  };
  return (
    <>
      <button type="button" className="danger" onClick={() => setOpen(true)}>
        {t.delete}
      </button>
      {isOpen && (
        <Confirm
          title={title}
          word={id.slice(-WORD)}
          action={t.delete}
          busy={fetching}
          onConfirm={() => void confirm()}
          onClose={close}
        >
          <p>{about}</p>
          {fault !== null && <ErrorBox fault={fault} />}
          {fault?.code === 'CONFLICT' && conflict !== undefined && <p>{conflict}</p>}
        </Confirm>
      )}
    </>
  );
}
