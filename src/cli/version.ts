import { createRequire } from 'node:module';

/** The version in package.json, which lies two folders above both src/cli and dist/cli. */
export function version(): string {
  const manifest: { version: string } = createRequire(import.meta.url)('../../package.json');
  return manifest.version;
}
