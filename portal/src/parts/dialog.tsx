import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useText } from '../preferences.ts';

const en = { cancel: 'Cancel', type: (word: string) => `Type ${word} to confirm` };
const zh: typeof en = { cancel: '取消', type: (word: string) => `输入 ${word} 以确认` };

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
