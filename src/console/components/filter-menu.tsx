import type { ReactNode } from 'react';
import { CheckIcon, ChevronDownIcon } from './icons.tsx';
import { Menu } from './menu.tsx';

interface FilterMenuProps {
  /** What is filtered by, such as `Status`. */
  readonly name: string;
  readonly value: string | undefined;
  /** Shown where none is chosen, such as `Any month`. */
  readonly any?: string;
  readonly options: readonly { readonly value: string; readonly label: ReactNode; readonly note?: ReactNode }[];
  readonly onChange: (value: string | undefined) => void;
  /** Instead of options that are not known yet. */
  readonly note?: ReactNode;
  /** When the options are needed. */
  readonly onOpen?: () => void;
}

/** A filter by one of several values. */
export function FilterMenu({ name, value, any = 'Any', options, onChange, note, onOpen }: FilterMenuProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Menu
      className="filter"
      label={name}
      isActive={value !== undefined}
      onOpen={onOpen}
      button={
        <>
          {name} <b>{value === undefined ? any : (chosen?.label ?? value)}</b>
          <ChevronDownIcon size={14} />
        </>
      }
    >
      {(close) => {
        const choose = (next: string | undefined) => () => {
          onChange(next);
          close();
        };
        return (
          <>
            <Item isChosen={value === undefined} onClick={choose(undefined)} label={any} />
            {note}
            {options.map((option) => (
              <Item
                key={option.value}
                isChosen={option.value === value}
                onClick={choose(option.value)}
                label={option.label}
                note={option.note}
              />
            ))}
          </>
        );
      }}
    </Menu>
  );
}

interface ItemProps {
  readonly label: ReactNode;
  readonly note?: ReactNode;
  readonly isChosen: boolean;
  readonly onClick: () => void;
}

function Item({ label, note, isChosen, onClick }: ItemProps) {
  return (
    <button type="button" role="menuitemradio" aria-checked={isChosen} onClick={onClick}>
      {label}
      {note !== undefined && <span className="menu-note">{note}</span>}
      <span className={note === undefined ? 'menu-note' : undefined}>{isChosen && <CheckIcon size={14} />}</span>
    </button>
  );
}
