import './styles/tokens.css';
import './styles/fonts.css';
import './styles/base.css';
import './data/preferences.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { onReturn } from './data/sign-in/issuer.ts';
import { screens } from './screens.ts';

onReturn();

// Its code arrives while the connection opens. A failure shows when the page renders.
const first = screens.find(({ path }) => path === location.pathname) ?? screens[0];
first?.load().catch(() => undefined);

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
