import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { client } from './client.js';
import { Invitations } from './invitations.jsx';

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <Provider value={client}>
      <h1>Invitations</h1>
      <Invitations />
    </Provider>
  </StrictMode>,
);
