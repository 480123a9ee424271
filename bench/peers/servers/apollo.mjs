import { startApollo } from './start-apollo.mjs';

/** @type {import('../contender.ts').StartPeer} */
export const start = (parts) => startApollo(parts, { schema: parts.schema });
