import { startMercurius } from './start-mercurius.mjs';

/** @type {import('../contender.ts').StartPeer} */
export const start = (parts) => startMercurius(parts, 0);
