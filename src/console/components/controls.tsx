import './controls.css';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { groupedId } from '../data/text.ts';
import { CopyIcon, FilterIcon } from './icons.tsx';
import { announce } from './live-region.tsx';

interface Option<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly count?: number | undefined;
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly isSmall?: boolean;
  /** `tabs` choose what the page shows, a `choice` how. */
  readonly kind?: 'tabs' | 'choice';
}

/** A choice of few values, all in sight. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
  isSmall,
  kind = 'choice',
}: SegmentedProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value) + step;
    const next = options[(at + options.length) % options.length];
    if (next === undefined) return;
    onChange(next.value);
    list.current?.querySelectorAll('button')[options.indexOf(next)]?.focus();
  };
  const isTabs = kind === 'tabs';
  return (
    <div
      ref={list}
      className={isSmall ? 'segmented small' : 'segmented'}
      role={isTabs ? 'tablist' : 'radiogroup'}
      aria-label={label}
      onKeyDown={move}
    >
      {options.map((option) => {
        const isChosen = option.value === value;
        return (
          <button
            key={option.value}
            type="button"
            role={isTabs ? 'tab' : 'radio'}
            {...(isTabs ? { 'aria-selected': isChosen } : { 'aria-checked': isChosen })}
            tabIndex={isChosen ? 0 : -1}
            onClick={() => onChange(option.value)}
          >
            {option.label}
            {option.count !== undefined && <span className="count">{option.count}</span>}
          </button>
        );
      })}
    </div>
  );
}

interface FilterFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A text that selects rows while the reader types. `/` moves the focus here. */
export function FilterField({ label, placeholder, value, onChange }: FilterFieldProps) {
  return (
    <span className="text-field filter-field">
      <FilterIcon />
      <input
        type="text"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        data-filter
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return;
          event.stopPropagation();
          onChange('');
        }}
      />
    </span>
  );
}

export function copyText(text: string, what: string): void {
  void navigator.clipboard.writeText(text).then(
    () => announce(`Copied ${what}`),
    () => announce(`The browser does not allow to copy ${what}`),
  );
}

/** Copies a text. `what` names it, as in "Copy account id". */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <button
      type="button"
      className="copy"
      aria-label={`Copy ${what}`}
      title={`Copy ${what}`}
      onClick={() => copyText(text, what)}
    >
      <CopyIcon size={13} />
    </button>
  );
}

/** An account id in groups, which is copied without spaces. */
export function AccountId({
  id,
  canCopy = false,
}: {
  readonly id: string | null | undefined;
  readonly canCopy?: boolean;
}) {
  if (!id) return <span>–</span>;
  return (
    <>
      {groupedId(id)}
      {canCopy && <CopyButton text={id} what="account id" />}
    </>
  );
}

export function TagChip({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className="tag">
      <span className="truncate">{name}</span> <b className="truncate">{value}</b>
    </span>
  );
}
