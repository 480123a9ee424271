import './palette.css';
import { type KeyboardEvent, useId, useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { SearchIcon } from '../components/icons.tsx';
import { navigate } from '../data/location.ts';
import { matcher } from '../data/text.ts';
import { screens } from '../screens.ts';
import type { PaletteAction, PaletteItem } from './screen.ts';

/** Things that are shown at most. */
const MAX_THINGS = 8;

const hooks = screens.flatMap(({ useItems }) => (useItems ? [useItems] : []));

/** Finds things by name, e-mail address or id, and pages. Loaded with the page, so that no letter is lost after Ctrl K. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  // biome-ignore lint/correctness/useHookAtTopLevel: the pages are the same in every render, and so is the order of hooks.
  const things = hooks.flatMap((useItems) => useItems(typed)).slice(0, MAX_THINGS);
  const matches = matcher(typed);
  const pages = screens.flatMap(({ path, name, Icon }): PaletteItem[] =>
    matches(name) ? [{ id: path, icon: <Icon />, name, note: 'Page', open: () => navigate(path) }] : [],
  );
  const actions = typed.trim() === '' ? [] : (things[0]?.actions ?? []);
  const items: readonly (PaletteItem | PaletteAction)[] = [...things, ...actions, ...pages];
  const chosen = Math.min(at, Math.max(0, items.length - 1));
  const open = (item: PaletteItem | PaletteAction | undefined) => {
    if (item === undefined) return;
    onClose();
    item.open();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setAt((chosen + step + items.length) % items.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(items[chosen]);
    }
  };
  return (
    <Dialog title="Search or jump to" onClose={onClose} className="palette" hasHeader={false}>
      <div className="palette-field">
        <SearchIcon />
        <input
          autoFocus
          type="text"
          role="combobox"
          aria-label="Search or jump to"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={items[chosen] && `${id}-${chosen}`}
          placeholder="Name, e-mail or id"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={id} role="listbox" aria-label="Results" className="palette-list">
        {items.map((item, index) => (
          <div
            key={item.id}
            data-first={(index > 0 && index === things.length && actions.length > 0) || undefined}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className="palette-item"
            onClick={() => open(item)}
          >
            {item.icon}
            <span className="strong truncate">{item.name}</span>
            <span className="muted truncate">{'note' in item && item.note}</span>
            {index === chosen ? <kbd>Enter</kbd> : 'letter' in item && <kbd>{item.letter?.toUpperCase()}</kbd>}
          </div>
        ))}
        {items.length === 0 && <p className="palette-none">Nothing matches “{typed}”.</p>}
      </div>
    </Dialog>
  );
}
