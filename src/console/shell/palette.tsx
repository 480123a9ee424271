import './palette.css';
import { type KeyboardEvent, useId, useState } from 'react';
import { scopeReason } from '../actions/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { LockIcon, SearchIcon } from '../components/icons.tsx';
import { navigate } from '../data/location.ts';
import { matcher } from '../data/text.ts';
import { useViewer } from '../data/viewer.ts';
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
  const scopes = useViewer().data?.viewer.scopes;
  const whyNot = (item: PaletteItem | PaletteAction): string | undefined => {
    if (!('scope' in item) || item.scope === undefined) return undefined;
    return scopes?.includes(item.scope) === false ? scopeReason('This', item.scope) : item.lock;
  };
  const open = (item: PaletteItem | PaletteAction | undefined) => {
    if (item === undefined || whyNot(item) !== undefined) return;
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
        {items.map((item, index) => {
          const locked = whyNot(item);
          return (
            <div
              key={item.id}
              data-first={(index > 0 && index === things.length && actions.length > 0) || undefined}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              aria-disabled={locked !== undefined || undefined}
              className="palette-item"
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => open(item)}
            >
              {locked === undefined ? item.icon : <LockIcon />}
              <span className="strong truncate">{item.name}</span>
              <span className={locked === undefined ? 'muted truncate' : 'muted'}>
                {locked ?? ('note' in item && item.note)}
              </span>
              {locked !== undefined ? null : index === chosen ? (
                <kbd>Enter</kbd>
              ) : (
                'letter' in item && <kbd>{item.letter?.toUpperCase()}</kbd>
              )}
            </div>
          );
        })}
        {items.length === 0 && <p className="palette-none">Nothing matches “{typed}”.</p>}
      </div>
    </Dialog>
  );
}
