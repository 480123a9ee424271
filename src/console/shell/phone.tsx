import './phone.css';
import { useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { KeyboardIcon, MoreIcon, SearchIcon, TerminalIcon } from '../components/icons.tsx';
import { Link } from '../components/link.tsx';
import { useLocation } from '../data/location.ts';
import { pageSettings } from '../data/settings.ts';
import { useViewer } from '../data/viewer.ts';
import { screens } from '../screens.ts';
import { CallerBox } from './caller.tsx';
import { ConnectionName } from './connection.tsx';
import { ThemeSwitch } from './navigation.tsx';
import { PrincipalPicker, principalColor } from './principal-picker.tsx';
import type { ShellDialog } from './screen.ts';

interface PhoneProps {
  readonly onDialog: (dialog: ShellDialog) => void;
}

/** The top of the page on a phone. The line above it has the principal's color. */
export function PhoneBar({ onDialog }: PhoneProps) {
  const viewer = useViewer().data?.viewer;
  return (
    <header className="phone-bar" style={{ borderTopColor: principalColor(viewer) }}>
      <PrincipalPicker />
      <ConnectionName isBadge />
      <button
        type="button"
        className="button button-plain button-icon"
        aria-label="Search or jump to"
        onClick={() => onDialog('palette')}
      >
        <SearchIcon size={20} />
      </button>
    </header>
  );
}

/** Pages with a tab of their own on a phone; the others are behind "More". */
const TABS = ['/transfers', '/invitations', '/organization', '/activity'];

export function PhoneTabs({ onDialog }: PhoneProps) {
  const { path } = useLocation();
  const [isOpen, setOpen] = useState(false);
  const tabs = screens.filter(({ path: to }) => TABS.includes(to));
  const others = screens.filter(({ path: to }) => !TABS.includes(to));
  return (
    <nav className="phone-tabs" aria-label="Pages">
      {tabs.map(({ path: to, name, Icon, Count }) => (
        <Link key={to} to={to} className="phone-tab" aria-current={path === to ? 'page' : undefined}>
          <span className="phone-tab-icon">
            <Icon size={20} />
            {Count && <Count />}
          </span>
          {name}
        </Link>
      ))}
      <button
        type="button"
        className="phone-tab"
        aria-current={others.some(({ path: to }) => to === path) ? 'page' : undefined}
        onClick={() => setOpen(true)}
      >
        <span className="phone-tab-icon">
          <MoreIcon size={20} />
        </span>
        More
      </button>
      {isOpen && (
        <Dialog title="More" onClose={() => setOpen(false)}>
          <div className="dialog-body phone-more">
            {others.map(({ path: to, name, Icon }) => (
              <Link key={to} to={to} className="navigation-item" onClick={() => setOpen(false)}>
                <Icon /> {name}
              </Link>
            ))}
            {pageSettings.graphiql && (
              <a className="navigation-item" href="/graphql">
                <TerminalIcon /> GraphiQL
              </a>
            )}
            <button
              type="button"
              className="navigation-item"
              onClick={() => {
                setOpen(false);
                onDialog('shortcuts');
              }}
            >
              <KeyboardIcon /> Shortcuts
            </button>
            <ThemeSwitch />
            <CallerBox />
          </div>
        </Dialog>
      )}
    </nav>
  );
}
