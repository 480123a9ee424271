import './shell.css';
import { type ReactNode, useState } from 'react';
import { LiveRegion } from '../components/live-region.tsx';
import { usePhone } from '../components/use-media.ts';
import { useStatusSubscription } from '../data/gateway-status.ts';
import { preferences } from '../data/preferences.ts';
import { useStore } from '../data/store.ts';
import { ConnectionBanner } from './connection.tsx';
import { useKeyboard } from './keyboard.ts';
import { Navigation } from './navigation.tsx';
import { Palette } from './palette.tsx';
import { PhoneBar, PhoneTabs } from './phone.tsx';
import type { ShellDialog } from './screen.ts';
import { Shortcuts } from './shortcuts.tsx';
import { StatusBar } from './status-bar.tsx';

/** What surrounds every page: navigation, connection, status bar, and the dialogs that are always at hand. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [dialog, setDialog] = useState<ShellDialog>();
  const { navigation } = useStore(preferences);
  const isPhone = usePhone();
  useStatusSubscription();
  useKeyboard(setDialog);
  const close = () => setDialog(undefined);
  return (
    <div className="shell" data-navigation={navigation}>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      {isPhone ? <PhoneBar onDialog={setDialog} /> : <Navigation onDialog={setDialog} />}
      <div className="shell-content">
        <ConnectionBanner />
        {children}
      </div>
      {isPhone ? <PhoneTabs onDialog={setDialog} /> : <StatusBar />}
      <LiveRegion />
      {dialog === 'palette' && <Palette onClose={close} />}
      {dialog === 'shortcuts' && <Shortcuts onClose={close} />}
    </div>
  );
}
