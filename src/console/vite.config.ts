import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The gateway that the development server sends operations to. */
const gateway = process.env['ORGQL'] ?? 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react()],
  // In development, the gateway checks that a page is of its own origin.
  server: { proxy: { '/graphql': { target: gateway, ws: true, changeOrigin: true, headers: { origin: gateway } } } },
  build: {
    target: 'es2023',
    // The page may load files only: no `data:` URLs, no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.txt' },
  },
});
