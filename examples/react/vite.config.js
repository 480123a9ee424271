import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The gateway answers pages of its own origin only: the page and the graph come from one server.
const target = process.env.ORGQL ?? 'http://127.0.0.1:4000';
const proxy = {
  '/graphql': { target, ws: true, changeOrigin: true, rewriteWsOrigin: true, headers: { origin: target } },
};

export default defineConfig({ plugins: [react()], server: { proxy }, preview: { proxy } });
