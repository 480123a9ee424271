import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The gateway accepts pages of its own origin only, so Vite serves the page and proxies the graph.
const target = process.env.ORGQL ?? 'http://127.0.0.1:4000';
const proxy = {
  '/graphql': { target, ws: true, changeOrigin: true, rewriteWsOrigin: true, headers: { origin: target } },
};

export default defineConfig({ plugins: [react()], server: { proxy }, preview: { proxy } });
