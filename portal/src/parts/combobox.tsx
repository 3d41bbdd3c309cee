/** A text field with a list of suggestions, by the combobox pattern of the ARIA Authoring Practices. */
import { type KeyboardEvent, useId, useState } from 'react';
import type { ControlProps } from './form.tsx';

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly detail: string;
}

interface ComboboxProps extends ControlProps {
  /** Of the field, for the list. */
  readonly label: string;
  /** What is chosen, or what the user has typed instead. */
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

/** As many as can be looked through; more words make them fewer. */
const SHOWN = 50;

export function Combobox({ label, value, options, onChange, onBlur, ...control }: ComboboxProps) {
  const list = useId();
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  /** Null: the chosen option is shown. */
  const [typed, setTyped] = useState<string | null>(null);
  const chosen = options.find((option) => option.value === value);
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const matching = options
    .filter((option) => {
      const all = `${option.value} ${option.label} ${option.detail}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .slice(0, SHOWN);
  const isShown = isOpen && matching.length > 0;

  const open = () => {
    setOpen(true);
    setAt(-1);
  };
  const close = () => {
    setOpen(false);
    setAt(-1);
  };
  const choose = (option: Option) => {
    onChange(option.value);
    setTyped(null);
    close();
  };
  const move = (step: number) => {
    if (!isOpen) open();
    setAt((before) =>
      matching.length === 0
        ? -1
        : (before + step + matching.length + (before < 0 && step < 0 ? 1 : 0)) % matching.length,
    );
  };
  const press = (event: KeyboardEvent) => {
    const option = matching[at];
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape' && isShown) close();
    else if (event.key === 'Enter' && isOpen && option !== undefined) choose(option);
    else return;
    event.preventDefault();
  };

  return (
    <div className="combobox">
      <input
        {...control}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={list}
        aria-activedescendant={at < 0 ? undefined : `${list}-${at}`}
        value={typed ?? chosen?.label ?? value}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          onChange(currentTarget.value.trim());
          open();
        }}
        onFocus={open}
        onClick={open}
        onKeyDown={press}
        onBlur={() => {
          close();
          onBlur();
        }}
      />
      <div id={list} role="listbox" aria-label={label} hidden={!isShown}>
        {matching.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys belong to the text field, as the pattern has it
          <div
            key={option.value}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            // Before the field loses the focus, which closes the list.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            {option.label} <small>{option.detail}</small>
          </div>
        ))}
      </div>
    </div>
  );
}
