import './combobox.css';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface ComboboxOption {
  readonly value: string;
  readonly label: string;
  readonly note?: ReactNode;
}

interface ComboboxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly icon?: ReactNode;
  /** What the field shows while it is not being typed in. */
  readonly shown: string;
  /** What matches the typed text, the best first; only the first ones are read. Called with an empty text too. */
  readonly optionsOf: (typed: string) => Iterable<ComboboxOption>;
  readonly onChoose: (value: string) => void;
  /** Takes a text that is no option. */
  readonly onText?: (typed: string) => void;
  readonly className?: string;
  /** For a label elsewhere. */
  readonly inputId?: string;
  readonly hasFocus?: boolean;
  readonly isInvalid?: boolean;
}

/** Options that are shown at most. */
const MAX_OPTIONS = 30;

function firstOf(all: Iterable<ComboboxOption>): readonly ComboboxOption[] {
  const options: ComboboxOption[] = [];
  for (const option of all) {
    options.push(option);
    if (options.length === MAX_OPTIONS) break;
  }
  return options;
}

/** A field that is completed from many values. */
export function Combobox(props: ComboboxProps) {
  const { label, placeholder, icon, shown, optionsOf, onChoose, onText, className = '' } = props;
  const { inputId, hasFocus, isInvalid } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>();
  const [at, setAt] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const options = isOpen ? firstOf(optionsOf(typed ?? '')) : [];
  const chosen = options[at];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves once, when the form opens.
  useEffect(() => {
    if (hasFocus) input.current?.focus();
  }, []);
  const close = () => {
    setTyped(undefined);
    setOpen(false);
    setAt(-1);
  };
  const choose = (option: ComboboxOption) => {
    close();
    onChoose(option.value);
  };
  const commit = () => {
    if (typed !== undefined && typed.trim() !== shown) onText?.(typed.trim());
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      if (options.length > 0) setAt((at + step + options.length) % options.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const best = chosen ?? (onText === undefined && typed !== undefined ? options[0] : undefined);
      if (best) choose(best);
      else commit();
    } else if (event.key === 'Escape' && (isOpen || typed !== undefined)) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <span className={`combobox ${className}`}>
      <span className="text-field" onClick={() => input.current?.focus()}>
        {icon}
        <input
          ref={input}
          id={inputId}
          type="text"
          role="combobox"
          aria-invalid={isInvalid || undefined}
          aria-label={label}
          aria-expanded={options.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={chosen && `${id}-${at}`}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={typed ?? shown}
          onFocus={(event) => event.target.select()}
          onClick={() => setOpen(true)}
          onBlur={commit}
          onChange={(event) => {
            setTyped(event.target.value);
            setOpen(true);
            setAt(-1);
          }}
          onKeyDown={onKeyDown}
        />
      </span>
      <span id={id} role="listbox" aria-label={label} className="combobox-options" hidden={options.length === 0}>
        {options.map((option, index) => (
          <span
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className="combobox-option"
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            <span className="truncate">{option.label}</span>
            {option.note !== undefined && <span className="combobox-note">{option.note}</span>}
          </span>
        ))}
      </span>
    </span>
  );
}
