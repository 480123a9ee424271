import {
  ExternalIcon,
  KeyboardIcon,
  MoonIcon,
  PanelIcon,
  SearchIcon,
  SunIcon,
  TerminalIcon,
} from '../components/icons.tsx';
import { Link } from '../components/link.tsx';
import { useMedia } from '../components/use-media.ts';
import { useLocation } from '../data/location.ts';
import { preferences, setPreference } from '../data/preferences.ts';
import { pageSettings } from '../data/settings.ts';
import { useStore } from '../data/store.ts';
import { screens } from '../screens.ts';
import { Brand } from './brand.tsx';
import { Caller } from './caller.tsx';
import { PrincipalPicker } from './principal-picker.tsx';
import type { ShellDialog } from './screen.ts';

interface NavigationProps {
  readonly onDialog: (dialog: ShellDialog) => void;
}

/** The left column. `[` makes it narrow. */
export function Navigation({ onDialog }: NavigationProps) {
  const { path } = useLocation();
  const { navigation } = useStore(preferences);
  const toggle = () => setPreference({ navigation: navigation === 'wide' ? 'narrow' : 'wide' });
  return (
    <nav className="navigation" aria-label="Pages">
      <div className="navigation-brand">
        <Brand />
        <span className="wide-only">orgql</span>
        <button
          type="button"
          className="button button-plain button-icon wide-only"
          aria-label="Narrow navigation"
          onClick={toggle}
        >
          <PanelIcon />
        </button>
      </div>
      <PrincipalPicker />
      <button type="button" className="navigation-search" title="Search or jump to" onClick={() => onDialog('palette')}>
        <SearchIcon />
        <span className="wide-only">Search or jump to</span>
        <kbd className="wide-only">Ctrl K</kbd>
      </button>
      <ul className="navigation-pages">
        {screens.map(({ path: to, name, Icon, Count }) => (
          <li key={to}>
            <Link to={to} className="navigation-item" aria-current={path === to ? 'page' : undefined} title={name}>
              <Icon />
              <span className="wide-only">{name}</span>
              {Count && <Count />}
            </Link>
          </li>
        ))}
      </ul>
      <div className="navigation-tools">
        {pageSettings.graphiql && (
          <a className="navigation-item" href="/graphql" target="_blank" rel="noreferrer" title="GraphiQL">
            <TerminalIcon />
            <span className="wide-only">GraphiQL</span>
            <span className="navigation-note wide-only">
              <ExternalIcon size={12} />
            </span>
          </a>
        )}
        <button type="button" className="navigation-item" title="Shortcuts" onClick={() => onDialog('shortcuts')}>
          <KeyboardIcon />
          <span className="wide-only">Shortcuts</span>
          <kbd className="wide-only">?</kbd>
        </button>
        <ThemeSwitch />
        <button type="button" className="navigation-item narrow-only" title="Wide navigation" onClick={toggle}>
          <PanelIcon />
        </button>
      </div>
      <Caller />
    </nav>
  );
}

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const;

/** System, light, dark. */
export function ThemeSwitch() {
  const { theme } = useStore(preferences);
  const isSystemDark = useMedia('(prefers-color-scheme: dark)');
  const isDark = theme === 'system' ? isSystemDark : theme === 'dark';
  const name = isDark ? 'Dark' : 'Light';
  return (
    <button
      type="button"
      className="navigation-item"
      title={`Theme: ${name}`}
      onClick={() => setPreference({ theme: NEXT_THEME[theme] })}
    >
      {isDark ? <MoonIcon /> : <SunIcon />}
      <span className="wide-only">{name}</span>
      {theme === 'system' && <span className="navigation-note wide-only">System</span>}
    </button>
  );
}
