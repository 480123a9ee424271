import { mkdir } from 'node:fs/promises';
import type { JournalStore } from './journal.ts';
import { type LevelJournalsOptions, levelJournals } from './level-journals.ts';
import { StoreError } from './store-error.ts';

/** Opens the folder that keeps logs over restarts, making it when there is none. Rejects with a `StoreError`. */
export async function openStore(folder: string, options: LevelJournalsOptions): Promise<JournalStore> {
  try {
    // What is in it is the organization's data: nobody else's to read.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { ClassicLevel } = await import('classic-level');
    const store = new ClassicLevel<string, string>(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
    await store.open();
    return levelJournals(store, options);
  } catch (error) {
    throw new StoreError(`watch.store: ${folder} ${explain(error)}`, error);
  }
}

function explain(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'LEVEL_LOCKED') {
    return 'is in use by another process; give each gateway a folder of its own, or let all share one Redis (redis.url)';
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  if (code === 'LEVEL_CORRUPTION') {
    return `is damaged; move it away, and the gateway makes a new one: subscribers get fresh snapshots (${message})`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'is no folder, or lies in none';
  if (code === 'ERR_MODULE_NOT_FOUND') return 'needs the package classic-level, which npm could not install here';
  return `cannot be used: ${message}`;
}
