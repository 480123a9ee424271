import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The gateway that the development server sends operations to. */
const gateway = process.env['ORGQL'] ?? 'http://127.0.0.1:4000';

/**
 * Puts styles into cascade layers by their folder: base, then components. Those of the shell and of screens are in none,
 * and so win. The order of the files that a page loads depends on the pages before it, and must not matter.
 */
const cascadeLayers: Plugin = {
  name: 'cascade-layers',
  enforce: 'pre',
  transform(code, id) {
    const [, folder] = /\/src\/console\/(styles|components)\/[^/]+\.css$/.exec(id) ?? [];
    if (folder === undefined) return undefined;
    return `@layer base, components;\n@layer ${folder === 'styles' ? 'base' : folder} {\n${code}\n}\n`;
  },
};

export default defineConfig({
  plugins: [react(), cascadeLayers],
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
