import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useText } from '../preferences.ts';

const en = { cancel: 'Cancel', type: (word: string) => `Type ${word} to confirm` };
const zh: typeof en = { cancel: '取消', type: (word: string) => `输入 ${word} 以确认` };

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Also called by Escape. */
  readonly onClose: () => void;
}

/** Open as long as it is rendered. The browser keeps the focus inside, and gives it back. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps extends DialogProps {
  /** The word that has to be typed, such as the end of an ID; null: a click is enough. */
  readonly word: string | null;
  readonly action: string;
  readonly busy: boolean;
  readonly onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, children, word, action, busy, onConfirm, onClose }: ConfirmProps) {
  const t = useText({ en, zh });
  const id = useId();
  const [typed, setTyped] = useState('');
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (word === null || typed.trim() === word) onConfirm();
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
          <button type="button" onClick={onClose}>
            {t.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
