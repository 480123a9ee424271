import './shortcuts.css';
import { Fragment } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { preferences, setPreference, toggleDensity } from '../data/preferences.ts';
import { useStore } from '../data/store.ts';
import { screens } from '../screens.ts';

const KEYS: readonly (readonly [keys: readonly string[], action: string])[] = [
  [['Ctrl K'], 'Search or jump to'],
  [['/'], 'Filter'],
  [['↑', '↓', 'J', 'K'], 'Row before, row after'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close what was opened last'],
  [['X', 'Shift ↑ ↓'], 'Select the row, extend the selection'],
  [['←', '→'], 'Close or open a unit or a group'],
  [['N'], 'Create or invite'],
  [['R'], 'Rename, or edit a policy'],
  [['M'], 'Move the account'],
  [['Ctrl Enter'], 'Send the form'],
  [['C'], 'Copy as GraphQL, curl or AWS CLI'],
  [['E'], 'Export as CSV'],
  [['D'], 'Compact or comfortable rows'],
  [['['], 'Narrow or wide navigation'],
  [['?'], 'This list'],
];

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const { shortcuts, density } = useStore(preferences);
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      <div className="dialog-body">
        <dl className="shortcuts">
          {KEYS.map(([keys, action]) => (
            <Fragment key={action}>
              <dt>{action}</dt>
              <dd>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </Fragment>
          ))}
          {screens.map(({ path, name, letter }) => (
            <Fragment key={path}>
              <dt>{name}</dt>
              <dd>
                <kbd>G</kbd> then <kbd>{letter.toUpperCase()}</kbd>
              </dd>
            </Fragment>
          ))}
        </dl>
        <label className="shortcuts-switch">
          <input
            type="checkbox"
            checked={shortcuts}
            onChange={(event) => setPreference({ shortcuts: event.target.checked })}
          />
          Single letters are shortcuts
        </label>
        <label className="shortcuts-switch">
          <input type="checkbox" checked={density === 'compact'} onChange={toggleDensity} />
          Compact rows
        </label>
      </div>
    </Dialog>
  );
}
