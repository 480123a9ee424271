import { createRequire } from 'node:module';

/** The version in package.json, which lies two folders above both src/config and dist/config. */
export const version: string = createRequire(import.meta.url)('../../package.json').version;
